import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { mockSdp, sectionsIn } from "../src/index.ts"
import { makeSubject, reach, type Situation, type SubjectOptions, theirAnswer, theirOffer, typesOf } from "./session.ts"
import { settle } from "./settle.ts"

const kindsIn = (sdp: string | undefined) => sectionsIn(sdp ?? "").map(({ kind }) => kind)

describe("what media a call wants", () => {
  it.effect("comes from the configuration", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* makeSubject({ config: { enableVideo: false, enableData: true, preferCodec: "opus" } })
      yield* session.createOffer()
      expect(mock.peer.intent).toEqual({
        hold: false,
        data: true,
        preferCodec: "opus",
        send: { microphone: "on", camera: "off", screen: "off" },
        receive: { microphone: true, camera: false, screen: false }
      })
      expect(kindsIn(mock.peer.localDescription)).toEqual(["audio", "application"])
    }))
  it.effect("may be changed before the call, as often as one likes, and with it", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* makeSubject()
      yield* session.setMicrophoneEnabled(false)
      yield* session.setMedia({ send: { screen: "on" }, preferCodec: "VP8" })
      yield* session.setMedia({ hold: true })
      yield* session.createOffer({ media: { hold: false, send: { camera: "off" } } })
      expect(mock.peer.intent).toMatchObject({ hold: false, preferCodec: "VP8", send: { microphone: "muted", camera: "off", screen: "on" } })
      // Nothing had to be applied: the connection was opened with it.
      expect(mock.peer.operations).toEqual(["createOffer"])
    }))
  it.effect("may be changed while it rings, and with the acceptance", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("ringing")
      yield* session.setCameraEnabled(false)
      yield* session.setMedia({ receive: { camera: false } })
      yield* session.accept({ media: { send: { microphone: "muted" } } })
      expect(mock.peer.intent).toMatchObject({ send: { microphone: "muted", camera: "muted" }, receive: { camera: false } })
      expect(mock.peer.operations).toEqual(["createAnswer"])
    }))
  it.effect("may be given with acceptOffer", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* makeSubject()
      yield* session.acceptOffer(theirOffer, { media: { send: { camera: "off" } } })
      expect(mock.peer.intent.send.camera).toBe("off")
    }))
})

describe("a switch in a call", () => {
  it.effect("is given to the engine once, in order, and kept", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      yield* session.setMicrophoneEnabled(false)
      expect(mock.peer.operations.filter((operation) => operation === "setMedia")).toHaveLength(1)
      expect(yield* session.state).toMatchObject({ call: { intent: { send: { microphone: "muted" } } } })
      mock.peer.link("interrupted")
      mock.peer.link("up")
      yield* settle
      yield* session.setCameraEnabled(false)
      expect(mock.peer.intent.send).toEqual({ microphone: "muted", camera: "muted", screen: "off" })
    }))
  it.effect("that comes while the offer is made waits its turn, and is applied before the answer", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* makeSubject({ latencyMs: 0 })
      const offer = yield* Effect.forkScoped(session.createOffer())
      const mute = yield* Effect.forkScoped(session.setMicrophoneEnabled(false))
      yield* settle
      yield* Fiber.join(offer)
      yield* Fiber.join(mute)
      yield* session.acceptAnswer(theirAnswer)
      expect(mock.peer.operations).toEqual(["createOffer", "setMedia", "applyAnswer"])
      expect(mock.peer.intent.send.microphone).toBe("muted")
    }))
  it.effect("of many at once ends with the last one", () =>
    Effect.gen(function*() {
      const { mock, session } = yield* reach("up")
      yield* Effect.all([false, true, false, true, false].map((on) => session.setMicrophoneEnabled(on)), { concurrency: "unbounded" })
      expect(mock.peer.intent.send.microphone).toBe("muted")
    }))
  const further = [
    { send: { screen: "on" } },
    { send: { microphone: "off" } },
    { receive: { camera: false } },
    { hold: true },
    { data: true },
    { preferCodec: "VP8" }
  ] as const
  it.effect.each(further)("to %o needs a new round, and is offered at once, or when the call is connected", (media) =>
    Effect.gen(function*() {
      for (const situation of ["waiting", "ringing", "connecting", "up", "interrupted"] as const) {
        const { mock, sent, session } = yield* reach(situation, { aware: true })
        yield* session.setMedia(media)
        expect(yield* session.state).toMatchObject({ call: { intent: media } })
        if (situation === "ringing") {
          yield* session.accept()
          yield* settle
          // Nothing was negotiated yet: the answer brings it.
          expect(mock.peer.operations).toEqual(["createAnswer"])
          continue
        }
        if (situation === "waiting") {
          expect(typesOf(sent)).toEqual(["offer"])
          yield* session.receive({ type: "answer", sdp: theirAnswer, call_id: "call-1" })
        }
        yield* settle
        expect(mock.peer.intent).toMatchObject(media)
        expect(typesOf(sent)).toEqual(["offer", "offer"])
        expect(sent.at(-1)).toMatchObject({ call_id: "call-1", negotiation: 2 })
        expect(yield* session.state).toMatchObject({ negotiation: { _tag: "Out", number: 2 } })
      }
    }))
  const incapable: ReadonlyArray<readonly [string, SubjectOptions, ReadonlyArray<Situation>]> = [
    ["an engine that does not renegotiate", { aware: true, capabilities: { renegotiation: false } }, ["waiting", "up", "interrupted"]],
    ["an engine that cannot take its offer back", { aware: true, capabilities: { rollback: false } }, ["waiting", "up", "interrupted"]],
    ["a peer without delivery fields", {}, ["up", "interrupted"]]
  ]
  it.effect.each(incapable.flatMap(([who, options, where]) => further.map((media) => ({ who, options, where, media }))))(
    "to $media would need a new round, and is refused without effect with $who",
    ({ media, options, where }) =>
      Effect.gen(function*() {
        for (const situation of where) {
          const { mock, session } = yield* reach(situation, options)
          const before = yield* session.state
          expect(yield* Effect.flip(session.setMedia(media))).toMatchObject({ _tag: "InvalidState", operation: "setMedia", why: expect.stringContaining("new offer") })
          expect(yield* session.state).toBe(before)
          expect(mock.peer.operations).not.toContain("setMedia")
        }
      })
  )
  it.effect("of a microphone that was never negotiated is offered when it is switched on, and nothing when it is off", () =>
    Effect.gen(function*() {
      const { mock, sent, session } = yield* reach("waiting", { aware: true, config: { enableAudio: false } })
      const videoOnly = mockSdp({ session: 9_001, sections: [{ kind: "video", mid: "0" }], setup: "active" })
      yield* session.receive({ type: "answer", sdp: videoOnly, call_id: "call-1" })
      yield* settle
      yield* session.setMicrophoneEnabled(false)
      expect(mock.peer.intent.send.microphone).toBe("off")
      expect(typesOf(sent)).toEqual(["offer"])
      yield* session.setMicrophoneEnabled(true)
      yield* settle
      expect(mock.peer.intent.send.microphone).toBe("on")
      expect(typesOf(sent)).toEqual(["offer", "offer"])
      const alone = yield* reach("waiting", { config: { enableAudio: false } })
      yield* alone.session.acceptAnswer(videoOnly)
      expect(yield* Effect.flip(alone.session.setMicrophoneEnabled(true))).toMatchObject({ _tag: "InvalidState", operation: "setMicrophoneEnabled" })
    }))
})
