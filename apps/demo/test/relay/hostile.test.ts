/** Whatever a client sends, the relay refuses it in words, or drops it, and goes on serving others. */
import { randomInt } from "node:crypto"
import { connect } from "node:net"
import { describe, expect, it } from "vitest"
import { RelayLimits } from "../../src/relay/protocol.ts"
import { makeSecret } from "../../src/relay/RelayClient.ts"
import { isName, readClientMessage, readRelayMessage } from "../../src/relay/readMessage.ts"
import { readRelayNote } from "../../src/server/relay/relayNote.ts"
import { makeRoom } from "../../src/server/relay/roomToken.ts"
import { joinMessage, rawClient, rawPeer } from "../rawClient.ts"
import { serve } from "../serve.ts"
import { until } from "../until.ts"

const key = makeRoom()
const seed = Number(process.env["SEED"] ?? randomInt(2 ** 31))

/** mulberry32: small, and the same everywhere. */
const randoms = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

describe("what is no message", () => {
  const notJson = ["", "{", "null", "[]", "7", `"join"`, "{}", `{"type":"toString"}`, `{"type":["join"]}`, `{"__proto__":{"type":"leave"}}`]
  const join = joinMessage(key, "alice")
  const wrongJoins = [
    { name: "" }, { name: " alice" }, { name: "alice " }, { name: "a".repeat(41) }, { name: "al\u202eice" }, { name: "a\nb" },
    { name: 7 }, { name: undefined }, { room: "" }, { room: "x".repeat(200) }, { room: 1 }, { token: "" },
    { token: ["a"] }, { secret: "1" }, { secret: "a".repeat(65) }, { secret: null }
  ].map((wrong) => ({ ...join, ...wrong }))
  const wrongSends = [{}, { to: "a" }, { to: "", text: "" }, { to: "a", text: 7 }, { to: ["a"], text: "" }]
    .map((wrong) => ({ type: "send", ...wrong }))

  it.each([...notJson, ...[...wrongJoins, ...wrongSends].map((wrong) => JSON.stringify(wrong))])("is not read: %s", (frame) => {
    expect(readClientMessage(frame)).toBeUndefined()
  })

  it("a text of the longest length is taken, and a longer one is not", () => {
    const send = (length: number) => readClientMessage(JSON.stringify({ type: "send", to: "bob", text: "x".repeat(length) }))
    expect(send(RelayLimits.text)).toBeDefined()
    expect(send(RelayLimits.text + 1)).toBeUndefined()
  })

  it(`random JSON and random text never throw (SEED=${seed})`, () => {
    const random = randoms(seed)
    const pick = <A>(all: ReadonlyArray<A>): A => all[Math.floor(random() * all.length)] as A
    const value = (depth: number): unknown =>
      pick([
        () => null, () => random() * 1e9 - 5e8, () => pick(["join", "send", "leave", "members", "who", "refused", "", "\u0000", "ä👋"]),
        () => random() < 0.5, () => (depth > 3 ? [] : [value(depth + 1), value(depth + 1)]),
        () => (depth > 3 ? {} : Object.fromEntries(["type", "name", "to", "text", "peers", "members", "relay", "self", "id", "__proto__"]
          .filter(() => random() < 0.5).map((field) => [field, value(depth + 1)])))
      ])()
    for (let i = 0; i < 5_000; i++) {
      const whole = JSON.stringify(value(0)) ?? ""
      const frame = random() < 0.3 ? whole.slice(0, Math.floor(random() * whole.length)) : whole
      for (const read of [readClientMessage, readRelayMessage, readRelayNote]) read(frame)
      isName(value(0))
    }
  })
})

describe("a client that", () => {
  const refusedWith = async (code: string, use: (client: Awaited<ReturnType<typeof rawClient>>) => void) => {
    const { relay, socketUrl } = await serve()
    const client = await rawClient(socketUrl)
    use(client)
    expect(await client.hears("refused")).toMatchObject({ code, words: expect.stringMatching(/^[A-Z].*\.$/) })
    await until(client.isClosed, Boolean)
    expect(relay.figures.refused).toEqual({ [code]: 1 })
    await rawPeer(socketUrl, key, "alice")
  }

  it("says nonsense is refused", () => refusedWith("bad-message", ({ say }) => say("nonsense")))
  it("speaks before it has joined is refused", () => refusedWith("bad-message", ({ say }) => say({ type: "send", to: "a", text: "" })))
  it("joins twice is refused", () => refusedWith("bad-message", ({ say }) => { say(joinMessage(key, "bob")); say(joinMessage(key, "bob")) }))
  it("sends bytes is refused", () => refusedWith("bad-message", ({ socket }) => socket.send(new Uint8Array(100))))
  it("sends faster than anybody needs is refused", () =>
    refusedWith("too-fast", ({ say }) => {
      say(joinMessage(key, "bob"))
      for (let i = 0; i < 500; i++) say({ type: "send", to: "alice", text: String(i) })
    }))
  it("sends more than anybody needs is refused", () =>
    refusedWith("too-fast", ({ say }) => {
      say(joinMessage(key, "bob"))
      for (let i = 0; i < 30; i++) say({ type: "send", to: "alice", text: "x".repeat(200_000) })
    }))

  it("sends a frame that is too big is cut off", async () => {
    const { socketUrl } = await serve()
    const client = await rawClient(socketUrl)
    client.say("x".repeat(RelayLimits.frameBytes + 1))
    await until(client.isClosed, Boolean)
    await rawPeer(socketUrl, key, "alice")
  })

  it("does not join in time is refused", async () => {
    const { relay, socketUrl } = await serve({ relay: { joinMs: 100 } })
    const client = await rawClient(socketUrl)
    expect(await client.hears("refused")).toMatchObject({ code: "not-joined", again: true })
    await until(() => relay.figures.connections, (n) => n === 0)
  })

  it("does not read what it is sent is cut off, with no more kept for it than the bound", async () => {
    const { relay, socketUrl } = await serve({ relay: { bufferedBytes: 300_000, charactersPerSecond: 1e9, characterBurst: 1e9 } })
    const [reader, writer] = [await rawPeer(socketUrl, key, "reader"), await rawPeer(socketUrl, key, "writer")]
    reader.socket.pause()
    const text = "x".repeat(200_000)
    for (let i = 0; i < 200 && relay.figures.refused["too-slow"] === undefined; i++) {
      writer.say({ type: "send", to: "reader", text })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await until(() => relay.figures, ({ connections, refused }) => refused["too-slow"] === 1 && connections === 1)
  })

  it("speaks no HTTP, or breaks off in its middle, does no harm", async () => {
    const { port, socketUrl } = await serve()
    for (const bytes of ["\u0000\u0001nonsense\r\n\r\n", "GET /relay HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "GET /re"]) {
      const socket = connect(port, "127.0.0.1")
      socket.on("error", () => {})
      socket.write(bytes)
      await new Promise((resolve) => setTimeout(resolve, 50))
      socket.resetAndDestroy()
    }
    await rawPeer(socketUrl, key, "alice")
  })

  it("comes from another site's page is refused, and programs and our own pages are not", async () => {
    const { base, socketUrl } = await serve({ origins: ["https://calls.example"] })
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1", "file://"]) {
      await expect(rawClient(socketUrl, { origin })).rejects.toThrow("403")
    }
    await rawClient(socketUrl, { origin: base })
    await rawClient(socketUrl, { origin: "https://calls.example" })
    await expect(rawClient(`${base.replace("http", "ws")}/elsewhere`)).rejects.toThrow("404")
  })

  it("names itself by a random secret is nobody else", () => {
    const secrets = new Set(Array.from({ length: 1_000 }, makeSecret))
    expect(secrets.size).toBe(1_000)
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{24}$/)
  })
})
