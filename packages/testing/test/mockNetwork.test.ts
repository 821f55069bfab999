import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { type MockOptions, mockNetwork, mockSdp, sectionsIn, ufragIn } from "../src/index.ts"
import { causeOf, connect, giveCandidates, last, negotiate, openOne, openTwo, told } from "./mockPair.ts"
import { settle } from "./settle.ts"

const originOf = (sdp: string) => /^o=- (\d+) (\d+) /m.exec(sdp)?.slice(1).map(Number)
const directionsOf = (sdp: string | undefined) => sectionsIn(sdp ?? "").map(({ direction }) => direction)
const connected = connect()

describe("media comes up", () => {
  it.effect("when both have set the other's description, and one has a candidate of the other", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo()
      const offer = yield* ann.peer.createOffer()
      const answer = yield* bob.peer.createAnswer(offer)
      yield* settle
      yield* giveCandidates(ann, bob)
      expect([ann.links, bob.links]).toEqual([[], ["connecting"]])
      yield* ann.peer.applyAnswer(answer)
      yield* settle
      expect([ann.links, bob.links]).toEqual([["connecting", "up"], ["connecting", "up"]])
    }))
  it.effect("not before there is a candidate, and without one where nobody trickles", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo()
      yield* negotiate(ann, bob)
      expect([last(ann), last(bob)]).toEqual(["connecting", "connecting"])
      yield* giveCandidates(bob, ann)
      expect([last(ann), last(bob)]).toEqual(["up", "up"])
      const quiet = yield* openTwo({})
      yield* negotiate(quiet.ann, quiet.bob)
      expect([last(quiet.ann), last(quiet.bob)]).toEqual(["up", "up"])
    }))
  it.effect("not with the answer to an offer that was taken back", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo({})
      const answer = yield* bob.peer.createAnswer(yield* ann.peer.createOffer())
      yield* ann.peer.rollback
      yield* ann.peer.createOffer()
      yield* ann.peer.applyAnswer(answer)
      yield* settle
      expect([last(ann), last(bob)]).toEqual(["connecting", "connecting"])
    }))
  it.effect("not with a far end whose certificate is not the described one", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo({})
      const answer = yield* bob.peer.createAnswer(yield* ann.peer.createOffer())
      yield* ann.peer.applyAnswer(answer.replace(/^(a=fingerprint:sha-256) ../gm, "$1 FF"))
      yield* settle
      expect([last(ann), last(bob)]).toEqual(["connecting", "connecting"])
    }))
  it.effect("when the handshakes have had their time", () =>
    Effect.gen(function*() {
      const network = mockNetwork({ connectsInMs: () => 40 })
      const ann = yield* openOne({ network })
      const bob = yield* openOne({ network })
      yield* negotiate(ann, bob)
      yield* TestClock.adjust(39)
      expect(last(ann)).toBe("connecting")
      yield* TestClock.adjust(1)
      yield* settle
      expect([last(ann), last(bob)]).toEqual(["up", "up"])
    }))
})

describe("a cut", () => {
  it.effect("interrupts both ends, and its end within 15 s brings media back", () =>
    Effect.gen(function*() {
      const { ann, bob, network } = yield* connected
      network.cut("bob", "ann")
      yield* settle
      expect([last(ann), last(bob)]).toEqual(["interrupted", "interrupted"])
      yield* TestClock.adjust(14_999)
      network.mend()
      yield* TestClock.adjust(60_000)
      expect([last(ann), last(bob)]).toEqual(["up", "up"])
    }))
  it.effect("fails after 15 s, and only an ICE restart helps, once the network is back", () =>
    Effect.gen(function*() {
      const { ann, bob, network } = yield* connected
      network.cut()
      yield* TestClock.adjust(15_000)
      expect([last(ann), last(bob)]).toEqual(["failed", "failed"])
      network.mend()
      yield* settle
      expect(last(ann)).toBe("failed")
      yield* negotiate(ann, bob, true)
      expect(last(ann)).toBe("failed")
      yield* giveCandidates(ann, bob)
      expect([last(ann), last(bob)]).toEqual(["up", "up"])
    }))
  it.effect("of other hosts is not ours, and a restart in a cut waits for its end", () =>
    Effect.gen(function*() {
      const { ann, bob, network } = yield* connected
      network.cut("ann", "carol")
      yield* settle
      expect(last(ann)).toBe("up")
      network.cut("ann", "bob")
      bob.candidates.splice(0)
      yield* negotiate(bob, ann, true)
      yield* giveCandidates(bob, ann)
      expect([last(ann), last(bob)]).toEqual(["interrupted", "interrupted"])
      network.mend("ann", "bob")
      yield* settle
      expect([last(ann), last(bob)]).toEqual(["up", "up"])
    }))
  it.effect("is what a far end that closes looks like, after its consent checks fail", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connected
      yield* bob.close
      yield* TestClock.adjust(4_999)
      expect(last(ann)).toBe("up")
      yield* TestClock.adjust(1)
      yield* settle
      expect(last(ann)).toBe("interrupted")
      yield* TestClock.adjust(15_000)
      yield* settle
      expect(last(ann)).toBe("failed")
    }))
})

describe("descriptions of the mock", () => {
  it.effect("keep their ICE credentials and raise their version, until ICE is restarted at both ends", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connected
      const first = yield* negotiate(bob, ann)
      const second = yield* negotiate(ann, bob)
      expect([ufragIn(second.offer), ufragIn(second.answer)]).toEqual([ufragIn(first.answer), ufragIn(first.offer)])
      expect(originOf(second.offer)).toEqual([100, 3])
      expect(last(ann)).toBe("up")
      const third = yield* negotiate(ann, bob, true)
      expect(ufragIn(third.offer)).not.toBe(ufragIn(second.offer))
      expect(ufragIn(third.answer)).not.toBe(ufragIn(second.answer))
      // Media goes on over the old path while the new one has no candidates.
      expect(ann.links).toEqual(["connecting", "up"])
    }))
  it.effect("that are taken back leave the credentials as they were, and their version is not given again", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connected
      ann.candidates.splice(0)
      const before = ann.mock.peer.localDescription
      const restart = yield* ann.peer.createOffer({ iceRestart: true })
      yield* ann.peer.rollback
      expect(ann.mock.peer.localDescription).toBe(before)
      ann.mock.peer.trickle("candidate:7 1 udp 1 192.0.2.7 5000 typ host")
      yield* settle
      expect(told(ann, "LocalCandidate").at(-1)?.ufrag).toBe(ufragIn(before ?? ""))
      const { offer } = yield* negotiate(ann, bob)
      expect(ufragIn(offer)).toBe(ufragIn(before ?? ""))
      expect([originOf(restart), originOf(offer)]).toEqual([[100, 2], [100, 3]])
      expect([last(ann), last(bob)]).toEqual(["up", "up"])
      // Those of the restart, their end and the test's own: none is told twice. The far end does not know the first.
      const [ofRestart = { candidate: "" }, ...others] = ann.candidates
      expect([ofRestart.candidate.includes(ufragIn(restart)), others.length]).toEqual([true, 2])
      expect(yield* causeOf(bob.peer.addRemoteCandidate(ofRestart))).toBe("OperationError")
      expect(last(bob)).toBe("up")
    }))
  it.effect("have session ids that differ from engine to engine", () =>
    Effect.gen(function*() {
      const offers = yield* Effect.forEach([{}, {}, { session: 5 }], (options: MockOptions) =>
        Effect.flatMap(openOne(options), ({ peer }) => peer.createOffer()))
      expect(new Set(offers.map((offer) => originOf(offer)?.[0])).size).toBe(3)
      expect(originOf(offers[2] ?? "")?.[0]).toBe(5)
    }))
  it.effect("say who sends, as both ends want it, and inactive while one holds", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connected
      yield* bob.change({ receive: { camera: false } })
      yield* negotiate(ann, bob)
      expect(directionsOf(ann.mock.peer.localDescription)).toEqual(["sendrecv", "sendrecv"])
      expect(directionsOf(bob.mock.peer.localDescription)).toEqual(["sendrecv", "sendonly"])
      yield* ann.change({ hold: true })
      yield* negotiate(ann, bob)
      for (const end of [ann, bob]) expect(directionsOf(end.mock.peer.localDescription)).toEqual(["inactive", "inactive"])
      yield* ann.change({ hold: false })
      yield* negotiate(ann, bob)
      expect(directionsOf(bob.mock.peer.localDescription)).toEqual(["sendrecv", "sendonly"])
    }))
  it.effect("keep each section's place when media is added, by either end", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connected
      yield* bob.change({ send: { screen: "on" }, receive: { screen: true } })
      yield* negotiate(bob, ann)
      yield* ann.change({ send: { camera: "off", screen: "on" }, receive: { camera: false, screen: true } })
      const { answer, offer } = yield* negotiate(ann, bob)
      const codecs = ["VP8", "VP9"]
      expect(sectionsIn(offer)).toEqual([
        { kind: "audio", mid: "0", direction: "sendrecv", codecs: ["opus", "PCMU"] },
        { kind: "video", mid: "1", direction: "inactive", codecs },
        { kind: "video", mid: "2", direction: "sendrecv", codecs, content: "screen" }
      ])
      expect(directionsOf(answer)).toEqual(["sendrecv", "inactive", "sendrecv"])
    }))
})

describe("the mock rejects, as browsers do, and keeps the error:", () => {
  it.effect("a candidate of other ICE credentials than the remote description's", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connected
      const [old] = bob.candidates
      yield* negotiate(ann, bob, true)
      expect(old?.candidate).toMatch(/ ufrag \S+$/)
      expect(yield* causeOf(ann.peer.addRemoteCandidate(old ?? { candidate: "" }))).toBe("OperationError")
      expect(ann.mock.errors.map(({ name }) => name)).toEqual(["OperationError"])
      expect(bob.mock.errors).toEqual([])
    }))
  it.effect("an answer that does not answer; one with more sections than the offer never comes to it", () =>
    Effect.gen(function*() {
      const { ann } = yield* openTwo()
      const offer = yield* ann.peer.createOffer()
      expect(yield* causeOf(ann.peer.applyAnswer(offer))).toBe("InvalidAccessError")
      const more = mockSdp({ session: 9, setup: "active", sections: [...sectionsIn(offer), { kind: "video", mid: "9" }] })
      expect(yield* causeOf(ann.peer.applyAnswer(more))).toBe("InvalidSdp")
      expect(ann.mock.errors).toHaveLength(1)
      expect(ann.mock.peer.signalingState).toBe("have-local-offer")
    }))
  it.effect("an offer that drops a section which was negotiated, and then all is as before", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connected
      const before = bob.mock.peer.localDescription
      const less = mockSdp({ session: 100, version: 9, ice: 1, sections: [{ kind: "audio", mid: "0" }] })
      expect(yield* causeOf(bob.peer.createAnswer(less))).toBe("InvalidAccessError")
      expect(ann.mock.errors).toEqual([])
      expect([bob.mock.peer.localDescription, bob.mock.peer.signalingState]).toEqual([before, "stable"])
      expect(ufragIn((yield* negotiate(ann, bob)).answer)).toBe(ufragIn(before ?? ""))
    }))
  it.effect("but not what was planted", () =>
    Effect.gen(function*() {
      const { ann } = yield* openTwo()
      ann.mock.faults = { next: () => ({ fail: new Error("planted") }) }
      expect(yield* causeOf(ann.peer.createOffer())).toBe("Error")
      expect(ann.mock.errors).toEqual([])
    }))
})
