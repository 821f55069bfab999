/** What the server says over HTTP: a page that may do what a call needs and nothing else, new rooms, health, figures. */
import { randomUUID } from "node:crypto"
import { createServer, type AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import { describe, expect, it, onTestFinished } from "vitest"
import { isRoomToken } from "../../src/server/relay/roomToken.ts"
import type { RoomKey } from "../../src/relay/roomLink.ts"
import { rawClient } from "../rawClient.ts"
import { serve } from "../serve.ts"

describe("the server", () => {
  it("lets its page have devices and its own socket, and no other site anything", async () => {
    const { base, port } = await serve()
    for (const path of ["/", "/health", "/nothing"]) {
      const { headers } = await fetch(base + path)
      const policy = headers.get("content-security-policy")
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port} wss://127.0.0.1:${port};`)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*/)
      expect(headers.get("permissions-policy")).toMatch(/camera=\(self\), microphone=\(self\), display-capture=\(self\)/)
      expect(headers.get("x-content-type-options")).toBe("nosniff")
      expect(headers.get("referrer-policy")).toBe("no-referrer")
    }
  })

  it("makes rooms, each with a token of its own, and refuses labels that it could not write", async () => {
    const { base } = await serve()
    const post = (body?: object) =>
      fetch(`${base}/rooms`, { method: "POST", ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) })
    const rooms = [await post(), await post({}), await post({ label: "stand-up" })]
    const keys = await Promise.all(rooms.map(async (response) => (await response.json()) as RoomKey))
    expect(keys.every(isRoomToken)).toBe(true)
    expect(new Set(keys.map(({ token }) => token)).size).toBe(3)
    expect(keys[2]?.room).toMatch(/^stand-up\./)
    for (const label of ["Ä", "", "a".repeat(31), "a.b"]) expect((await post({ label })).status).toBe(400)
    expect((await post({ label: "x".repeat(5_000) })).status).toBe(413)
  })

  it("says that it is well, what it has, and how much it does", async () => {
    const { base } = await serve()
    const get = async (path: string) => (await fetch(base + path)).json()
    expect(await get("/health")).toEqual({ status: "ok" })
    expect(await get("/config")).toEqual({ relay: "/relay", sfu: null, bot: null })
    expect(await get("/figures")).toMatchObject({ relay: { connections: 0, rooms: 0, peers: 0 }, bot: null, sfu: null })
  })

  it("serves nothing but the page's files", async () => {
    const { port } = await serve()
    const path = "/%2e%2e/%2e%2e/package.json"
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBeGreaterThanOrEqual(400)
    expect((await fetch(`http://127.0.0.1:${port}/${randomUUID()}`)).status).toBe(404)
  })

  it("whose port is taken says so, and which one is free", async () => {
    const other = createServer().listen(0, "127.0.0.1")
    onTestFinished(() => void other.close())
    await new Promise((resolve) => other.once("listening", resolve))
    const { port } = other.address() as AddressInfo
    await expect(serve({ port })).rejects.toMatchObject({
      _tag: "ServerError",
      message: expect.stringMatching(new RegExp(`^Port ${port} is taken by another program\\. Port \\d+ is free`))
    })
  })
})

describe("an SFU that is plugged in", () => {
  it("has the sockets of its path, is named to the page, and knows rooms by their tokens", async () => {
    const { base } = await serve({
      sfu: ({ isRoomToken }) =>
        Effect.succeed({
          path: "/sfu",
          upgrade: (_request, socket) => socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n"),
          figures: () => ({ knows: isRoomToken({ room: "room.x", token: "x".repeat(24) }) })
        })
    })
    await expect(rawClient(`${base.replace("http", "ws")}/sfu`)).rejects.toThrow("418")
    await expect(rawClient(`${base.replace("http", "ws")}/sfu`, { origin: "https://evil.example" })).rejects.toThrow("403")
    expect(await (await fetch(`${base}/config`)).json()).toMatchObject({ sfu: "/sfu" })
    expect(await (await fetch(`${base}/figures`)).json()).toMatchObject({ sfu: { knows: false } })
  })

  it("that does not start is done without, in words", async () => {
    const { base, warnings } = await serve({ sfu: () => Effect.fail(new Error("there is no worker")) })
    expect(warnings).toEqual(["Without an SFU: there is no worker"])
    expect(await (await fetch(`${base}/config`)).json()).toMatchObject({ sfu: null })
  })
})
