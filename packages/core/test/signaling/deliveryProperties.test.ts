/** `Delivery` over channels and from peers that nobody would have thought of: random, with a seed. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Delivery from "../../src/signaling/Delivery.ts"
import type { Envelope, SignalingMessage } from "../../src/signaling/index.ts"
import { seeded } from "../seed.ts"
import { answer, candidate, hangup, offer } from "./deliveryTalk.ts"

const { ahead, heldSize, lines: maxLines } = Delivery.DeliveryLimits

/** So that a change in place is an error, wherever it happens. */
const frozen = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) frozen(inner)
  }
  return value
}

/** Numbers from 0 to 1 that a seed decides. Mulberry32. */
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

interface End {
  readonly line: string
  delivery: Delivery.Delivery<string>
  wakeMs: number | undefined
  copies: number
  readonly posted: Array<string>
  readonly arrived: Array<string>
}

/** Two ends in one bound call each way, over a channel that loses 40 %, repeats 20 % and delays each copy by up to 3 s. */
const converse = (seed: number, posts: ReadonlyArray<readonly [who: 0 | 1, afterMs: number]>) => {
  const chance = random(seed)
  const makeEnd = (line: string): End => ({ line, delivery: Delivery.delivery(line), wakeMs: undefined, copies: 0, posted: [], arrived: [] })
  const ends = [makeEnd("alice.1"), makeEnd("bob.1")] as const
  let nowMs = 0
  let way: Array<{ readonly to: End; readonly text: string; readonly atMs: number }> = []
  const poll = (end: End) => {
    const polled = Delivery.poll(end.delivery, nowMs)
    end.delivery = frozen(polled.delivery)
    end.wakeMs = polled.wakeMs
    expect(polled.wakeMs ?? Infinity).toBeGreaterThan(nowMs)
    for (const message of polled.out) {
      end.copies++
      for (let copies = 0; copies < (chance() < 0.2 ? 2 : 1); copies++) {
        if (chance() < 0.4) continue
        way.push({ to: end === ends[0] ? ends[1] : ends[0], text: JSON.stringify(message), atMs: nowMs + 3_000 * chance() })
      }
    }
  }
  const post = (end: End, message: Delivery.PostedMessage) => {
    end.posted.push(JSON.stringify(message))
    end.delivery = frozen(Delivery.post(end.delivery, message, nowMs))
    poll(end)
  }
  for (const end of ends) {
    const peer = end === ends[0] ? ends[1] : ends[0]
    end.delivery = Delivery.bind(end.delivery, `call of ${end.line}`, peer.line, nowMs)
  }
  const todo = [...posts]
  let nextPostMs = 0
  for (let step = 0; step < 100_000; step++) {
    const [who, afterMs] = todo[0] ?? [0, Infinity]
    const postMs = nextPostMs + afterMs
    const atMs = Math.min(postMs, ...ends.map(({ wakeMs }) => wakeMs ?? Infinity), ...way.map((one) => one.atMs))
    if (atMs === Infinity) return { ends, nowMs }
    nowMs = Math.max(nowMs, atMs)
    if (atMs === postMs) {
      const end = ends[who]
      post(end, candidate(`call of ${end.line}`, end.posted.length))
      todo.shift()
      nextPostMs = nowMs
    }
    const arriving = way.filter((one) => one.atMs <= nowMs)
    way = way.filter((one) => one.atMs > nowMs)
    for (const { text, to } of arriving) {
      // What is written is what comes in; the text is the messages' only.
      const message = JSON.parse(text) as SignalingMessage
      const { ack: _ack, base: _base, from: _from, seq: _seq, to: _to, ...body } = { ack: 0, base: 0, seq: 0, ...message }
      const received = Delivery.receive(to.delivery, { envelope: message, body: JSON.stringify(body), size: text.length }, nowMs)
      to.delivery = frozen(received.delivery)
      to.arrived.push(...received.arrived.map((one) => one.body))
      poll(to)
    }
    for (const end of ends) if ((end.wakeMs ?? Infinity) <= nowMs) poll(end)
  }
  throw new Error("messages never end")
}

it("every message arrives once and in order over a channel that loses 40 %, repeats and reorders, and then both ends are silent", () => {
  const posts = fc.array(fc.tuple(fc.constantFrom(0 as const, 1 as const), fc.integer({ min: 0, max: 2_000 })), { maxLength: 60 })
  fc.assert(
    fc.property(fc.integer(), posts, (seed, given) => {
      const { ends } = converse(seed, given)
      expect(ends[1].arrived).toEqual(ends[0].posted)
      expect(ends[0].arrived).toEqual(ends[1].posted)
      for (const { copies, delivery, posted, wakeMs } of ends) {
        expect(wakeMs).toBeUndefined()
        expect(delivery.kept).toEqual([])
        expect(JSON.parse(JSON.stringify(delivery))).toStrictEqual(delivery)
        // Copies and acknowledgements: far from a storm.
        expect(copies).toBeLessThan(40 + 60 * (posted.length + given.length))
      }
    }),
    seeded("Delivery over a bad channel", 150)
  )
})

describe("whatever comes, what is remembered stays small", () => {
  const number = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 31))
  const names = fc.constantFrom("alice.1", "bob.1", "bob.2", "bob", "x.y.1", "__proto__", "constructor.1")
  const name = fc.oneof(names, fc.integer({ min: 0, max: 200 }).map((n) => `d${n % 40}.${n}`))
  const envelopes: fc.Arbitrary<Envelope> = fc.record({
    type: fc.constantFrom("offer", "answer", "ice_candidate", "hangup", "ack", "whiteboard"),
    from: name,
    to: fc.oneof(fc.constant("alice.1"), name),
    seq: number,
    ack: number,
    base: number,
    call_id: fc.oneof(fc.constantFrom("live", "__proto__"), fc.integer({ min: 0, max: 1_000 }).map(String))
  }, { requiredKeys: [] })

  const checkBounds = (delivery: Delivery.Delivery<number>) => {
    expect(delivery.lines.length).toBeLessThanOrEqual(maxLines)
    expect(delivery.calls.length).toBeLessThanOrEqual(256)
    expect(delivery.kept.length).toBeLessThanOrEqual(32)
    expect(delivery.unnumbered).toEqual([])
    let size = 0
    for (const { received } of delivery.lines) {
      const held = received?.ahead ?? []
      expect(held.length).toBeLessThanOrEqual(ahead)
      for (const one of held) size += one.size
      for (const { seq } of held) expect(seq - (received?.expected ?? 0)).toBeLessThanOrEqual(ahead)
    }
    expect(size).toBeLessThanOrEqual(heldSize)
  }

  it("100,000 envelopes of all kinds", () => {
    const { seed } = seeded("a flood of envelopes", 0)
    const samples = fc.sample(envelopes, { numRuns: 5_000, seed: seed ?? 0 })
    const chance = random(seed ?? 0)
    let delivery: Delivery.Delivery<number> = Delivery.delivery("alice.1")
    for (let n = 0; n < 30; n++) delivery = Delivery.post(delivery, n === 0 ? offer("live") : candidate("live", n), 0)
    let sent = 0
    const fates: { [fate: string]: number } = {}
    let nowMs = 0
    for (let n = 0; n < 100_000; n++) {
      nowMs += n % 10
      // Fields of one sample with those of another: more kinds than were drawn.
      const one = samples[Math.floor(chance() * samples.length)] ?? {}
      const other = samples[Math.floor(chance() * samples.length)] ?? {}
      const envelope = { ...one, ...(other.from === undefined ? {} : { from: other.from }) }
      const received = Delivery.receive(delivery, { envelope, body: n, size: Math.floor(chance() * 20_000) }, nowMs)
      delivery = received.delivery
      fates[received.fate._tag] = (fates[received.fate._tag] ?? 0) + 1
      if (envelope.type === "offer" && chance() < 0.1 && envelope.call_id !== undefined && envelope.call_id !== "live") {
        delivery = Delivery.bind(delivery, envelope.call_id, envelope.from, nowMs)
        delivery = Delivery.over(delivery, envelope.call_id, nowMs)
      }
      if (n % 50 === 0) {
        const polled = Delivery.poll(delivery, nowMs)
        delivery = polled.delivery
        sent += polled.out.length
        // 32 repeats and an acknowledgement for each line, however much has come.
        expect(polled.out.length).toBeLessThanOrEqual(32 + maxLines)
      }
      if (n % 500 === 0) checkBounds(delivery)
    }
    checkBounds(delivery)
    expect(sent).toBeGreaterThan(0)
    // The flood has met each fate, and often.
    for (const fate of ["Arrived", "Plain", "Acked", "Held", "Repeated", "Refused", "Stale"]) expect(fates[fate]).toBeGreaterThan(100)
  })

  it("no text of an envelope makes it fail", () => {
    const any = fc.record({ type: fc.string(), from: fc.string(), to: fc.string(), seq: fc.nat(), ack: fc.nat(), base: fc.nat(), call_id: fc.string() }, { requiredKeys: [] })
    fc.assert(
      fc.property(fc.array(fc.oneof(any, envelopes), { maxLength: 40 }), (given) => {
        let delivery: Delivery.Delivery<number> = frozen(Delivery.post(Delivery.delivery("alice.1"), answer("live"), 0))
        for (const [n, envelope] of given.entries()) {
          delivery = frozen(Delivery.receive(delivery, { envelope, body: n, size: 1 }, n).delivery)
          delivery = frozen(Delivery.poll(delivery, n).delivery)
        }
        delivery = Delivery.over(Delivery.post(delivery, hangup("live"), 100), "live", 100)
        // Whoever has been here: what is over is forgotten, and nothing is left to do.
        let wakeMs: number | undefined = 0
        for (let n = 0; n < 10_000 && wakeMs !== undefined; n++) ({ delivery, wakeMs } = Delivery.poll(delivery, Math.max(100, wakeMs)))
        expect(wakeMs).toBeUndefined()
        expect(delivery.kept).toEqual([])
      }),
      seeded("any envelopes", 500)
    )
  })
})
