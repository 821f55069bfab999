/** What a `Delivery` sends: what each copy says, who is owed it, when it goes out again, and when it is done with. */
import { describe, expect, it } from "vitest"
import * as Delivery from "../../src/signaling/Delivery.ts"
import type { SignalingMessage } from "../../src/signaling/index.ts"
import { ackOf, answer, besidesOffers, candidate, type End, hangup, makeEnd, nameOf, offer } from "./deliveryTalk.ts"

const { kept, resends } = Delivery.DeliveryLimits
const seqsOf = (messages: ReadonlyArray<SignalingMessage>) => messages.map((message) => ("seq" in message ? message.seq : undefined))
/** An offer that came from a line, so that there is something to acknowledge. */
const hear = (end: End, from: string, seq = 0) => end.take({ type: "offer", call_id: `${from}${seq}`, from, seq, base: 0 })

describe("every copy says", () => {
  it("whose it is, its number, and the first number that is still kept", () => {
    const alice = makeEnd("alice.1")
    expect(alice.post(offer("a"), candidate("a"))).toEqual([
      { ...offer("a"), from: "alice.1", seq: 0, base: 0 },
      { ...candidate("a"), from: "alice.1", seq: 1, base: 0 }
    ])
    alice.bind("a", "bob.1")
    alice.take(ackOf("bob.1", "alice.1", 1))
    expect(alice.pass(500)).toMatchObject([{ seq: 1, base: 1 }])
  })
  it("SIG-7: once the call is bound, for whom it is, and what has come from there", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    hear(alice, "bob.1", 0)
    alice.bind("a", "bob.1")
    expect(alice.post(candidate("a"))).toEqual([{ ...candidate("a"), from: "alice.1", seq: 1, base: 0, to: "bob.1", ack: 1 }])
    expect(alice.pass(500)).toMatchObject([{ type: "offer", to: "bob.1", ack: 1 }, { type: "ice_candidate", to: "bob.1", ack: 1 }])
  })
  it("nothing of what has come, if nothing has", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.bind("a", "bob.1")
    expect(alice.post(candidate("a"))).toEqual([{ ...candidate("a"), from: "alice.1", seq: 1, base: 0, to: "bob.1" }])
  })
  it("in a hangup that tells who answered: nobody, for it is for all", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    hear(alice, "bob.1")
    alice.bind("a", "bob.1")
    expect(alice.post(hangup("a", "bob.1"))).toEqual([{ ...hangup("a", "bob.1"), from: "alice.1", seq: 1, base: 0 }])
  })
})

describe("SIG-2: an acknowledgement", () => {
  it("waits 50 ms for a message to go with, and for others to be told of", () => {
    const alice = makeEnd("alice.1")
    hear(alice, "bob.1", 0)
    expect(alice.pass(40)).toEqual([])
    hear(alice, "bob.1", 1)
    expect(alice.pass(9)).toEqual([])
    expect(alice.pass(1)).toEqual([ackOf("alice.1", "bob.1", 2)])
    expect(alice.pass(60_000)).toEqual([])
  })
  it("does not go alone if a message to that line takes it along, but does to another line", () => {
    const alice = makeEnd("alice.1")
    hear(alice, "bob.1")
    hear(alice, "tablet.1")
    alice.bind("bob.10", "bob.1")
    expect(alice.post(answer("bob.10"))).toMatchObject([{ type: "answer", to: "bob.1", ack: 1 }])
    expect(alice.pass(50)).toEqual([ackOf("alice.1", "tablet.1", 1)])
  })
  it("goes at once when the channel returns", () => {
    const alice = makeEnd("alice.1")
    hear(alice, "bob.1")
    expect(alice.channelReturned()).toEqual([ackOf("alice.1", "bob.1", 1)])
  })
  it("is not acknowledged", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("bob.1", "alice.1", 1))
    expect(besidesOffers(alice, alice.pass(60_000))).toEqual([])
    alice.bind("a", "bob.1")
    alice.take(ackOf("bob.1", "alice.1", 1))
    expect(alice.pass(60_000)).toEqual([])
  })
  it("never goes back", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    alice.take(ackOf("bob.1", "alice.1", 2))
    alice.take(ackOf("bob.1", "alice.1", 1))
    expect(alice.delivery.lines.map(({ acked }) => acked)).toEqual([2])
    expect(besidesOffers(alice, alice.pass(10_000))).toEqual([])
    alice.bind("a", "bob.1")
    expect(alice.pass(10_000)).toEqual([])
  })
  it("that is behind makes the rest due, but no copy sooner than 0.5 s after the last: what is on its way is not lost", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("bob.1", "alice.1", 0))
    alice.pass(3_600)
    alice.post(candidate("a", 1))
    alice.take(ackOf("bob.1", "alice.1", 1))
    expect(alice.poll()).toEqual([])
    expect(besidesOffers(alice, alice.pass(499))).toEqual([])
    alice.post(candidate("a", 2))
    expect(besidesOffers(alice, alice.pass(1)).map(nameOf)).toEqual(["ice_candidate a 1"])
    alice.pass(8_000)
    alice.pass(1_000)
    alice.take(ackOf("bob.1", "alice.1", 2))
    expect(alice.poll().map(nameOf)).toEqual(["ice_candidate a 2"])
  })
})

describe("who is owed what", () => {
  it("SIG-7, SIG-8: is everybody who has been heard, until the call is bound; then that line only", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    for (const line of ["phone.1", "tablet.1"]) alice.take(ackOf(line, "alice.1", 0))
    alice.take(ackOf("phone.1", "alice.1", 1))
    expect(alice.pass(1_000).map(nameOf)).toContain("offer a")
    alice.bind("a", "phone.1")
    expect(alice.pass(60_000)).toEqual([])
    expect(alice.delivery.kept).toEqual([])
  })
  it("is, with a message for another line, whoever waits for a later number", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), offer("b"))
    for (const line of ["phone.1", "tablet.1"]) alice.take(ackOf(line, "alice.1", 2))
    alice.bind("b", "phone.1")
    alice.post(candidate("b"))
    alice.post(candidate("a"))
    alice.take(ackOf("phone.1", "alice.1", 4))
    expect(besidesOffers(alice, alice.pass(1_000)).map(nameOf)).toEqual(["ice_candidate b 0", "ice_candidate a 0"])
    alice.take(ackOf("tablet.1", "alice.1", 4))
    expect(besidesOffers(alice, alice.pass(10_000))).toEqual([])
  })
  it("is nobody with the last message, if that is for another line", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), offer("b"))
    for (const line of ["phone.1", "tablet.1"]) alice.take(ackOf(line, "alice.1", 2))
    alice.bind("b", "phone.1")
    alice.post(candidate("b", 0), candidate("b", 1))
    alice.take(ackOf("phone.1", "alice.1", 3))
    expect(new Set(besidesOffers(alice, alice.pass(20_000)).map(nameOf))).toEqual(new Set(["ice_candidate b 1"]))
    alice.take(ackOf("phone.1", "alice.1", 4))
    expect(alice.delivery.kept).toHaveLength(4)
    expect(besidesOffers(alice, alice.pass(20_000))).toEqual([])
  })
  it("is nobody with what was abandoned, if nothing comes after it", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("phone.1", "alice.1", 1))
    alice.post(offer("b"), hangup("b"))
    alice.over("b")
    alice.take(ackOf("phone.1", "alice.1", 1))
    expect(new Set(besidesOffers(alice, alice.pass(31_999)).map(nameOf))).toEqual(new Set(["offer b", "hangup b"]))
    expect(alice.delivery.kept).toHaveLength(3)
    expect(besidesOffers(alice, alice.pass(60_000))).toEqual([])
  })
  it("is no superseded line, though the call is for everybody", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    alice.take(ackOf("bob.1", "alice.1", 0))
    expect(alice.pass(10_000).map(nameOf)).toContain("ice_candidate a 0")
    alice.take(ackOf("bob.2", "alice.1", 2))
    expect(besidesOffers(alice, alice.pass(60_000))).toEqual([])
  })
  it("is nobody, once a line is superseded", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("bob.1", "alice.1", 0))
    alice.bind("a", "bob.1")
    alice.take(ackOf("bob.2", "alice.1", 0))
    expect(alice.pass(10_000)).toEqual([])
    expect(alice.delivery.kept).toEqual([])
  })
})

describe("while nobody has been heard", () => {
  it("SIG-27 (R9): the offer comes again and its candidates do not, for a peer without delivery fields would take each of them", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    expect(new Set(alice.pass(20_000).map(nameOf))).toEqual(new Set(["offer a"]))
    // Whoever knows delivery is heard for it, and gets all.
    alice.take(ackOf("bob.1", "alice.1", 1))
    expect(besidesOffers(alice, alice.poll()).map(nameOf)).toEqual(["ice_candidate a 0"])
  })
  it("SIG-27 (R9): who was heard in an earlier call does not count", () => {
    const alice = makeEnd("alice.1")
    alice.take(ackOf("bob.1", "alice.1", 0))
    alice.post(offer("a"), candidate("a"))
    expect(new Set(alice.pass(20_000).map(nameOf))).toEqual(new Set(["offer a"]))
  })
  it("SIG-27 (R9): after the hangup only that comes again: a repeated offer would ring once more", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    alice.post(hangup("a"))
    alice.over("a")
    expect(new Set(alice.pass(60_000).map(nameOf))).toEqual(new Set(["hangup a"]))
    expect(alice.wakeMs).toBeUndefined()
  })
  it("SIG-27 (R9): a hangup does not come again while another call is on, which it would end", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), hangup("a"))
    alice.over("a")
    alice.post(offer("b"))
    expect(new Set(alice.pass(20_000).map(nameOf))).toEqual(new Set(["offer b"]))
    // A peer that knows delivery is heard for the offer, and gets the hangup, and that first.
    alice.take(ackOf("bob.1", "alice.1", 0))
    expect(alice.poll().map(nameOf)).toEqual(["offer a", "hangup a", "offer b"])
  })
})

describe("a peer without delivery fields", () => {
  it("SIG-27 (R9): gets the candidates once more when it is known, since they may have overtaken their offer, and the offer no more", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a", 0), candidate("a", 1))
    alice.post({ type: "ice_candidate", candidate: "", call_id: "a" })
    expect(alice.take({ type: "answer" })).toBe("Plain")
    expect(alice.bind("a")).toEqual([{ ...candidate("a", 0), from: "alice.1" }, { ...candidate("a", 1), from: "alice.1" }])
    expect(alice.pass(60_000)).toEqual([])
    expect(alice.delivery.kept).toEqual([])
  })
  it("SIG-27 (R9): so it is while another call keeps what was sent", () => {
    let delivery: Delivery.Delivery<string> = Delivery.delivery("alice.1")
    for (const message of [offer("x"), offer("a"), candidate("a")]) delivery = Delivery.post(delivery, message, 0)
    const polled = Delivery.poll(Delivery.bind(delivery, "a", undefined, 0), 0)
    expect(polled.out).toEqual([{ ...candidate("a"), from: "alice.1" }, { ...offer("x"), from: "alice.1", seq: 0, base: 0 }])
    expect(polled.delivery.kept).toHaveLength(3)
    const later = Delivery.poll(polled.delivery, 1_000)
    expect(later.out.map(nameOf)).toEqual(["offer x"])
  })
  it("SIG-27 (R9): gets a message without a number and once, but a candidate once more 1 s later, since one that overtakes its description is lost", () => {
    const alice = makeEnd("alice.1")
    alice.take({ type: "offer" })
    alice.bind("a")
    const posted = [answer("a"), candidate("a", 0), candidate("a", 1)].map((message) => ({ ...message, from: "alice.1" }))
    expect(alice.post(answer("a"), candidate("a", 0), candidate("a", 1))).toEqual(posted)
    expect(alice.wakeMs).toBe(1_000)
    expect(alice.pass(999)).toEqual([])
    expect(alice.pass(1)).toEqual(posted.slice(1))
    expect(alice.pass(60_000)).toEqual([])
    expect(alice.post(hangup("a"))).toEqual([{ ...hangup("a"), from: "alice.1" }])
    alice.over("a")
    expect(alice.pass(60_000)).toEqual([])
    expect(alice.delivery).toEqual(Delivery.delivery("alice.1"))
  })
  it("SIG-27 (R9): gets no candidate once more when its call is over, which it would take for one of its next call; another call's all the same", () => {
    const alice = makeEnd("alice.1")
    for (const call of ["a", "b"]) {
      alice.bind(call)
      alice.post(answer(call), candidate(call))
    }
    alice.pass(500)
    // What is due at that moment still goes, as it does before the hangup.
    let delivery = Delivery.post(alice.delivery, candidate("a", 1), 500)
    delivery = Delivery.over(Delivery.post(delivery, hangup("a"), 500), "a", 500)
    const polled = Delivery.poll(delivery, 500)
    expect(polled.out.map(nameOf)).toEqual(["ice_candidate a 1", "hangup a"])
    expect(polled.wakeMs).toBe(1_000)
    const later = Delivery.poll(polled.delivery, 1_000)
    expect(later.out.map(nameOf)).toEqual(["ice_candidate b 0"])
    expect(later.wakeMs).toBeUndefined()
    expect(later.delivery.unnumbered).toEqual([])
  })
  it("SIG-27 (R9): gets an empty candidate that is posted: whether it understands one, whoever posts knows", () => {
    const alice = makeEnd("alice.1")
    const empty = { ...candidate("a"), candidate: "", from: "alice.1" }
    alice.bind("a")
    expect(alice.post({ type: "ice_candidate", candidate: "", call_id: "a" })).toEqual([empty])
    expect(alice.pass(60_000)).toEqual([empty])
    expect(alice.delivery.unnumbered).toEqual([])
  })
  it("SIG-25 (R9): is never sent an acknowledgement", () => {
    const alice = makeEnd("alice.1")
    for (const envelope of [{ type: "offer" }, { type: "offer", from: "bob.1", call_id: "a" }]) {
      expect(alice.take(envelope)).toBe("Plain")
      expect(alice.take(envelope)).toBe("Plain")
    }
    expect(alice.arrived).toHaveLength(4)
    expect(alice.pass(60_000)).toEqual([])
  })
})

describe("a message is kept", () => {
  it("SIG-8: while its call is not answered, acknowledged or not", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("bob.1", "alice.1", 1))
    alice.pass(600_000)
    expect(alice.delivery.kept).toHaveLength(1)
  })
  it("SIG-5: in a bound call, until that line has acknowledged it", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    alice.take(ackOf("bob.1", "alice.1", 1))
    alice.bind("a", "bob.1")
    expect(alice.delivery.kept.map(({ seq }) => seq)).toEqual([1])
    alice.pass(600_000)
    alice.take(ackOf("bob.1", "alice.1", 2))
    alice.poll()
    expect(alice.delivery.kept).toEqual([])
    expect(alice.delivery.calls).toHaveLength(1)
  })
  it("that tells who answered, for 32 s: a device whose acknowledgement is late rings, though all others know", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("phone.1", "alice.1", 1))
    alice.bind("a", "phone.1")
    alice.post(hangup("a", "phone.1"))
    alice.take(ackOf("phone.1", "alice.1", 2))
    alice.pass(20_000)
    alice.take(ackOf("tablet.1", "alice.1", 1))
    expect(alice.poll().map(nameOf)).toEqual(["hangup a"])
    // A device that is there no more holds nothing up for longer.
    alice.pass(12_000)
    expect(alice.delivery.kept).toEqual([])
    expect(alice.pass(60_000)).toEqual([])
  })
  it("that tells who answered, for 32 s after the call is over, if that comes soon", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("phone.1", "alice.1", 1))
    alice.bind("a", "phone.1")
    alice.post(hangup("a", "phone.1"))
    alice.take(ackOf("phone.1", "alice.1", 2))
    alice.pass(20_000)
    alice.over("a")
    alice.pass(31_999)
    alice.poll()
    expect(alice.delivery.kept).toHaveLength(1)
    alice.pass(1)
    expect(alice.delivery.kept).toEqual([])
  })
  it("that tells who answered, for longer if the one who answered does not know yet", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("phone.1", "alice.1", 1))
    alice.bind("a", "phone.1")
    alice.post(hangup("a", "phone.1"))
    alice.pass(60_000)
    expect(alice.delivery.kept).toHaveLength(1)
    alice.take(ackOf("phone.1", "alice.1", 2))
    alice.poll()
    expect(alice.delivery.kept).toEqual([])
  })
  it("SIG-8: of a call that ended unanswered, for 32 s, so that a device that is heard late gets the hangup at once", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), hangup("a"))
    alice.take(ackOf("phone.1", "alice.1", 2))
    alice.over("a")
    expect(new Set(alice.pass(20_000).map(nameOf))).toEqual(new Set(["hangup a"]))
    alice.take(ackOf("tablet.1", "alice.1", 1))
    expect(alice.poll().map(nameOf)).toEqual(["hangup a"])
    alice.pass(12_000)
    expect(alice.delivery).toMatchObject({ kept: [], calls: [] })
  })
  it("SIG-5: of a bound call that is over, until it is acknowledged, and at most 32 s", () => {
    for (const [acked, forMs] of [[2, 0], [1, 32_000]] as const) {
      const alice = makeEnd("alice.1")
      alice.post(offer("a"))
      alice.take(ackOf("phone.1", "alice.1", 1))
      alice.bind("a", "phone.1")
      alice.post(hangup("a"))
      alice.over("a")
      alice.take(ackOf("phone.1", "alice.1", acked))
      alice.pass(Math.max(forMs - 1, 0))
      expect(alice.delivery.kept).toHaveLength(forMs === 0 ? 0 : 1)
      alice.pass(1)
      expect(alice.delivery).toMatchObject({ kept: [], calls: [] })
    }
  })
})

describe("what goes out at once is bounded", () => {
  it("32 repeats a poll, the lowest numbers first, and the others 50 ms later", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), ...Array.from({ length: 49 }, (_, n) => candidate("a", n)))
    alice.take(ackOf("bob.1", "alice.1", 0))
    expect(alice.pass(499)).toEqual([])
    expect(seqsOf(alice.pass(1))).toEqual(Array.from({ length: resends }, (_, n) => n))
    expect(alice.wakeMs).toBe(550)
    expect(alice.pass(49)).toEqual([])
    expect(seqsOf(alice.pass(1))).toEqual(Array.from({ length: 50 - resends }, (_, n) => resends + n))
  })
  it("SIG-5: many names that are heard in one second, made up or not, cause two copies of what is owed at most", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), ...Array.from({ length: 19 }, (_, n) => candidate("a", n)))
    for (let n = 0; n < 99; n++) {
      alice.take(ackOf(`made${n}.1`, "alice.1", 0))
      alice.pass(10)
    }
    const copies = Array.from({ length: 20 }, (_, seq) => seqsOf(alice.out).filter((one) => one === seq).length)
    expect(copies).toEqual(copies.map(() => 2))
  })
  it("what lines that are gone lack holds up nobody else for long", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), ...Array.from({ length: 999 }, (_, n) => candidate("a", n)))
    for (let n = 0; n < 14; n++) alice.take(ackOf(`gone${n}.1`, "alice.1", 65 * n))
    alice.pass(10_000)
    alice.take(ackOf("bob.1", "alice.1", 999))
    expect(seqsOf(alice.pass(4_000))).toContain(999)
  })
  it("nothing is sent again to who has no room for it yet", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), ...Array.from({ length: 199 }, (_, n) => candidate("a", n)), offer("b"))
    alice.take(ackOf("bob.1", "alice.1", 10))
    alice.bind("b", "bob.1")
    const seqs = seqsOf(besidesOffers(alice, alice.pass(4_000))).map(Number)
    expect([Math.min(...seqs), Math.max(...seqs)]).toEqual([10, 74])
  })
  it("it is full at 1,024 messages, and hangups may be posted all the same", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), ...Array.from({ length: kept - 2 }, (_, n) => candidate("a", n)))
    expect(Delivery.isFull(alice.delivery)).toBe(false)
    alice.post(candidate("a"))
    expect(Delivery.isFull(alice.delivery)).toBe(true)
    expect(alice.post(hangup("a")).map(nameOf)).toEqual(["hangup a"])
  })
  it("a message for a peer without delivery fields counts, too, and so does what waits to be said once more", () => {
    const alice = makeEnd("alice.1")
    alice.bind("a")
    let delivery: Delivery.Delivery<string> = alice.delivery
    for (let n = 0; n < kept / 2; n++) {
      expect(Delivery.isFull(delivery)).toBe(false)
      delivery = Delivery.post(delivery, candidate("a", n), 0)
    }
    expect(Delivery.isFull(delivery)).toBe(true)
    expect(Delivery.isFull(Delivery.poll(delivery, 1_000).delivery)).toBe(false)
  })
  it("a poll looks at its calls and lines as often for many messages as for few: who is owed what is worked out once", () => {
    const looks = [10, 1_000].map((count) => {
      const alice = makeEnd("alice.1")
      alice.post(offer("a"))
      alice.take(ackOf("bob.1", "alice.1", 0))
      alice.bind("a", "bob.1")
      alice.post(...Array.from({ length: count }, (_, n) => candidate("a", n)))
      let all = 0
      const counted = <A extends object>(list: A): A =>
        new Proxy(list, {
          get: (of, key) => {
            all++
            return Reflect.get(of, key) as unknown
          }
        })
      const { calls, lines } = alice.delivery
      Delivery.poll({ ...alice.delivery, calls: counted(calls), lines: counted(lines) }, alice.nowMs + 100)
      return all
    })
    expect(looks[0]).toBeGreaterThan(0)
    expect(looks[1]).toBe(looks[0])
  })
  it("256 calls are remembered; the one that has been over longest is forgotten first, and its messages with it", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("live"))
    for (let n = 0; n < 300; n++) {
      alice.post(offer(`c${n}`))
      alice.over(`c${n}`)
    }
    expect(alice.delivery.calls).toHaveLength(256)
    const others = makeEnd("alice.1")
    for (let n = 0; n < 300; n++) {
      others.post(offer(`c${n}`))
      others.over(`c${n}`)
    }
    expect(others.delivery.kept.map(({ seq }) => seq)).toEqual(Array.from({ length: 256 }, (_, n) => n + 44))
    expect(alice.delivery.calls.map(({ id }) => id)).toEqual(["live", ...Array.from({ length: 255 }, (_, n) => `c${n + 45}`)])
  })
})

describe("a call", () => {
  it("that is bound stays with its line, and one that is over is not bound", () => {
    const alice = makeEnd("alice.1")
    alice.bind("a", "bob.1")
    alice.bind("a", "bob.2")
    alice.bind("a")
    expect(alice.delivery.calls).toMatchObject([{ bound: { line: "bob.1" } }])
    alice.post(hangup("a"))
    alice.over("a")
    const before = alice.delivery
    alice.bind("a", "bob.3")
    alice.over("b")
    expect(alice.delivery).toEqual(before)
    alice.post(offer("c"))
    alice.over("c")
    alice.bind("c", "bob.1")
    expect(alice.delivery.calls.at(-1)).not.toHaveProperty("bound")
  })
  it("is over once: 32 s are counted from then", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.over("a")
    alice.pass(20_000)
    alice.over("a")
    alice.pass(12_000)
    expect(alice.delivery.kept).toEqual([])
  })
})
