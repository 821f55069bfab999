/** What both engines' tests claim of them, over real connections: the same, since the port is the same. */
import { readdirSync } from "node:fs"
import { readSections, type RemoteTrack, type RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { afterEach, describe, expect, it } from "vitest"
import type { EngineOptions } from "../../src/engines/EngineOptions.ts"
import { negotiate, openPair, type Pair, run, until, untilUp, wanting } from "./pair.ts"

const all = { microphone: true, camera: true, screen: true }
const allOn = { microphone: "on", camera: "on", screen: "on" } as const
const both = wanting({ send: { microphone: "on", camera: "on" }, receive: all })

/** What is the same of every engine that can do all but, perhaps, restart ICE. */
export const claims = (
  name: string,
  engine: (options?: EngineOptions) => Layer.Layer<RtcEngine>,
  arrived: (track: RemoteTrack) => Effect.Effect<number>
) => describe(name, { timeout: 15_000 }, () => {
  let pairs: Array<Pair> = []
  const open = async (left = both, right = both, options: EngineOptions = {}) => {
    const pair = await openPair(engine(options), engine(), [left, right])
    pairs.push(pair)
    return pair
  }
  afterEach(async () => {
    await Promise.all(pairs.map((pair) => pair.close()))
    pairs = []
  })

  const count = (track: RemoteTrack) => run(arrived(track))
  const grows = async (track: RemoteTrack, by = 5) => {
    const before = await count(track)
    await until(`media of the ${track.slot} arrives`, async () => await count(track) >= before + by)
  }
  /** A track stands still: while another one grows, or for 300 ms. */
  const stands = async (still: RemoteTrack, moving?: RemoteTrack) => {
    let [before, same] = [-1, 0]
    await until("it stands still", async () => {
      const now = await count(still)
      same = now === before ? same + 1 : 0
      before = now
      if (moving !== undefined) await grows(moving, 10)
      return same >= (moving === undefined ? 15 : 1)
    })
  }

  it("connects with microphone, camera and screen both ways, and each arrives", async () => {
    const pair = await open(wanting({ send: allOn, receive: all }), wanting({ send: allOn, receive: all }))
    const { answer, offer } = await negotiate(pair.a, pair.b)
    for (const sdp of [offer, answer]) {
      expect(readSections(sdp).map(({ direction, slot }) => [slot, direction])).toEqual([
        ["microphone", "sendrecv"], ["camera", "sendrecv"], ["screen", "sendrecv"], [undefined, "sendrecv"]
      ])
      expect(sdp.match(/^a=content:slides/gm)).toHaveLength(1)
    }
    expect(offer).toContain("a=setup:actpass")
    await untilUp(pair)
    for (const end of [pair.a, pair.b]) {
      for (const slot of ["microphone", "camera", "screen"] as const) await grows(await end.track(slot))
      const stats = await run(end.peer.stats)
      expect(stats.path?.local.type).toBe("host")
      for (const figures of [stats.sent, stats.received]) {
        expect(figures.map(({ mimeType, slot }) => `${slot} ${mimeType}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
          "camera video/VP8", "microphone audio/opus", "screen video/VP8"
        ])
        expect(figures.every(({ bytes, packets }) => packets > 0 && bytes > packets)).toBe(true)
      }
    }
  })

  it("tells candidates with their ufrag, and their end once, after them", async () => {
    const pair = await open()
    const { answer, offer } = await negotiate(pair.a, pair.b)
    await untilUp(pair)
    for (const [{ events }, sdp] of [[pair.a, offer], [pair.b, answer]] as const) {
      const told = () => events.filter((event) => event._tag === "LocalCandidate")
      await until("the end of candidates", () => told().at(-1)?.candidate.candidate === "")
      expect(told().filter(({ candidate }) => candidate.candidate === "")).toHaveLength(1)
      expect(told().length).toBeGreaterThan(1)
      expect(told().every(({ ufrag }) => sdp.includes(`a=ice-ufrag:${ufrag}\r\n`))).toBe(true)
    }
  })

  it("carries text and bytes, empty ones too, over data channels from both ends", async () => {
    const pair = await open(wanting({}), wanting({}))
    await negotiate(pair.a, pair.b)
    await untilUp(pair)
    for (const [near, far] of [[pair.a, pair.b], [pair.b, pair.a]] as const) {
      await run(Effect.scoped(Effect.gen(function*() {
        const here = yield* near.peer.openDataChannel("chat", { ordered: false, maxRetransmits: 3, protocol: "test" })
        yield* Effect.promise(() => until("a channel", () => far.events.some(({ _tag }) => _tag === "DataChannelOpened")))
        const opened = far.events.find((event) => event._tag === "DataChannelOpened")
        if (opened === undefined) throw new Error("There is no channel.")
        expect([opened.channel.label, opened.channel.protocol]).toEqual(["chat", "test"])
        const messages = ["grüß dich", Uint8Array.of(0, 255, 7), "", new Uint8Array(0), "x".repeat(100_000)]
        for (const message of messages) yield* here.send(message)
        expect(yield* Stream.runCollect(Stream.take(opened.channel.messages, 5))).toEqual(messages)
        yield* opened.channel.send("back")
        expect(yield* Stream.runCollect(Stream.take(here.messages, 1))).toEqual(["back"])
        yield* opened.channel.close
        expect(yield* Stream.runCollect(here.messages)).toEqual([])
        expect(yield* Effect.flip(here.send("too late"))).toMatchObject({ _tag: "WebRtcError", operation: "send" })
      })))
    }
  })

  it("fails to open a channel where no section for data was negotiated", async () => {
    const pair = await open(wanting({ ...both, data: false }), wanting({ ...both, data: false }))
    await negotiate(pair.a, pair.b)
    await untilUp(pair)
    const error = await run(Effect.flip(Effect.scoped(pair.a.peer.openDataChannel("chat"))))
    expect(error).toMatchObject({ _tag: "WebRtcError", operation: "openDataChannel", reason: { _tag: "WrongState" } })
  })

  it("sends nothing of a muted microphone, without a new description, and goes on after it", async () => {
    const pair = await open()
    await negotiate(pair.a, pair.b)
    await untilUp(pair)
    const [microphone, camera] = [await pair.b.track("microphone"), await pair.b.track("camera")]
    await grows(microphone)
    await run(pair.a.peer.setMedia(wanting({ send: { microphone: "muted", camera: "on" }, receive: all })))
    await stands(microphone, camera)
    await run(pair.a.peer.setMedia(both))
    await grows(microphone)
    await run(pair.a.peer.setMedia(wanting({ send: { microphone: "on", camera: "muted" }, receive: all })))
    await stands(camera, microphone)
  })

  it("adds the screen in a call, takes it away, and brings it back as a new track", async () => {
    const pair = await open()
    await negotiate(pair.a, pair.b)
    await untilUp(pair)
    await run(pair.a.peer.setMedia(wanting({ send: allOn, receive: all })))
    await negotiate(pair.a, pair.b)
    const screen = await pair.b.track("screen")
    await grows(screen)
    await run(pair.a.peer.setMedia(both))
    await negotiate(pair.a, pair.b)
    await until("the screen ends", () => pair.b.tracks().every(({ slot }) => slot !== "screen"))
    const before = await count(screen)
    await run(pair.a.peer.setMedia(wanting({ send: allOn, receive: all })))
    // The other end offers this time.
    await run(pair.b.peer.setMedia(wanting({ send: { microphone: "on", camera: "on" }, receive: all })))
    await negotiate(pair.b, pair.a)
    const again = await pair.b.track("screen")
    expect(again.id).not.toBe(screen.id)
    await grows(again)
    expect(await count(screen)).toBe(before)
  })

  it("holds: neither end sends; and resumes", async () => {
    const pair = await open()
    await negotiate(pair.a, pair.b)
    await untilUp(pair)
    const toB = await pair.b.track("microphone")
    await grows(toB)
    await run(pair.a.peer.setMedia(wanting({ ...both, hold: true, send: both.send, receive: all })))
    await negotiate(pair.a, pair.b)
    await until("nothing is let in", () => pair.a.tracks().length === 0)
    await stands(toB)
    await run(pair.a.peer.setMedia(both))
    await negotiate(pair.a, pair.b)
    await grows(await pair.a.track("microphone"))
    await grows(await pair.b.track("microphone"))
  })

  it("puts the preferred codec first, in an offer and in an answer", async () => {
    const usual = await open()
    expect((await negotiate(usual.a, usual.b)).answer).toMatch(/m=audio 9 \S+ 111 /)
    const pair = await open(wanting({ ...both, prefer: "PCMU" }), both)
    const { answer } = await negotiate(pair.a, pair.b)
    expect(answer).toMatch(/m=audio 9 \S+ 0 /)
    const other = await open(both, wanting({ send: both.send, receive: all, prefer: "PCMU" }))
    expect((await negotiate(other.a, other.b)).answer).toMatch(/m=audio 9 \S+ 0 /)
    await untilUp(other)
    await grows(await other.b.track("microphone"))
  })

  it("takes its offer back when both offer, answers the other's, and connects with all media", async () => {
    const pair = await open(wanting({ send: allOn, receive: all }), wanting({ send: allOn, receive: all }))
    const offer = await run(pair.a.peer.createOffer())
    await run(pair.b.peer.createOffer())
    await run(pair.b.peer.rollback)
    await run(pair.a.peer.applyAnswer(await run(pair.b.peer.createAnswer(offer))))
    await untilUp(pair)
    for (const end of [pair.a, pair.b]) {
      for (const slot of ["microphone", "camera", "screen"] as const) await grows(await end.track(slot))
    }
    // And in a call, where the offer would have changed something.
    await run(pair.b.peer.setMedia(wanting({ send: { microphone: "on" }, receive: all })))
    await run(pair.b.peer.createOffer())
    await run(pair.b.peer.rollback)
    const { answer } = await negotiate(pair.a, pair.b)
    expect(readSections(answer).map(({ direction }) => direction)).toEqual(["sendrecv", "recvonly", "recvonly", "sendrecv"])
    await grows(await pair.a.track("microphone"))
  })

  it("tells once that its microphone has ended by itself, in each connection", async () => {
    const pair = await open(both, both, { endsAfterMs: 500 })
    await negotiate(pair.a, pair.b)
    await untilUp(pair)
    const ends = () => pair.a.events.filter(({ _tag }) => _tag === "LocalSourceEnded")
    await until("the end", () => ends().length > 0, 2_000)
    await stands(await pair.b.track("microphone"), await pair.b.track("camera"))
    expect(ends()).toMatchObject([{ slot: "microphone" }])
  })

  it("leaves an answer that fails without a trace", async () => {
    const pair = await open()
    const offer = await run(pair.a.peer.createOffer())
    const broken = offer.replace(/a=fingerprint:.*\r\n/g, "")
    await run(Effect.flip(pair.b.peer.createAnswer(broken)))
    await run(pair.a.peer.applyAnswer(await run(pair.b.peer.createAnswer(offer))))
    await untilUp(pair)
  })

  it("leaves nothing open of 100 connections", async () => {
    const files = () => readdirSync("/proc/self/fd").length
    await (await open()).close()
    const before = files()
    for (let i = 0; i < 10; i++) {
      const opened = await Promise.all(Array.from({ length: 5 }, () => open()))
      await Promise.all(opened.map((pair) => negotiate(pair.a, pair.b)))
      await Promise.all(opened.map((pair) => pair.close()))
    }
    await until("the files are closed", () => files() <= before + 5)
  })
})
