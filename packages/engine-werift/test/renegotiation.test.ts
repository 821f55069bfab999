/** Rounds of offer and answer in a call: what they change, and what they leave alone. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { audio, connectPair, type End, flows, isSilent, nothing } from "./pair.ts"
import { until } from "./until.ts"

const originOf = (sdp: string) => {
  const [, id, version] = /^o=\S+ (\d+) (\d+) /m.exec(sdp) ?? []
  return { id, version: Number(version) }
}
const both = (a: End, b: End, slots: Parameters<typeof flows>[1]) => Effect.all([flows(a, slots), flows(b, slots)])

describe("a call that negotiates again", () => {
  it.live("gets the camera later and loses it again, ten times, in the same sections, and audio goes on", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair({ left: audio, right: audio })
      yield* both(a, b, ["microphone"])
      const [first] = a.sections
      const ids = new Set<string>()
      for (let i = 0; i < 10; i++) {
        const [from, to] = i % 2 === 0 ? [a, b] as const : [b, a] as const
        yield* a.change({ send: { camera: "on" }, receive: { camera: true } })
        yield* b.change({ send: { camera: "on" }, receive: { camera: true } })
        yield* round(from, to)
        yield* both(a, b, ["microphone", "camera"])
        for (const end of [a, b]) ids.add(end.live.get("camera")?.track.id ?? "")
        yield* a.change({ send: { camera: "off" }, receive: { camera: false } })
        yield* round(to, from)
        yield* until("the end of the camera", () => !a.live.has("camera") && !b.live.has("camera"))
        yield* both(a, b, ["microphone"])
      }
      expect(ids.size).toBe(20)
      for (const end of [a, b]) {
        expect(end.sections.map(({ kind }) => kind)).toEqual(["audio", "video"])
        expect(end.sections[0]?.mid).toBe(first?.mid)
        expect(new Set(end.sections.map(({ mid }) => mid)).size).toBe(2)
        expect(end.ended.map(({ slot }) => slot)).toEqual(Array.from({ length: 10 }, () => "camera"))
        expect(end.links.filter((state) => state !== "connecting")).toEqual(["up"])
        expect(end.failures).toEqual([])
        const origins = end.descriptions.map(originOf)
        expect(new Set(origins.map(({ id }) => id)).size).toBe(1)
        expect(origins.slice(1).every(({ version }, i) => version > (origins[i]?.version ?? 0))).toBe(true)
      }
    }).pipe(Effect.scoped), 30_000)

  it.live("begins with data alone and gets the microphone from the callee; its channel goes on", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair({ left: { ...nothing, data: true, receive: audio.receive }, right: { ...nothing, receive: audio.receive } })
      const channel = yield* a.peer.openDataChannel("chat")
      yield* b.change({ send: { microphone: "on" } })
      yield* round(b, a)
      yield* flows(a, ["microphone"])
      yield* channel.send("still here")
      yield* until("the channel at the far end", () => b.channels.length === 1)
    }).pipe(Effect.scoped))

  it.live("that began with audio alone gets data later, offered by either end", () =>
    Effect.gen(function*() {
      for (const who of ["caller", "callee"] as const) {
        const { a, b, round } = yield* connectPair({ left: audio, right: audio })
        const [from, to] = who === "caller" ? [a, b] : [b, a]
        yield* from.change({ data: true })
        yield* round(from, to)
        yield* from.peer.openDataChannel("one")
        yield* until("the channel at the far end", () => to.channels.length === 1)
        yield* to.peer.openDataChannel("two")
        yield* until("the channel back", () => from.channels.length === 1)
        yield* both(a, b, ["microphone"])
      }
    }).pipe(Effect.scoped))

  it.live("keeps a channel that is asked for before there is a section for data, and opens it when there is", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair({ left: audio, right: audio })
      yield* a.change({ data: true })
      const opening = yield* Effect.forkScoped(a.peer.openDataChannel("early"))
      yield* Effect.yieldNow
      yield* round(a, b)
      yield* until("the channel at the far end", () => b.channels.length === 1)
      expect(opening.pollUnsafe()?._tag).toBe("Success")
    }).pipe(Effect.scoped))

  it.live("on hold sends nothing either way, whichever end holds, and flows both ways after", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      yield* both(a, b, ["microphone", "camera"])
      for (const [holder, held] of [[a, b], [b, a]] as const) {
        yield* holder.change({ hold: true })
        yield* round(holder, held)
        expect(holder.sections.filter(({ kind }) => kind !== "application").map(({ direction }) => direction)).toEqual(["sendonly", "sendonly"])
        expect(yield* Effect.all([isSilent(a, "microphone"), isSilent(b, "microphone"), isSilent(b, "camera")], { concurrency: 3 }))
          .toEqual([true, true, true])
        // A round of the held one's changes nothing of that.
        yield* round(held, holder)
        expect(yield* isSilent(b, "microphone")).toBe(true)
        yield* holder.change({ hold: false })
        yield* round(holder, held)
        yield* both(a, b, ["microphone", "camera"])
      }
    }).pipe(Effect.scoped), 20_000)

  it.live("held by both ends flows again only when both have resumed", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      for (const end of [a, b]) yield* end.change({ hold: true })
      yield* round(a, b)
      yield* a.change({ hold: false })
      yield* round(a, b)
      expect(yield* Effect.all([isSilent(a, "microphone"), isSilent(b, "microphone")], { concurrency: 2 })).toEqual([true, true])
      yield* b.change({ hold: false })
      yield* round(b, a)
      yield* both(a, b, ["microphone", "camera"])
    }).pipe(Effect.scoped))

  it.live("hears a slot that it only sent in, as soon as the far end offers to send", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair({
        left: { ...audio, send: { ...audio.send, camera: "on" } },
        right: { ...audio, receive: { ...audio.receive, camera: true } }
      })
      yield* flows(b, ["camera"])
      yield* a.change({ receive: { camera: true } })
      yield* b.change({ send: { camera: "on" } })
      yield* round(b, a)
      yield* both(a, b, ["camera"])
    }).pipe(Effect.scoped))

  it.live("muted from the start is silent, heard when it is on, without a new description", () =>
    Effect.gen(function*() {
      const { a, b } = yield* connectPair({ left: { ...audio, send: { ...audio.send, microphone: "muted" } }, right: audio })
      expect(yield* isSilent(b, "microphone")).toBe(true)
      expect(b.packets("microphone")).toBe(0)
      yield* a.change({ send: { microphone: "on" } })
      yield* flows(b, ["microphone"])
      yield* a.change({ send: { microphone: "muted" } })
      expect(yield* isSilent(b, "microphone")).toBe(true)
    }).pipe(Effect.scoped))

  it.live("takes a far end's new preference of codecs, and keeps payload types", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      const types = (sdp: string) => new Map([...sdp.matchAll(/^a=rtpmap:(\d+) (\S+)/gm)].map(([, type, name]) => [name, type]))
      const before = types(a.descriptions[0] ?? "")
      yield* b.change({ preferCodec: ["VP9", "PCMA"] })
      yield* round(b, a)
      yield* both(a, b, ["microphone", "camera"])
      expect((yield* a.peer.stats).sent.map(({ mimeType }) => mimeType)).toEqual(["audio/PCMA", "video/VP9"])
      expect(types(b.descriptions.at(-1) ?? "")).toEqual(before)
    }).pipe(Effect.scoped))
})

describe("the screen", () => {
  const screenOnly = { ...nothing, send: { ...nothing.send, screen: "on" as const }, receive: { ...nothing.receive, camera: false } }
  it.live("is the screen at the far end, also without a camera, and its section is marked in both descriptions", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair({ left: { ...screenOnly, receive: { microphone: false, camera: false, screen: true } }, right: nothing })
      yield* flows(b, ["screen"])
      expect([...b.live.keys()]).toEqual(["screen"])
      for (const end of [a, b]) expect(end.descriptions[0]).toContain("a=content:slides")
      yield* b.change({ send: { camera: "on" } })
      yield* a.change({ receive: { camera: true } })
      yield* round(b, a)
      yield* flows(a, ["camera"])
      yield* flows(b, ["screen"])
      for (const end of [a, b]) expect(end.sections.map(({ slot }) => slot)).toContain("camera")
    }).pipe(Effect.scoped))

  it.live("is added to a call with a camera by the callee, and both are their own", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      yield* both(a, b, ["microphone", "camera"])
      yield* b.change({ send: { screen: "on" } })
      yield* a.change({ receive: { screen: true } })
      yield* round(b, a)
      yield* flows(a, ["microphone", "camera", "screen"])
      yield* flows(b, ["microphone", "camera"])
    }).pipe(Effect.scoped))
})
