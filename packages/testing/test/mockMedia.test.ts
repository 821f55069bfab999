import { describe, expect, it } from "@effect/vitest"
import type { RemoteTrack, Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { mockArrived, MockEngine, mockNetwork } from "../src/index.ts"
import { connect, giveCandidates, last, negotiate, type One, openOne, openTwo, told } from "./mockPair.ts"
import { settle } from "./settle.ts"

const slotsOf = (end: One) => told(end, "RemoteTrack").map(({ track }) => track.slot)
const ended = (end: One) => told(end, "RemoteTrackEnded").map(({ track }) => track)
/** The track of a slot that an end was told of last. */
const trackOf = (end: One, slot: Slot): RemoteTrack => {
  const track = told(end, "RemoteTrack").map((event) => event.track).findLast((one) => one.slot === slot)
  if (track === undefined) throw new Error(`no track of the ${slot}`)
  return track
}
const arrived = (end: One, slot: Slot = "microphone") => mockArrived(trackOf(end, slot))
/** How many packets of a slot arrive at an end in the next second. */
const inASecond = (end: One, slot: Slot = "microphone") =>
  Effect.gen(function*() {
    const before = yield* arrived(end, slot)
    yield* TestClock.adjust("1 second")
    yield* settle
    return (yield* arrived(end, slot)) - before
  })
const round = (two: { readonly ann: One; readonly bob: One }) => negotiate(two.ann, two.bob)

describe("the far end's tracks", () => {
  it.effect("are told once, as soon as a round lets them in, to who answers and to who has offered", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo()
      const answer = yield* bob.peer.createAnswer(yield* ann.peer.createOffer())
      yield* settle
      expect([slotsOf(ann), slotsOf(bob)]).toEqual([[], ["microphone", "camera"]])
      yield* ann.peer.applyAnswer(answer)
      yield* negotiate(bob, ann)
      yield* negotiate(ann, bob, true)
      for (const end of [ann, bob]) {
        expect(slotsOf(end)).toEqual(["microphone", "camera"])
        expect(trackOf(end, "microphone").id).not.toBe(trackOf(end, "camera").id)
      }
    }))
  it.effect("are those of the slots that one end sends and the other wants", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo()
      yield* ann.change({ send: { camera: "off", screen: "on" } })
      yield* bob.change({ receive: { microphone: false, screen: true } })
      yield* negotiate(ann, bob)
      expect([slotsOf(ann), slotsOf(bob)]).toEqual([["microphone", "camera"], ["screen"]])
      const sent = (end: One) => Effect.map(end.peer.stats, (stats) => stats.sent.map(({ slot }) => slot))
      expect([yield* sent(ann), yield* sent(bob)]).toEqual([["screen"], ["microphone", "camera"]])
    }))
  it.effect("end with the round that stops them, and come again under new ids", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect()
      const first = trackOf(bob, "camera")
      yield* ann.change({ send: { camera: "off" } })
      expect(ended(bob)).toEqual([])
      yield* negotiate(ann, bob)
      expect([ended(ann), ended(bob)]).toEqual([[], [first]])
      yield* ann.change({ send: { camera: "on" } })
      yield* negotiate(bob, ann)
      const second = trackOf(bob, "camera")
      expect(second.id).not.toBe(first.id)
      expect(slotsOf(bob)).toEqual(["microphone", "camera", "camera"])
      const before = yield* mockArrived(first)
      expect(yield* inASecond(bob, "camera")).toBe(50)
      expect(yield* mockArrived(first)).toBe(before)
    }))
  it.effect("are none without media, and without a network the test's own", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect({}, { capabilities: { media: false } })
      const alone = yield* openOne({})
      yield* alone.peer.createAnswer(yield* ann.peer.createOffer())
      yield* settle
      expect([slotsOf(ann), slotsOf(bob), slotsOf(alone)]).toEqual([[], [], []])
      expect([yield* ann.peer.stats, yield* alone.peer.stats]).toMatchObject([{ sent: [], received: [] }, { sent: [], received: [] }])
      alone.mock.peer.remoteTrack("camera")
      yield* settle
      expect(yield* inASecond(alone, "camera")).toBe(0)
    }))
})

describe("media of the mock", () => {
  it.effect("flows from when both ends are up: a packet each 20 ms", () =>
    Effect.gen(function*() {
      const two = yield* openTwo()
      yield* round(two)
      expect([yield* inASecond(two.bob), yield* inASecond(two.ann)]).toEqual([0, 0])
      yield* giveCandidates(two.ann, two.bob)
      yield* TestClock.adjust(19)
      expect(yield* arrived(two.bob)).toBe(0)
      yield* TestClock.adjust(1)
      for (const end of [two.ann, two.bob]) for (const slot of ["microphone", "camera"] as const) expect(yield* arrived(end, slot)).toBe(1)
      expect(yield* inASecond(two.ann)).toBe(50)
    }))
  it.effect("does not flow while only one end is up", () =>
    Effect.gen(function*() {
      const times = [100, 300, 100, 300]
      const network = mockNetwork({ connectsInMs: () => times.shift() ?? 0 })
      const [ann, bob] = [yield* openOne({ network }), yield* openOne({ network })]
      yield* negotiate(ann, bob)
      yield* TestClock.adjust(200)
      yield* settle
      expect(new Set([last(ann), last(bob)])).toEqual(new Set(["connecting", "up"]))
      expect([yield* arrived(ann), yield* arrived(bob)]).toEqual([0, 0])
      yield* TestClock.adjust(200)
      expect([yield* arrived(ann), yield* arrived(bob)]).toEqual([5, 5])
      network.cut()
      network.mend()
      yield* TestClock.adjust(400)
      expect([yield* arrived(ann), yield* arrived(bob)]).toEqual([10, 10])
    }))
  it.effect("does not flow through a cut", () =>
    Effect.gen(function*() {
      const { bob, network } = yield* connect()
      network.cut("ann", "bob")
      expect(yield* inASecond(bob)).toBe(0)
      network.mend("ann", "bob")
      expect(yield* inASecond(bob)).toBe(50)
    }))
  it.effect("does not flow while its sender mutes it, all else goes on, and no round is needed", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect()
      yield* ann.change({ send: { microphone: "muted" } })
      expect(yield* inASecond(bob)).toBe(0)
      expect([yield* inASecond(bob, "camera"), yield* inASecond(ann)]).toEqual([50, 50])
      yield* ann.change({ send: { microphone: "on" } })
      expect(yield* inASecond(bob)).toBe(50)
    }))
  it.effect("does not flow on hold: from the holder at once, to it after the round", () =>
    Effect.gen(function*() {
      const two = yield* connect()
      yield* two.ann.change({ hold: true })
      expect(yield* inASecond(two.bob)).toBe(0)
      expect(yield* inASecond(two.ann)).toBe(50)
      yield* round(two)
      const [stopped] = ended(two.ann)
      expect(stopped?.slot).toBe("microphone")
      yield* two.ann.change({ hold: false })
      yield* round(two)
      expect([yield* inASecond(two.bob), yield* inASecond(two.ann)]).toEqual([50, 50])
    }))
  it.effect("does not flow before both ends have agreed to it", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* openTwo(undefined, { enableVideo: false })
      yield* negotiate(ann, bob)
      yield* giveCandidates(ann, bob)
      yield* bob.change({ send: { camera: "on" }, receive: { camera: true } })
      yield* ann.change({ send: { camera: "on" }, receive: { camera: true } })
      const answer = yield* bob.peer.createAnswer(yield* ann.peer.createOffer())
      yield* settle
      expect(yield* inASecond(bob, "camera")).toBe(0)
      expect((yield* bob.peer.stats).sent).toMatchObject([{ slot: "microphone" }, { slot: "camera", packets: 0 }])
      yield* ann.peer.applyAnswer(answer)
      expect(yield* inASecond(bob, "camera")).toBe(50)
    }))
  it.effect("does not flow any more when one end does not take it, though the other has not heard of it yet", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect()
      yield* bob.change({ receive: { microphone: false } })
      const offer = yield* ann.peer.createOffer()
      yield* TestClock.adjust("1 second")
      yield* bob.peer.createAnswer(offer)
      yield* settle
      yield* TestClock.adjust("1 second")
      for (const figures of [(yield* ann.peer.stats).sent, (yield* bob.peer.stats).received]) {
        expect(figures).toMatchObject([{ slot: "microphone", packets: 50 }, { slot: "camera", packets: 100 }])
      }
    }))
  it.effect("ends when either connection closes, though the path is only found silent later", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect()
      yield* ann.close
      expect(last(bob)).toBe("up")
      expect(yield* inASecond(bob)).toBe(0)
    }))
})

describe("a microphone that ends by itself", () => {
  it.effect("is told once, nothing flows in its slot any more, and the call goes on", () =>
    Effect.gen(function*() {
      const two = yield* connect({}, { sourceEndsAfterMs: 500 })
      yield* TestClock.adjust("10 seconds")
      yield* settle
      const { ann, bob } = two
      for (const end of [ann, bob]) {
        expect(told(end, "LocalSourceEnded").map(({ reason, slot }) => [slot, reason !== ""])).toEqual([["microphone", true]])
        expect(yield* arrived(end)).toBe(25)
      }
      yield* ann.change({ send: { microphone: "muted" } })
      yield* ann.change({ send: { microphone: "on" } })
      yield* round(two)
      expect(yield* inASecond(bob)).toBe(0)
      expect(yield* inASecond(bob, "camera")).toBe(50)
      expect(told(ann, "LocalSourceEnded")).toHaveLength(1)
      expect(last(ann)).toBe("up")
    }))
  it.effect("has its time only once it flows, and is ended in the engine's next call too", () =>
    Effect.gen(function*() {
      const network = mockNetwork()
      const mock = MockEngine.make({ network, sourceEndsAfterMs: 500 })
      const bob = yield* openOne({ network })
      const ann = yield* openOne(mock)
      yield* ann.change({ send: { microphone: "muted" } })
      yield* negotiate(ann, bob)
      yield* TestClock.adjust("10 seconds")
      yield* ann.change({ send: { microphone: "on" } })
      expect(yield* inASecond(bob)).toBe(25)
      const again = yield* openOne(mock)
      yield* settle
      expect(told(again, "LocalSourceEnded")).toEqual([])
      yield* again.change({ send: { microphone: "off" } })
      const carol = yield* openOne({ network })
      yield* negotiate(again, carol)
      expect(told(again, "LocalSourceEnded")).toEqual([])
      yield* again.change({ send: { microphone: "on" } })
      yield* negotiate(again, carol)
      expect(told(again, "LocalSourceEnded")).toHaveLength(1)
    }))
})

describe("figures of the mock", () => {
  it.effect("are those of what flowed, by slot, from both ends alike", () =>
    Effect.gen(function*() {
      const { ann, bob } = yield* connect()
      yield* bob.change({ send: { camera: "muted" } })
      yield* TestClock.adjust("2 seconds")
      const [here, there] = [yield* ann.peer.stats, yield* bob.peer.stats]
      expect(here.sent).toEqual([
        { slot: "microphone", mimeType: "audio/opus", packets: 100, bytes: 16_000 },
        { slot: "camera", mimeType: "video/VP8", packets: 100, bytes: 16_000 }
      ])
      expect(here.received.map(({ packets, slot }) => [slot, packets])).toEqual([["microphone", 100], ["camera", 0]])
      expect([there.sent, there.received]).toEqual([here.received, here.sent])
      expect(yield* arrived(bob)).toBe(100)
    }))
  it.effect("go on where they were when a slot comes back, and have no slot that was never negotiated", () =>
    Effect.gen(function*() {
      const two = yield* connect({ enableVideo: false })
      for (const hold of [true, false]) {
        yield* TestClock.adjust("1 second")
        yield* two.ann.change({ hold })
        yield* round(two)
      }
      yield* TestClock.adjust("1 second")
      expect((yield* two.bob.peer.stats).received).toMatchObject([{ slot: "microphone", packets: 100 }])
      expect(yield* arrived(two.bob)).toBe(50)
    }))
  it.effect("name the path while it is up, each end's address where its candidates said", () =>
    Effect.gen(function*() {
      const { ann, bob, network } = yield* openTwo()
      yield* negotiate(ann, bob)
      expect((yield* ann.peer.stats).path).toBeUndefined()
      const candidate = ann.candidates[0]?.candidate
      yield* giveCandidates(ann, bob)
      const [here, there] = [(yield* ann.peer.stats).path, (yield* bob.peer.stats).path]
      expect(here?.local).toMatchObject({ protocol: "udp", type: "host" })
      expect(candidate).toContain(` ${here?.local.address} ${here?.local.port} typ host`)
      expect(there).toEqual({ local: here?.remote, remote: here?.local })
      expect(here?.local.address).not.toBe(here?.remote.address)
      network.cut()
      expect((yield* ann.peer.stats).path).toBeUndefined()
    }))
})
