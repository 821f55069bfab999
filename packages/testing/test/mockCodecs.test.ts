import { describe, expect, it } from "@effect/vitest"
import { changeIntent, checkSdp, initialIntent, makeConfig, type MediaIntent } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { answerTo, mockSdp, sectionsIn, sectionsOf } from "../src/index.ts"
import { connect, negotiate, type One, openTwo } from "./mockPair.ts"

const wishes = initialIntent(Result.getOrThrow(makeConfig()))
const preferring = (preferCodec: NonNullable<MediaIntent["preferCodec"]>): MediaIntent => changeIntent(wishes, { preferCodec })
const offerOf = (intent: MediaIntent) => mockSdp({ session: 1, sections: sectionsOf(intent) })
const codecsOf = (sdp: string) => sectionsIn(sdp).map(({ codecs }) => codecs?.join())
const sentBy = ({ peer }: One) => Effect.map(peer.stats, ({ sent }) => sent.map(({ mimeType }) => mimeType))

describe("the codecs of the mock", () => {
  const orders: ReadonlyArray<readonly [string | ReadonlyArray<string>, ReadonlyArray<string>]> = [
    [[], ["opus,PCMU", "VP8,VP9"]],
    ["pcmu", ["PCMU,opus", "VP8,VP9"]],
    [["no-such-codec", "VP9", "opus"], ["opus,PCMU", "VP9,VP8"]],
    ["no-such-codec", ["opus,PCMU", "VP8,VP9"]]
  ]
  it.each(orders)("preferred as %o are offered as %o", (preferCodec, codecs) => {
    const offer = offerOf(preferring(preferCodec))
    expect(checkSdp(offer)).toEqual(Result.succeed(offer))
    expect(codecsOf(offer)).toEqual(codecs)
  })
  it("are the offer's in an answer, the answerer's preference first, or else in the offer's order", () => {
    const offer = offerOf(preferring(["PCMU", "VP9"]))
    const answerOf = (to: string, intent: MediaIntent) => codecsOf(mockSdp({ session: 2, sections: answerTo(to, intent), setup: "active" }))
    expect(answerOf(offer, wishes)).toEqual(["PCMU,opus", "VP9,VP8"])
    expect(answerOf(offer, preferring("opus"))).toEqual(["opus,PCMU", "VP9,VP8"])
    const opusOnly = mockSdp({ session: 1, sections: [{ kind: "audio", mid: "0" }] })
    expect(answerOf(opusOnly, preferring("PCMU"))).toEqual(["opus"])
  })
  it("are one a section where a test names none", () => {
    const plain = mockSdp({ session: 1, sections: [{ kind: "audio", mid: "0" }, { kind: "video", mid: "1" }] })
    expect(codecsOf(plain)).toEqual(["opus", "VP8"])
  })
  it.effect("that are sent are the answer's first, at both ends, and change with a round", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect()
      expect([yield* sentBy(ann), yield* sentBy(bob)]).toEqual([["audio/opus", "video/VP8"], ["audio/opus", "video/VP8"]])
      yield* ann.change({ preferCodec: "VP9" })
      yield* bob.change({ preferCodec: "PCMU" })
      yield* negotiate(ann, bob)
      expect([yield* sentBy(ann), yield* sentBy(bob)]).toEqual([["audio/PCMU", "video/VP9"], ["audio/PCMU", "video/VP9"]])
    }))
  it.effect("come back as they were when an offer is taken back", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo()
      yield* negotiate(ann, bob)
      yield* ann.change({ preferCodec: "PCMU" })
      yield* ann.peer.createOffer()
      yield* ann.peer.rollback
      expect(yield* sentBy(ann)).toEqual(["audio/opus", "video/VP8"])
    }))
})

describe("a section that there is no slot for", () => {
  const offer = mockSdp({ session: 1, sections: [{ kind: "audio", mid: "a" }, { kind: "audio", mid: "b" }, { kind: "application", mid: "c" }] })
  it("is answered, and offered again, in its place, with nothing in it", () => {
    for (const sections of [answerTo(offer, wishes), sectionsOf(wishes, offer)]) {
      expect(sections.slice(0, 3).map(({ direction, mid }) => [mid, direction])).toEqual([["a", "sendrecv"], ["b", "inactive"], ["c", undefined]])
    }
  })
})
