import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Result from "effect/Result"
import { TestClock } from "effect/testing"
import { Conversation } from "../../src/session/Conversation.ts"
import { makeConversations } from "../../src/session/Conversations.ts"
import type { Envelope, SignalingMessage } from "../../src/signaling/index.ts"
import { settle } from "../settle.ts"

type Channel = (message: SignalingMessage, peer: string) => Effect.Effect<void, unknown>

/** Conversations over a channel that the test may exchange, and all that was put on it, with when that began. */
const subject = Effect.gen(function*() {
  const fibers = yield* FiberSet.make<unknown, unknown>()
  const fork = yield* FiberSet.runtime(fibers)<never>()
  const clock = yield* Clock.Clock
  const sent: Array<SignalingMessage> = []
  const tried: Array<string> = []
  const state: { channel: Channel } = { channel: () => Effect.void }
  const world = { line: "phone.1", nowMs: () => clock.currentTimeMillisUnsafe(), fork }
  const transmit: Channel = (message, peer) =>
    Effect.suspend(() => {
      tried.push(`${world.nowMs()} ${label(message)}`)
      return Effect.andThen(state.channel(message, peer), Effect.sync(() => void sent.push(message)))
    })
  return { world, transmit, state, sent, tried, running: FiberSet.size(fibers), conversation: new Conversation({ ...world, transmit: (message) => transmit(message, "bob") }) }
})
const label = (message: SignalingMessage) => `${message.type}${message.type === "ack" ? message.ack : message.seq ?? ""}`
const offer = (callId = "c1") => ({ type: "offer", sdp: "v=0", call_id: callId }) as const
const hangup = (callId = "c1") => ({ type: "hangup", reason: "normal", call_id: callId }) as const
const candidate = (callId = "c1") => ({ type: "ice_candidate", candidate: "candidate:1", call_id: callId }) as const
const far = (seq: number, more: Envelope = {}): Envelope => ({ type: "hangup", from: "desk.1", seq, base: 0, call_id: "c9", ...more })
/** What is made of a body does not matter here. */
const body = Result.succeed({ type: "hangup" } as const)
const ack = (n: number): Envelope => ({ type: "ack", from: "desk.1", to: "phone.1", ack: n })
const down: Channel = () => Effect.fail("no channel")

describe("a conversation", () => {
  it.effect("sends at once, and again after 0.5 s, 1, 2, 4 s and each 4 s, until it is acknowledged (R3, SIG-5)", () =>
    Effect.gen(function*() {
      const { conversation, sent, tried } = yield* subject
      yield* conversation.post(offer())
      for (let tick = 0; tick < 40; tick++) yield* TestClock.adjust(500)
      expect(tried.map((entry) => Number(entry.split(" ")[0]))).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500])
      expect(sent.every((message) => message.type === "offer" && message.seq === 0 && message.base === 0 && message.from === "phone.1")).toBe(true)
      conversation.receive(ack(1), body, 10)
      conversation.bind("c1", "desk.1")
      yield* TestClock.adjust("1 minute")
      expect(tried).toHaveLength(8)
    }))
  it.effect("sends what is said at one moment together and in order, one at a time", () =>
    Effect.gen(function*() {
      const { conversation, sent, state, tried } = yield* subject
      state.channel = () => Effect.sleep(100)
      for (const message of [offer(), candidate(), candidate()]) yield* conversation.post(message)
      expect(tried).toEqual([])
      yield* settle
      expect(tried).toEqual(["0 offer0"])
      for (let tick = 0; tick < 4; tick++) yield* TestClock.adjust(100)
      expect(tried).toEqual(["0 offer0", "100 ice_candidate1", "200 ice_candidate2"])
      expect(sent.map(label)).toEqual(["offer0", "ice_candidate1", "ice_candidate2"])
    }))
  it.effect("acknowledges many copies once, after 50 ms, or with a message that goes there before (R2, SIG-2)", () =>
    Effect.gen(function*() {
      const { conversation, sent } = yield* subject
      for (const seq of [0, 1, 1, 0, 2]) conversation.receive(far(seq), body, 10)
      yield* TestClock.adjust(49)
      expect(sent).toEqual([])
      yield* TestClock.adjust(1)
      yield* settle
      expect(sent).toEqual([{ type: "ack", from: "phone.1", to: "desk.1", ack: 3 }])
      conversation.bind("c9", "desk.1")
      conversation.receive(far(3), body, 10)
      yield* conversation.post(hangup("c9"))
      yield* settle
      expect(sent.slice(1)).toEqual([{ ...hangup("c9"), from: "phone.1", to: "desk.1", seq: 0, base: 0, ack: 4 }])
      yield* TestClock.adjust(100)
      expect(sent).toHaveLength(2)
    }))
  it.effect("whose channel fails tries again by itself, and loses nothing", () =>
    Effect.gen(function*() {
      const { conversation, sent, state, tried } = yield* subject
      state.channel = down
      yield* conversation.post(offer())
      yield* conversation.post(candidate())
      yield* settle
      // After the one that is not taken the others are not tried.
      expect(tried).toEqual(["0 offer0"])
      for (let tick = 0; tick < 20; tick++) yield* TestClock.adjust(500)
      expect(sent).toEqual([])
      const before = tried.length
      expect(before).toBeLessThan(12)
      state.channel = () => Effect.void
      for (let tick = 0; tick < 10; tick++) yield* TestClock.adjust(500)
      conversation.receive(ack(0), body, 10)
      yield* TestClock.adjust(500)
      expect(sent.map(label)).toEqual(expect.arrayContaining(["offer0", "ice_candidate1"]))
    }))
  it.effect("that is told that its channel is there again sends what is owed at once (R3, SIG-5)", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      state.channel = down
      conversation.receive(far(0), body, 10)
      conversation.bind("c1", "desk.1")
      for (const message of [offer(), candidate(), hangup()]) yield* conversation.post(message)
      for (let tick = 0; tick < 30; tick++) yield* TestClock.adjust(500)
      expect(sent).toEqual([])
      state.channel = () => Effect.void
      conversation.returned()
      yield* settle
      expect(sent.map(label)).toEqual(["offer0", "ice_candidate1", "hangup2"])
      expect(sent.every((message) => "ack" in message && message.ack === 1)).toBe(true)
    }))
  it.effect("that hears of its peer takes the channel to be there again", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      state.channel = down
      conversation.receive(far(0), body, 10)
      conversation.bind("c1", "desk.1")
      yield* conversation.post(offer())
      for (let tick = 0; tick < 30; tick++) yield* TestClock.adjust(500)
      state.channel = () => Effect.void
      conversation.receive(far(0), body, 10)
      yield* settle
      expect(sent.map(label)).toEqual(["offer0"])
    }))
  it.effect("keeps what no number brings back for a peer without delivery fields, and sends it when it can, in order (R9, SIG-27)", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      conversation.receive({ type: "offer", call_id: "c1" }, body, 10)
      conversation.bind("c1", undefined)
      state.channel = down
      const said = [{ type: "answer", sdp: "v=0", call_id: "c1" } as const, candidate(), hangup()]
      for (const message of said) yield* conversation.post(message)
      conversation.over("c1")
      for (let tick = 0; tick < 20; tick++) yield* TestClock.adjust(500)
      expect(sent).toEqual([])
      state.channel = () => Effect.void
      conversation.returned()
      yield* settle
      expect(sent).toEqual(said.map((message) => ({ ...message, from: "phone.1" })))
      yield* TestClock.adjust("1 minute")
      expect(sent).toHaveLength(3)
    }))
  it.effect("says a candidate twice to such a peer, the second time 1 s later, unless the call is over by then (R9, SIG-27)", () =>
    Effect.gen(function*() {
      const { conversation, sent } = yield* subject
      conversation.bind("c1", undefined)
      yield* conversation.post(candidate())
      yield* TestClock.adjust(999)
      yield* settle
      expect(sent).toHaveLength(1)
      yield* TestClock.adjust(1)
      yield* settle
      expect(sent.map(label)).toEqual(["ice_candidate", "ice_candidate"])
      yield* conversation.post(candidate())
      yield* TestClock.adjust(500)
      yield* conversation.post(hangup())
      conversation.over("c1")
      yield* TestClock.adjust("1 minute")
      expect(sent.slice(2).map(label)).toEqual(["ice_candidate", "hangup"])
    }))
  it.effect("tries such a message again by itself, after 0.5 s, doubling to 4 s", () =>
    Effect.gen(function*() {
      const { conversation, state, tried } = yield* subject
      conversation.bind("c1", undefined)
      state.channel = down
      yield* conversation.post({ type: "answer", sdp: "v=0", call_id: "c1" })
      for (let tick = 0; tick < 40; tick++) yield* TestClock.adjust(500)
      expect(tried.map((entry) => Number(entry.split(" ")[0]))).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500])
    }))
  it.effect("keeps 1,024 messages, and fails what is more, but never a hangup", () =>
    Effect.gen(function*() {
      const { conversation, state } = yield* subject
      state.channel = down
      yield* conversation.post(offer())
      for (let n = 1; n < 1_024; n++) yield* conversation.post(candidate())
      expect(yield* Effect.flip(conversation.post(candidate()))).toMatchObject({
        _tag: "WebRtcError",
        operation: "send ice_candidate",
        reason: { _tag: "TooMany", limit: 1_024 }
      })
      yield* conversation.post(hangup())
    }))
  it.effect("is not sent more than 1,024 messages that no number brings back, the newest", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      conversation.bind("c1", undefined)
      state.channel = down
      for (let n = 0; n < 3_000; n++) {
        yield* conversation.post({ type: "answer", sdp: `${n}`, call_id: "c1" })
        if (n % 100 === 0) yield* settle
      }
      yield* TestClock.adjust("4 seconds")
      state.channel = () => Effect.void
      conversation.returned()
      yield* settle
      yield* TestClock.adjust("1 second")
      expect(sent.length).toBeLessThanOrEqual(1_024)
      expect(sent.at(-1)).toMatchObject({ sdp: "2999" })
    }))
  it.effect("counts among its 1,024 messages those that no number brings back, and fails what is more, but never a hangup", () =>
    Effect.gen(function*() {
      const { conversation, state } = yield* subject
      conversation.bind("c1", undefined)
      state.channel = down
      // Each is said twice, and waits twice.
      for (let n = 0; n < 512; n++) yield* conversation.post(candidate())
      expect(yield* Effect.flip(conversation.post(candidate()))).toMatchObject({ operation: "send ice_candidate", reason: { _tag: "TooMany", limit: 1_024 } })
      expect(conversation.isFull).toBe(true)
      yield* conversation.post(hangup())
    }))
  it.effect("of a call that is over is told for 32 s, and then is at rest, with no fiber left (R3, SIG-5)", () =>
    Effect.gen(function*() {
      const { conversation, running, tried } = yield* subject
      expect(conversation.isAtRest).toBe(true)
      conversation.receive(far(0, { call_id: "c1" }), body, 10)
      conversation.bind("c1", "desk.1")
      yield* conversation.post(hangup())
      conversation.over("c1")
      for (let tick = 0; tick < 63; tick++) yield* TestClock.adjust(500)
      expect(conversation.isAtRest).toBe(false)
      const until31s = tried.length
      expect(until31s).toBeGreaterThan(8)
      yield* TestClock.adjust(500)
      yield* settle
      expect(conversation.isAtRest).toBe(true)
      expect(yield* running).toBe(0)
      yield* TestClock.adjust("1 hour")
      expect(tried).toHaveLength(until31s)
    }))
  it.effect("flushes: what is posted has been tried when that succeeds, and a channel that fails does not hold it up", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      state.channel = () => Effect.sleep(100)
      yield* conversation.post(offer())
      const flushed = yield* Effect.forkScoped(conversation.flushed)
      yield* settle
      expect(flushed.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust(100)
      yield* Fiber.join(flushed)
      expect(sent.map(label)).toEqual(["offer0"])
      state.channel = down
      yield* conversation.post(candidate())
      yield* conversation.flushed
      expect(sent).toHaveLength(1)
    }))
  it.effect("goes on after a channel that dies", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      state.channel = () => Effect.die("a bug in a channel")
      yield* conversation.post(offer())
      yield* settle
      state.channel = () => { throw new Error("a bug in a channel") }
      yield* TestClock.adjust(500)
      yield* settle
      state.channel = () => Effect.void
      for (let tick = 0; tick < 10; tick++) yield* TestClock.adjust(500)
      expect(sent.map(label)).toContain("offer0")
    }))
})

describe("a line's conversations", () => {
  it.effect("are one for each peer, and each has its own numbers", () =>
    Effect.gen(function*() {
      const { sent, transmit, world } = yield* subject
      const peers: Array<string> = []
      const all = makeConversations({ ...world, transmit: (message, peer) => Effect.andThen(transmit(message, peer), Effect.sync(() => peers.push(peer))) })
      expect(all.of("bob")).toBe(all.of("bob"))
      expect(all.of("bob")).not.toBe(all.of("eve"))
      for (const peer of ["bob", "eve", "bob"]) yield* all.of(peer).post(offer())
      yield* all.flushed
      expect(sent.map(label).toSorted()).toEqual(["offer0", "offer0", "offer1"])
      expect(peers.toSorted()).toEqual(["bob", "bob", "eve"])
    }))
  it.effect("are all told that the channel is there again", () =>
    Effect.gen(function*() {
      const { sent, state, transmit, world } = yield* subject
      const all = makeConversations({ ...world, transmit })
      state.channel = down
      for (const peer of ["bob", "eve"]) yield* all.of(peer).post(offer())
      for (let tick = 0; tick < 30; tick++) yield* TestClock.adjust(500)
      state.channel = () => Effect.void
      all.returned()
      yield* settle
      expect(sent.map(label)).toEqual(["offer0", "offer0"])
    }))
  it.effect("are at most 256: of more the first goes with whom nothing is on", () =>
    Effect.gen(function*() {
      const { transmit, world } = yield* subject
      const all = makeConversations({ ...world, transmit })
      const first = all.of("peer0")
      yield* first.post(offer())
      const second = all.of("peer1")
      const third = all.of("peer2")
      for (let n = 3; n < 257; n++) all.of(`peer${n}`)
      yield* settle
      // Peer 0 is in a call, so that peer 1 has gone.
      expect(all.of("peer0")).toBe(first)
      expect(all.of("peer2")).toBe(third)
      expect(all.of("peer1")).not.toBe(second)
    }))
  it.effect("are at most 256: where something is on with each, one goes whose calls are over, and says nothing any more", () =>
    Effect.gen(function*() {
      const { running, tried, transmit, world } = yield* subject
      const all = makeConversations({ ...world, transmit })
      const before = new Map<string, Conversation>()
      for (let n = 0; n < 256; n++) {
        const one = all.of(`peer${n}`)
        before.set(`peer${n}`, one)
        yield* one.post(offer(`c${n}`))
        // Its end is still owed.
        if (n === 100 || n === 200) {
          yield* one.post(hangup(`c${n}`))
          one.over(`c${n}`)
        }
      }
      yield* settle
      expect([...before.values()].some(({ isAtRest }) => isAtRest)).toBe(false)
      const fibers = yield* running
      yield* all.of("one more").post(offer("c256"))
      yield* settle
      expect(yield* running).toBe(fibers)
      for (const [peer, one] of before) if (peer !== "peer100") expect(all.of(peer), peer).toBe(one)
      yield* settle
      const said = tried.length
      yield* TestClock.adjust(500)
      yield* settle
      // 255 offers, and of the ends that of peer 200 only.
      const again = tried.slice(said).map((entry) => (entry.split(" ")[1] ?? "").replace(/\d+$/, ""))
      expect([again.length, again.filter((type) => type === "hangup").length]).toEqual([256, 1])
      expect(all.of("peer100")).not.toBe(before.get("peer100"))
    }))
  it.effect("are at most 256: one that still owes the end of a call goes after those that are at rest, though they are younger", () =>
    Effect.gen(function*() {
      const { transmit, world } = yield* subject
      const all = makeConversations({ ...world, transmit })
      const owing = all.of("peer0")
      yield* owing.post(hangup())
      owing.over("c1")
      yield* settle
      const rest = all.of("peer1")
      for (let n = 2; n < 257; n++) all.of(`peer${n}`)
      expect(all.of("peer0")).toBe(owing)
      expect(all.of("peer1")).not.toBe(rest)
    }))
  it.effect("that have a live call are never forgotten, however many there are", () =>
    Effect.gen(function*() {
      const { transmit, world } = yield* subject
      const all = makeConversations({ ...world, transmit })
      const live = Array.from({ length: 64 }, (_, n) => all.of(`friend${n}`))
      // Of one that calls us nothing is owed at all.
      for (const [n, one] of live.entries()) one.bind(`c${n}`, n % 2 === 0 ? "desk.1" : undefined)
      for (let n = 0; n < 1_000; n++) {
        const stranger = all.of(`stranger${n}`)
        yield* stranger.post(hangup(`s${n}`))
        stranger.over(`s${n}`)
      }
      expect(live.every((one, n) => all.of(`friend${n}`) === one)).toBe(true)
    }))
  it.effect("go on with higher numbers than any that was forgotten", () =>
    Effect.gen(function*() {
      const { sent, transmit, world } = yield* subject
      const all = makeConversations({ ...world, transmit })
      const first = all.of("peer0")
      for (const message of [offer("x"), candidate("x"), hangup("x")]) yield* first.post(message)
      first.over("x")
      yield* settle
      expect(sent.map(label)).toEqual(["offer0", "ice_candidate1", "hangup2"])
      for (let n = 1; n < 256; n++) yield* all.of(`peer${n}`).post(offer(`c${n}`))
      yield* settle
      const said = sent.length
      yield* all.of("another").post(offer("y"))
      yield* settle
      expect(sent.slice(said).map(label)).toEqual(["offer3"])
      expect(sent.at(-1)).toMatchObject({ base: 3 })
    }))
})

describe("a channel that hangs", () => {
  it.effect("holds up what comes after; when it is there again, all goes at once and once, and the text that hung too", () =>
    Effect.gen(function*() {
      const { conversation, running, sent, state, tried } = yield* subject
      const interrupted: Array<string> = []
      state.channel = (message) => Effect.onInterrupt(Effect.never, () => Effect.sync(() => void interrupted.push(label(message))))
      conversation.receive(far(0), body, 10)
      conversation.bind("c1", "desk.1")
      yield* conversation.post(offer())
      yield* conversation.post(candidate())
      yield* settle
      for (let tick = 0; tick < 20; tick++) yield* TestClock.adjust(500)
      yield* conversation.post(candidate())
      yield* settle
      // One at a time: what hangs is not tried again beside itself.
      expect(tried).toEqual(["0 offer0"])
      state.channel = () => Effect.void
      conversation.returned()
      yield* settle
      expect(interrupted).toEqual(["offer0"])
      expect(tried.slice(1)).toEqual(["10000 offer0", "10000 ice_candidate1", "10000 ice_candidate2"])
      expect(sent.map(label)).toEqual(["offer0", "ice_candidate1", "ice_candidate2"])
      // The channel is not taken to be down: what is owed keeps its pace.
      yield* TestClock.adjust(499)
      yield* conversation.post(candidate())
      yield* settle
      expect(tried.slice(4)).toEqual(["10499 ice_candidate3"])
      yield* TestClock.adjust(1)
      yield* settle
      expect(tried.slice(5)).toEqual(["10500 offer0", "10500 ice_candidate1", "10500 ice_candidate2"])
      expect(yield* running).toBe(1)
    }))
  it.effect("and is there again twice, and hangs again between: one transmission at a time, and none is lost", () =>
    Effect.gen(function*() {
      const { conversation, running, sent, state } = yield* subject
      let atOnce = 0
      let most = 0
      const counted = <A, E>(effect: Effect.Effect<A, E>) =>
        Effect.suspend(() => {
          most = Math.max(most, ++atOnce)
          return Effect.ensuring(effect, Effect.sync(() => void atOnce--))
        })
      state.channel = () => counted(Effect.never)
      yield* conversation.post(offer())
      yield* settle
      for (let n = 0; n < 5; n++) {
        conversation.returned()
        conversation.returned()
        yield* settle
      }
      expect([most, atOnce]).toEqual([1, 1])
      state.channel = () => counted(Effect.sleep(100))
      conversation.returned()
      yield* settle
      yield* TestClock.adjust(100)
      yield* settle
      expect(sent.map(label)).toEqual(["offer0"])
      expect([most, atOnce, yield* running]).toEqual([1, 0, 1])
    }))
  it.effect("loses nothing of what no number brings back (R9, SIG-27)", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      conversation.bind("c1", undefined)
      // What hangs has a limit in time, after which it has not been taken.
      state.channel = () => Effect.andThen(Effect.sleep("10 seconds"), Effect.fail("timeout"))
      const said = [{ type: "answer", sdp: "v=0", call_id: "c1" } as const, candidate(), hangup()]
      yield* conversation.post(said[0] ?? hangup())
      yield* settle
      yield* conversation.post(said[1] ?? hangup())
      yield* conversation.post(said[2] ?? hangup())
      conversation.over("c1")
      yield* TestClock.adjust("5 seconds")
      expect(sent).toEqual([])
      state.channel = () => Effect.void
      conversation.returned()
      yield* settle
      // It may still be taken, and nobody would know it for a repeat.
      expect(sent).toEqual([])
      yield* TestClock.adjust("5 seconds")
      yield* settle
      yield* TestClock.adjust(500)
      yield* settle
      expect(sent).toEqual(said.map((message) => ({ ...message, from: "phone.1" })))
      yield* TestClock.adjust("1 minute")
      expect(sent).toHaveLength(3)
    }))
  it.effect("and is there again: a text in flight that no number would tell from its repeat is not sent twice (R9, SIG-27)", () =>
    Effect.gen(function*() {
      const { conversation, sent, state, tried } = yield* subject
      conversation.bind("c1", undefined)
      const received: Array<string> = []
      // It goes out before the channel says that it has taken it.
      state.channel = (message) => Effect.andThen(Effect.sync(() => void received.push(label(message))), Effect.sleep("2 seconds"))
      yield* conversation.post({ type: "answer", sdp: "v=0", call_id: "c1" })
      yield* settle
      yield* TestClock.adjust("1 second")
      conversation.returned()
      yield* settle
      yield* conversation.post(hangup())
      for (let tick = 0; tick < 20; tick++) yield* Effect.andThen(TestClock.adjust(500), settle)
      expect(received).toEqual(["answer", "hangup"])
      expect(tried).toEqual(["0 answer", "2000 hangup"])
      expect(sent.map(label)).toEqual(["answer", "hangup"])
    }))
  it.effect("acknowledges when it is there again what came while it hung (SIG-2)", () =>
    Effect.gen(function*() {
      const { conversation, sent, state } = yield* subject
      state.channel = () => Effect.never
      yield* conversation.post(offer())
      yield* settle
      for (const seq of [0, 1, 2]) conversation.receive(far(seq), body, 10)
      yield* TestClock.adjust("1 second")
      expect(sent).toEqual([])
      state.channel = () => Effect.void
      conversation.returned()
      yield* settle
      yield* TestClock.adjust(50)
      yield* settle
      expect(sent).toContainEqual({ type: "ack", from: "phone.1", to: "desk.1", ack: 3 })
    }))
})

describe("a slow channel, which takes a text in 2 s,", () => {
  const slow: Channel = () => Effect.sleep("2 seconds")
  const atMs = (tried: ReadonlyArray<string>) => tried.map((entry) => Number(entry.split(" ")[0]))
  const pass = (ms: number) => Effect.forEach(Array.from({ length: ms / 500 }), () => Effect.andThen(TestClock.adjust(500), settle))

  it.effect("is given the next copy 0.5 s, 1, 2 and 4 s after it took the one before (SIG-5)", () =>
    Effect.gen(function*() {
      const { conversation, state, tried } = yield* subject
      state.channel = slow
      yield* conversation.post(offer())
      yield* settle
      yield* pass(30_000)
      expect(atMs(tried)).toEqual([0, 2_500, 5_500, 9_500, 15_500, 21_500, 27_500])
    }))
  it.effect("is given nothing that was acknowledged by the time it was taken", () =>
    Effect.gen(function*() {
      const { conversation, state, tried } = yield* subject
      state.channel = slow
      conversation.bind("c1", "desk.1")
      yield* conversation.post(offer())
      yield* settle
      yield* pass(2_000)
      conversation.receive(ack(1), body, 10)
      yield* pass(30_000)
      expect(tried).toEqual(["0 offer0"])
    }))
  it.effect("is given each of many once before it is given one again, and all are acknowledged for as long as it takes", () =>
    Effect.gen(function*() {
      const { conversation, sent, state, tried } = yield* subject
      state.channel = slow
      conversation.receive(far(0), body, 10)
      conversation.bind("c1", "desk.1")
      for (const message of [offer(), candidate(), candidate(), candidate()]) yield* conversation.post(message)
      yield* settle
      yield* pass(8_000)
      expect(sent.map(label)).toEqual(["offer0", "ice_candidate1", "ice_candidate2", "ice_candidate3"])
      expect(tried.slice(0, 4)).toEqual(["0 offer0", "2000 ice_candidate1", "4000 ice_candidate2", "6000 ice_candidate3"])
    }))
})

describe("a conversation that is forgotten", () => {
  it.effect("says nothing any more, whatever is posted and comes, and leaves no fiber", () =>
    Effect.gen(function*() {
      const { conversation, running, tried } = yield* subject
      yield* conversation.post(offer())
      yield* settle
      expect(yield* running).toBe(1)
      conversation.forget()
      yield* settle
      expect(yield* running).toBe(0)
      const said = tried.length
      yield* conversation.post(candidate())
      conversation.receive(far(0), body, 10)
      conversation.bind("c1", "desk.1")
      conversation.over("c1")
      conversation.returned()
      yield* TestClock.adjust("1 minute")
      yield* settle
      expect(tried).toHaveLength(said)
      expect(yield* running).toBe(0)
    }))
  it.effect("in the middle of a text, a batch, or before the first gives the channel no other", () =>
    Effect.gen(function*() {
      for (const when of ["before the first", "in a text", "in the second"] as const) {
        const { conversation, running, state, tried } = yield* subject
        state.channel = () => Effect.sleep(100)
        for (const message of [offer(), candidate(), candidate()]) yield* conversation.post(message)
        if (when !== "before the first") yield* settle
        if (when === "in the second") yield* Effect.andThen(TestClock.adjust(100), settle)
        conversation.forget()
        yield* settle
        yield* TestClock.adjust("1 minute")
        expect(tried.length, when).toBe({ "before the first": 0, "in a text": 1, "in the second": 2 }[when])
        expect(yield* running).toBe(0)
      }
    }))
  it.effect("twice, and at rest, harms nothing", () =>
    Effect.gen(function*() {
      const { conversation, running, tried } = yield* subject
      conversation.forget()
      conversation.forget()
      yield* TestClock.adjust("1 minute")
      expect([tried, yield* running]).toEqual([[], 0])
    }))
})
