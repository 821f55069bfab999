/** Which codec a call uses, and what becomes of a source that cannot send it. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { picture, receivedMimeType, receivedRtp, rtpStream } from "../src/index.ts"
import { connectPair, flows } from "./pair.ts"
import { connect, nextEvent, openLines } from "./twoPeers.ts"

describe("codecs", () => {
  const cases = [
    { who: "the caller", left: "VP9", right: undefined, kind: 1, is: "video/VP9" },
    { who: "the callee", left: undefined, right: "VP9", kind: 1, is: "video/VP9" },
    { who: "the caller", left: "pcmu", right: undefined, kind: 0, is: "audio/PCMU" },
    { who: "the callee", left: undefined, right: "PCMA", kind: 0, is: "audio/PCMA" }
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
          expect(stats.sent[kind]?.mimeType).toBe(is)
          expect(stats.received[kind]?.mimeType).toBe(is)
          expect(stats.received[kind]?.packets).toBeGreaterThan(0)
        }
      }).pipe(Effect.scoped))
  }

  const pcmu = rtpStream({
    format: { mimeType: "audio/PCMU", clockRate: 8_000, channels: 1 },
    packets: Stream.map(Stream.tick("20 millis"), () => ({ payload: new Uint8Array(160), timestamp: 0, marker: false }))
  })
  const onlyPcmu = { engine: { media: { microphone: pcmu } } }
  const noMedia = { engine: { media: {} } }
  const endsOf = [
    { who: "the caller, to one with no source", left: onlyPcmu, right: noMedia, sender: "alice" },
    { who: "the callee, to one with no source", left: noMedia, right: onlyPcmu, sender: "bob" },
    { who: "the caller, to one that sends opus", left: onlyPcmu, right: {}, sender: "alice" },
    { who: "the callee, to one that sends opus", left: {}, right: onlyPcmu, sender: "bob" }
  ] as const
  for (const { left, right, sender, who } of endsOf) {
    it.live(`a source of PCMU alone is sent without a preference by ${who}`, () =>
      Effect.gen(function*() {
        const calls = yield* connect(yield* openLines(left, right))
        const heard = calls[sender === "alice" ? "bob" : "alice"]
        const { track } = yield* nextEvent(heard, "RemoteTrack")
        const [packet] = yield* Stream.runCollect(Stream.take(receivedRtp(track), 5))
        expect([packet?.payloadType, packet?.payload.length, receivedMimeType(track)]).toEqual([0, 160, "audio/PCMU"])
        expect((yield* calls[sender].stats).sent[0]?.mimeType).toBe("audio/PCMU")
      }).pipe(Effect.scoped))
  }

  it.live("a source that has no negotiated codec is told to have ended, and the call goes on without it", () =>
    Effect.gen(function*() {
      const g722 = rtpStream({ format: { mimeType: "audio/G722", clockRate: 8_000 }, packets: Stream.never })
      const { alice } = yield* connect(yield* openLines({ engine: { media: { microphone: g722, camera: picture() } } }))
      const ended = yield* nextEvent(alice, "LocalSourceEnded")
      expect(ended).toMatchObject({ slot: "microphone", reason: "the source has none of audio/opus, audio/PCMU, audio/PCMA" })
      expect((yield* alice.state)._tag).toBe("Connected")
    }).pipe(Effect.scoped))

  it.live("an audio-only call has one section, and the callee's camera stays dark", () =>
    Effect.gen(function*() {
      const { alice, bob } = yield* connect(yield* openLines({ config: { enableVideo: false, enableData: false } }))
      yield* Effect.sleep(300)
      const stats = yield* bob.stats
      expect(stats.sent.map(({ slot }) => slot)).toEqual(["microphone"])
      const error = yield* Effect.flip(alice.openDataChannel("chat"))
      expect(error).toMatchObject({
        _tag: "WebRtcError",
        operation: "openDataChannel",
        reason: { _tag: "WrongState", state: "connected without a section for data", expected: "enableData on the calling end" }
      })
    }).pipe(Effect.scoped))

  it.live("are in the order of the m= line (RFC 8866 section 5.14), whatever that of their a=rtpmap lines", () =>
    Effect.gen(function*() {
      // Each a=rtpmap line takes the place of its opposite.
      const toldSdp = (sdp: string) =>
        sdp.split(/^(?=m=)/m).map((section) => {
          const lines = [...section.matchAll(/^a=rtpmap:.*$/gm)].map(([line]) => line)
          return section.replaceAll(/^a=rtpmap:.*$/gm, () => lines.pop() ?? "")
        }).join("")
      const { a, b } = yield* connectPair({ toldSdp })
      for (const end of [a, b]) {
        yield* flows(end, ["microphone", "camera"])
        expect((yield* end.peer.stats).sent.map(({ mimeType }) => mimeType)).toEqual(["audio/opus", "video/VP8"])
      }
    }).pipe(Effect.scoped))
})
