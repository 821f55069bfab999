/** The demo as a person starts it: its own process, its own output, its own exit code. */
import { spawn } from "node:child_process"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters } from "node:util"
import { describe, expect, it, onTestFinished } from "vitest"
import { rawPeer } from "./rawClient.ts"
import type { RoomKey } from "../src/relay/roomLink.ts"
import { until } from "./until.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** Starts the demo. */
const start = (args: ReadonlyArray<string> = [], broker = "") => {
  const env = { ...process.env, RELAY_URL: broker }
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], env })
  onTestFinished(() => void child.kill("SIGKILL"))
  let output = ""
  const read = (chunk: Buffer) => void (output += stripVTControlCharacters(chunk.toString()))
  child.stdout.on("data", read)
  child.stderr.on("data", read)
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, output })))
  return {
    ended,
    stop: () => child.kill("SIGINT"),
    /** The words that it says, once it has said them. */
    says: async (words: RegExp) => words.exec(await until(() => output, (so) => words.test(so), 20_000))
  }
}
const addressLine = /Calls of your own: (\S+)/
const run = (...args: ReadonlyArray<string>) => start(args).ended

describe("the demo", () => {
  it("with --exit places one call in which every claim holds, and exits with 0", async () => {
    const { code, output } = await run("--exit")
    expect(output).not.toContain("✗")
    expect(output.match(/✓/g)).toHaveLength(8)
    expect(output).toContain("Idle → CreatingOffer → WaitingAnswer → Connected → Ending → Ended")
    expect(output).toContain("Idle → IncomingOffer → Connected → Ending → Ended")
    expect(output).toMatch(/host 127\.0\.0\.1:\d+\/udp ↔ host 127\.0\.0\.1:\d+\/udp/)
    expect(code).toBe(0)
  })

  it("without it serves after that call, and closes everything at Ctrl+C, with people in a room", async () => {
    const demo = start(["--port", "0"])
    const [, address = ""] = (await demo.says(addressLine)) ?? []
    expect(await (await fetch(`${address}config`)).json()).toMatchObject({ bot: "Bot", sfu: "/sfu" })
    const key = (await (await fetch(`${address}rooms`, { method: "POST" })).json()) as RoomKey
    const alice = await rawPeer(`${address.replace("http", "ws")}relay`, key, "alice")
    expect((await alice.hears("present")).peers).toMatchObject([{ name: "Bot" }])
    demo.stop()
    // Cut off after 1.8 s at the latest: half a minute would mean that something waits.
    const { code, output } = await demo.ended
    expect(await alice.hears("refused")).toMatchObject({ code: "closing", again: true })
    expect(output.match(/✓/g)).toHaveLength(8)
    expect(output.trimEnd().endsWith("Hung up.")).toBe(true)
    expect(code).toBe(0)
  })

  it("interrupted before its proof is through does not say that all is well", async () => {
    const demo = start(["--exit"])
    await demo.says(/CreatingOffer/)
    demo.stop()
    expect(await demo.ended).toMatchObject({ code: 130, output: expect.stringContaining("Hung up.") })
  })

  it("--help says what it does, and an unknown option is refused with that help", async () => {
    expect(await run("--help")).toMatchObject({ code: 0, output: expect.stringContaining("npm run demo") })
    expect(await run("--nonsense")).toMatchObject({ code: 2, output: expect.stringMatching(/--nonsense[^]*--exit/) })
  })

  it("that was told no port takes the next one that is free, and says so", async () => {
    // Taken by us, or by somebody else already.
    const other = createServer().listen(3000, "127.0.0.1").on("error", () => {})
    onTestFinished(() => void other.close())
    const demo = start()
    const [, port] = (await demo.says(/^Port 3000 is taken by another program: (\d+) is used\.\n/)) ?? []
    expect((await demo.says(addressLine))?.[1]).toBe(`http://localhost:${port}/`)
    demo.stop()
    expect(await demo.ended).toMatchObject({ code: 0 })
  })

  it("says at once that its port is taken, that its broker is none, or that this machine has no such address", async () => {
    const other = createServer().listen(0, "127.0.0.1")
    onTestFinished(() => void other.close())
    await new Promise((resolve) => other.once("listening", resolve))
    const { port } = other.address() as { readonly port: number }
    const { code, output } = await run("--port", String(port))
    expect(output).toMatch(new RegExp(`^Port ${port} is taken by another program\\. Port (\\d+) is free: --port \\1\\n$`))
    expect(code).toBe(1)
    expect(await start([], "http://user:secret@host").ended).toMatchObject({ code: 1, output: expect.not.stringContaining("secret") })
    expect(await run("--host", "192.0.2.1")).toMatchObject({ code: 1, output: expect.stringContaining("no address 192.0.2.1") })
  })
})
