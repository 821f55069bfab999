/** Which codec a call uses, and what becomes of a source that cannot send it. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { picture, rtpStream } from "../src/index.ts"
import { connect, nextEvent, openLines } from "./twoPeers.ts"

describe("codecs", () => {
  const cases = [
    { who: "the caller", left: "VP9", right: undefined, kind: 1, is: "video/vp9" },
    { who: "the callee", left: undefined, right: "VP9", kind: 1, is: "video/vp9" },
    { who: "the caller", left: "pcmu", right: undefined, kind: 0, is: "audio/pcmu" },
    { who: "the callee", left: undefined, right: "PCMA", kind: 0, is: "audio/pcma" }
  ] as const
  for (const { is, kind, left, right, who } of cases) {
    it.live(`${who} that prefers ${left ?? right} gets ${is} both ways`, () =>
      Effect.gen(function*() {
        const { alice, bob } = yield* connect(
          yield* openLines(
            left === undefined ? {} : { config: { preferCodec: left } },
            right === undefined ? {} : { config: { preferCodec: right } }
          )
        )
        yield* Effect.sleep(1_200)
        for (const call of [alice, bob]) {
          const stats = yield* call.stats
          expect(stats.sent[kind]?.mimeType?.toLowerCase()).toBe(is)
          expect(stats.received[kind]?.packets).toBeGreaterThan(0)
        }
      }).pipe(Effect.scoped))
  }

  it.live("a source that has no negotiated codec is told to have ended, and the call goes on without it", () =>
    Effect.gen(function*() {
      const g722 = rtpStream({ format: { mimeType: "audio/G722", clockRate: 8_000 }, packets: Stream.never })
      const { alice } = yield* connect(yield* openLines({ engine: { media: { microphone: g722, camera: picture() } } }))
      const ended = yield* nextEvent(alice, "LocalSourceEnded")
      expect(ended).toMatchObject({ slot: "microphone", reason: expect.stringContaining("audio/OPUS") })
      expect((yield* alice.state)._tag).toBe("Connected")
    }).pipe(Effect.scoped))

  it.live("an audio-only call has one section, and the callee's camera stays dark", () =>
    Effect.gen(function*() {
      const { alice, bob } = yield* connect(yield* openLines({ config: { enableVideo: false, enableData: false } }))
      yield* Effect.sleep(300)
      const stats = yield* bob.stats
      expect(stats.sent.map(({ slot }) => slot)).toEqual(["microphone"])
      const error = yield* Effect.flip(alice.openDataChannel("chat"))
      expect(error).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "WrongState" } })
    }).pipe(Effect.scoped))
})
