/** The rules R1 to R4 of delivery, each with what goes wrong without it. */
import { describe, expect, it } from "vitest"
import { ackOf, answer, besidesOffers, candidate, type End, hangup, makeEnd, nameOf, offer, talk } from "./deliveryTalk.ts"

describe("R1: delivery belongs to the line, and outlives its calls", () => {
  it("SIG-1 (R1): a hangup that the offer of the next call overtakes arrives before it", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    const [offerA] = alice.post(offer("a"))
    const [hangupA] = alice.post(hangup("a"))
    alice.over("a")
    const [offerB] = alice.post(offer("b"))
    expect([offerB, hangupA, offerA].map((message) => bob.take(message ?? {}))).toEqual(["Held", "Held", "Arrived"])
    expect(bob.arrived).toEqual(["offer a", "hangup a", "offer b"])
  })
  it("SIG-1 (R1): who declines a call and makes another is understood in that order", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    for (const message of alice.post(offer("a"))) bob.take(message)
    bob.bind("a", "alice.1")
    const [declined] = bob.post(hangup("a"))
    bob.over("a")
    const [offerB] = bob.post(offer("b"))
    expect(alice.take(offerB ?? {})).toBe("Held")
    alice.take(declined ?? {})
    expect(alice.arrived).toEqual(["hangup a", "offer b"])
  })
  it("SIG-1 (R1): a repeated offer of a call that is over does not ring again, however late it comes", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    const [offerA] = alice.post(offer("a"))
    bob.take(offerA ?? {})
    bob.bind("a", "alice.1")
    bob.over("a")
    bob.pass(3_600_000)
    expect(bob.take(offerA ?? {})).toBe("Repeated")
    expect(bob.arrived).toEqual(["offer a"])
  })
  it("SIG-1 (R1): one sequence runs over all calls", () => {
    const alice = makeEnd("alice.1")
    expect(alice.post(offer("a"), candidate("a"), offer("b"), hangup("a")).map((message) => "seq" in message && message.seq)).toEqual([0, 1, 2, 3])
    expect(new Set(alice.out.map(({ from }) => from))).toEqual(new Set(["alice.1"]))
  })
  it("SIG-6 (R1): a conversation that was forgotten goes on from a higher number, and is understood", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    alice.post(offer("a"))
    talk(alice, bob)
    const forgetful = makeEnd("alice.1", 0, 100)
    expect(bob.take(forgetful.post(offer("b"))[0] ?? {})).toBe("Arrived")
  })
})

describe("R2: an acknowledgement names the line whose messages it acknowledges", () => {
  it("SIG-2 (R2): what one device has acknowledged is still sent to the other", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    alice.take(ackOf("phone.1", "alice.1", 2))
    alice.take(ackOf("tablet.1", "alice.1", 0))
    expect(alice.pass(4_000).map(nameOf)).toContain("ice_candidate a 0")
    alice.take(ackOf("tablet.1", "alice.1", 2))
    expect(besidesOffers(alice, alice.pass(30_000))).toEqual([])
    alice.bind("a", "tablet.1")
    expect(alice.pass(30_000)).toEqual([])
  })
  it("SIG-2 (R2): an acknowledgement of another line's messages, or of what was never sent, is not counted", () => {
    const alice = makeEnd("alice.2")
    alice.post(offer("a"))
    for (const ack of [ackOf("bob.1", "alice.1", 1), ackOf("bob.1", "carol.1", 1), ackOf("bob.1", "alice.2", 2)]) {
      expect(alice.take(ack)).toBe("Stale")
    }
    for (const part of [{ ack: 1 }, { to: "alice.2" }]) expect(alice.take({ type: "ack", from: "bob.1", ...part })).toBe("Stale")
    expect(alice.delivery.lines).toEqual([])
    // The same within a message: that arrives, and acknowledges nothing.
    alice.take({ type: "offer", call_id: "b", from: "bob.1", seq: 0, base: 0, to: "alice.2", ack: 2 })
    expect(alice.delivery.lines.map(({ acked }) => acked)).toEqual([0])
  })
  it("SIG-2 (R2): every copy is acknowledged: one that has come before, one that is held, one that there is no room for", () => {
    const bob = makeEnd("bob.1")
    const at = (seq: number) => ({ type: "offer", call_id: "a", from: "alice.1", seq, base: 0 })
    for (const [seq, fate, ack] of [[0, "Arrived", 1], [0, "Repeated", 1], [5, "Held", 1], [5, "Repeated", 1], [99, "Refused", 1]] as const) {
      expect(bob.take(at(seq))).toBe(fate)
      expect(bob.pass(50)).toEqual([ackOf("bob.1", "alice.1", ack)])
    }
  })
  it("SIG-4 (R2): a message of a type that only later versions know holds up nothing, and neither does one that cannot be read", () => {
    const bob = makeEnd("bob.1")
    const from = { from: "alice.1", base: 0, call_id: "a" }
    bob.take({ ...from, type: "offer", seq: 0 })
    bob.take({ ...from, type: "hangup", seq: 2 })
    expect(bob.take({ ...from, type: "whiteboard", seq: 1 }, 1, "not to be read")).toBe("Arrived")
    expect(bob.arrived).toEqual(["offer a", "not to be read", "hangup a"])
  })
  it("R2: our own echo is dropped", () => {
    const alice = makeEnd("alice.1")
    const [own] = alice.post(offer("a"))
    const before = alice.delivery
    expect([own ?? {}, ackOf("alice.1", "alice.1", 1)].map((message) => alice.take(message))).toEqual(["Stale", "Stale"])
    expect(alice.delivery).toBe(before)
  })
})

describe("R3: what is owed is sent again", () => {
  it("SIG-5 (R3): a lost hangup comes again after the call, until it is acknowledged, for at most 32 s", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    alice.post(offer("a"))
    talk(alice, bob)
    const lost = alice.post(hangup("a"))
    alice.over("a")
    expect(lost.map(nameOf)).toEqual(["hangup a"])
    const copies = alice.pass(31_999).map(nameOf)
    expect(copies).toEqual(copies.map(() => "hangup a"))
    // After 0.5, 1, 2, 4, 4, … s.
    expect(copies).toHaveLength(10)
    expect(alice.pass(60_000)).toEqual([])
    expect(alice.wakeMs).toBeUndefined()
    expect(alice.delivery.kept).toEqual([])
    expect(alice.delivery.calls).toEqual([])
  })
  it("SIG-5 (R3): copies go out after 0.5 s, 1 s, 2 s and then every 4 s, and nothing is given up while the call is on", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    const sentMs: Array<number> = []
    for (let n = 0; n < 60; n++) {
      if (alice.pass(500).length > 0) sentMs.push(alice.nowMs)
    }
    expect(sentMs).toEqual([500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500])
  })
  it("SIG-5 (R3): when the channel returns all that is owed goes out at once, and soon again", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.pass(20_000)
    expect(alice.channelReturned().map(nameOf)).toEqual(["offer a"])
    expect(alice.pass(499)).toEqual([])
    expect(alice.pass(1).map(nameOf)).toEqual(["offer a"])
  })
  it("SIG-5 (R3): a slow channel: the wait for the next copy begins when it has taken this one", () => {
    const alice = makeEnd("alice.1")
    const [first, second] = alice.post(offer("a"), offer("b"))
    alice.pass(400)
    expect(alice.taken(first ?? ackOf("", "", 0))).toEqual([])
    // That of the other has begun already.
    expect(alice.pass(100)).toEqual([{ ...second }])
    expect(alice.pass(399)).toEqual([])
    expect(alice.pass(1)).toEqual([{ ...first }])
    expect(alice.nowMs).toBe(900)
    // The wait that was to come is as long as it would have been.
    expect(alice.pass(999).map(nameOf)).toEqual(["offer b"])
    expect(alice.pass(1).map(nameOf)).toEqual(["offer a"])
  })
  it("SIG-5 (R3): a channel that takes a copy at once, takes it twice, or takes what has no number, changes nothing", () => {
    const alice = makeEnd("alice.1")
    const [first] = alice.post(offer("a"))
    alice.post(offer("b"))
    alice.take(ackOf("bob.1", "alice.1", 0))
    alice.poll()
    const before = alice.delivery
    for (const message of [...alice.out, ackOf("alice.1", "bob.1", 1), hangup("a")]) alice.taken(message)
    expect(alice.delivery).toEqual(before)
    alice.pass(200)
    alice.taken(first ?? ackOf("", "", 0))
    const after = alice.delivery
    alice.taken(first ?? ackOf("", "", 0))
    expect(alice.delivery).toEqual(after)
    // What is acknowledged meanwhile is not brought back.
    alice.bind("a", "bob.1")
    alice.take(ackOf("bob.1", "alice.1", 1))
    alice.poll()
    alice.taken(first ?? ackOf("", "", 0))
    expect(alice.delivery.kept.map(({ seq }) => seq)).toEqual([1])
  })
  it("SIG-6 (R3): what was abandoned leaves no gap, and the line keeps its name", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    alice.post(offer("a"))
    talk(alice, bob)
    alice.post(candidate("a"), hangup("a"))
    alice.over("a")
    alice.pass(40_000)
    const [offerB] = alice.post(offer("b"))
    expect(offerB).toMatchObject({ from: "alice.1", seq: 3, base: 3 })
    expect(bob.take(offerB ?? {})).toBe("Arrived")
    expect(bob.arrived).toEqual(["offer a", "offer b"])
  })
  it("SIG-6 (R3): what was abandoned behind something that is still kept is sent to whoever waits for its number", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    alice.post(offer("a"))
    alice.post(offer("b"), hangup("b"))
    alice.over("b")
    alice.pass(40_000)
    alice.post(candidate("a"))
    talk(alice, bob)
    expect(bob.arrived).toEqual(["offer a", "offer b", "hangup b", "ice_candidate a 0"])
  })
})

describe("R4: a call that is not answered yet is for every device that is heard", () => {
  it("SIG-8 (R4): who is heard late gets the offer and all after it, acknowledged by others or not", () => {
    const alice = makeEnd("alice.1")
    const phone = makeEnd("phone.1")
    alice.post(offer("a"), candidate("a", 0), candidate("a", 1))
    talk(alice, phone)
    expect(besidesOffers(alice, alice.pass(10_000))).toEqual([])
    expect(alice.take(ackOf("tablet.1", "alice.1", 0))).toBe("Acked")
    expect(alice.poll().map(nameOf)).toEqual(["offer a", "ice_candidate a 0", "ice_candidate a 1"])
  })
  it("SIG-8 (R4): the offer goes out every 4 s, acknowledged by all who were heard or not: who comes late says nothing until it rings", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    alice.take(ackOf("phone.1", "alice.1", 2))
    const sent: Array<readonly [name: string, atMs: number]> = []
    while (alice.nowMs < 20_000) for (const message of alice.pass(500)) sent.push([nameOf(message), alice.nowMs])
    expect(sent).toEqual([500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500].map((atMs) => ["offer a", atMs]))
    // The tablet was woken by a push.
    const tablet = makeEnd("tablet.1", alice.nowMs)
    const [late] = alice.pass(4_000)
    expect(tablet.take(late ?? {})).toBe("Arrived")
    talk(alice, tablet)
    expect(tablet.arrived).toEqual(["offer a", "ice_candidate a 0"])
  })
  it("SIG-8 (R4): acknowledgements of such offers call for nothing, and make none of them come sooner", () => {
    const [alice, phone] = [makeEnd("alice.1"), makeEnd("phone.1")]
    alice.post(offer("a"), candidate("a"))
    talk(alice, phone)
    const before = alice.out.length
    for (let n = 0; n < 400; n++) {
      for (const message of alice.pass(100)) phone.take(message)
      for (const message of phone.pass(100)) alice.take(message)
    }
    expect(alice.out.slice(before).map(nameOf)).toEqual(Array.from({ length: 10 }, () => "offer a"))
  })
  it("SIG-8 (R4): once the call is with a line, or over, its offer goes out no more", () => {
    const ends: ReadonlyArray<(alice: End) => unknown> = [
      (alice) => alice.bind("a", "phone.1"),
      (alice) => alice.bind("a"),
      (alice) => alice.over("a")
    ]
    for (const end of ends) {
      const alice = makeEnd("alice.1")
      alice.post(offer("a"))
      alice.take(ackOf("phone.1", "alice.1", 1))
      expect(new Set(alice.pass(10_000).map(nameOf))).toEqual(new Set(["offer a"]))
      end(alice)
      expect(alice.pass(60_000)).toEqual([])
      expect(alice.wakeMs).toBeUndefined()
    }
  })
  it("SIG-8 (R4): so it is with each of several calls that nobody has answered, and with no other", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), offer("b"), offer("c"))
    alice.take(ackOf("phone.1", "alice.1", 3))
    alice.bind("b", "phone.1")
    expect(new Set(alice.pass(10_000).map(nameOf))).toEqual(new Set(["offer a", "offer c"]))
  })
  it("SIG-8 (R4): what ends the ringing goes out for 32 s, acknowledged by all who were heard or not: who rings may not have been heard", () => {
    const ends: ReadonlyArray<(alice: End) => unknown> = [
      (alice) => {
        alice.post(hangup("a"))
        alice.over("a")
      },
      (alice) => {
        alice.bind("a", "phone.1")
        alice.post(hangup("a", "phone.1"))
      }
    ]
    for (const end of ends) {
      const alice = makeEnd("alice.1")
      const [ringing] = alice.post(offer("a"))
      alice.take(ackOf("phone.1", "alice.1", 1))
      const tablet = makeEnd("tablet.1")
      tablet.take(ringing ?? {})
      end(alice)
      alice.take(ackOf("phone.1", "alice.1", 2))
      const sentMs: Array<number> = []
      for (let n = 0; n < 120; n++) {
        for (const message of alice.pass(500)) {
          expect(nameOf(message)).toBe("hangup a")
          tablet.take(message)
          sentMs.push(alice.nowMs)
        }
      }
      expect(sentMs).toEqual([500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
      expect(tablet.arrived).toEqual(["offer a", "hangup a"])
      expect(alice.wakeMs).toBeUndefined()
    }
  })
  it("SIG-8 (R4): who is there and has all gets no hangup again while another call is on, which it would end where no call has a name", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.post(hangup("a"))
    alice.over("a")
    alice.take(ackOf("phone.1", "alice.1", 2))
    alice.post(offer("b"))
    alice.take(ackOf("phone.1", "alice.1", 3))
    expect(new Set(alice.pass(10_000).map(nameOf))).toEqual(new Set(["offer b"]))
    alice.bind("b", "phone.1")
    expect(alice.pass(5_000)).toEqual([])
    alice.over("b")
    expect(new Set(alice.pass(5_000).map(nameOf))).toEqual(new Set(["hangup a"]))
  })
  it("SIG-6 (R4): who knows nothing of a line begins with the first message that is owed", () => {
    const alice = makeEnd("alice.1")
    const bob = makeEnd("bob.1")
    alice.post(offer("a"), hangup("a"))
    alice.over("a")
    alice.pass(40_000)
    const [, second] = alice.post(offer("b"), candidate("b"))
    expect(second).toMatchObject({ seq: 3, base: 2 })
    expect(bob.take(second ?? {})).toBe("Held")
    talk(alice, bob)
    expect(bob.arrived).toEqual(["offer b", "ice_candidate b 0"])
  })
  it("SIG-9 (R4): a new line of a device takes the place of the earlier one, which is owed nothing and is stale from then on", () => {
    const alice = makeEnd("alice.1")
    const [before, after] = [makeEnd("bob.1"), makeEnd("bob.2")]
    alice.post(offer("a"))
    talk(alice, before)
    before.bind("a", "alice.1")
    const late = before.post(answer("a"), candidate("a"))
    alice.take(late[0] ?? {})
    alice.bind("a", "bob.1")
    alice.post(candidate("a"))
    alice.take(after.post(offer("b"))[0] ?? {})
    expect(alice.superseded).toEqual(["bob.1"])
    expect(alice.take(late[1] ?? {})).toBe("Stale")
    expect(alice.arrived).toEqual(["answer a", "offer b"])
    expect(alice.pass(30_000).filter((message) => message.type !== "ack")).toEqual([])
  })
  it("SIG-9 (R4): the hangup of a call whose line is no more is for all: the device that has started anew may ring for it", () => {
    const [alice, tablet] = [makeEnd("alice.1"), makeEnd("tablet.1")]
    const [offerA] = alice.post(offer("a"))
    alice.take(ackOf("bob.1", "alice.1", 1))
    alice.bind("a", "bob.1")
    alice.post(candidate("a"))
    const after = makeEnd("bob.2")
    for (const end of [after, tablet]) end.take(offerA ?? {})
    for (const end of [after, tablet]) for (const message of end.pass(50)) alice.take(message)
    expect(alice.superseded).toEqual(["bob.1"])
    const [ended] = alice.post(hangup("a"))
    expect(ended).toEqual({ ...hangup("a"), from: "alice.1", seq: 2, base: 2 })
    alice.over("a")
    talk(alice, after, tablet)
    expect([after.arrived, tablet.arrived]).toEqual([["offer a", "hangup a"], ["offer a", "hangup a"]])
  })
  it("SIG-9 (R4): so is a hangup that was posted before the line was no more, and nothing else of its call", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"))
    alice.take(ackOf("bob.1", "alice.1", 1))
    alice.bind("a", "bob.1")
    expect(alice.post(candidate("a"), hangup("a"))).toMatchObject([{ to: "bob.1" }, { to: "bob.1" }])
    alice.over("a")
    alice.take(ackOf("bob.2", "alice.1", 1))
    const copies = alice.pass(20_000)
    expect(copies[0]).toMatchObject({ seq: 2, base: 2 })
    expect(new Set(copies.map(nameOf))).toEqual(new Set(["hangup a"]))
    for (const copy of copies) expect(copy).not.toHaveProperty("to")
    alice.take(ackOf("bob.2", "alice.1", 3))
    alice.pass(12_000)
    expect(alice.pass(60_000)).toEqual([])
    expect(alice.delivery).toMatchObject({ kept: [], calls: [] })
  })
  it("SIG-9 (R4): who has started anew takes the end of a call of its earlier line for its own, if a late copy of the offer made it ring", () => {
    const alice = makeEnd("alice.1")
    const [offerA] = alice.post(offer("a"))
    alice.take(ackOf("bob.1", "alice.1", 1))
    alice.bind("a", "bob.1")
    const [candidateA, hangupA] = alice.post(candidate("a"), hangup("a"))
    alice.over("a")
    const after = makeEnd("bob.2")
    expect([offerA, candidateA, hangupA].map((message) => after.take(message ?? {}))).toEqual(["Arrived", "Stale", "Arrived"])
    expect(after.arrived).toEqual(["offer a", "hangup a"])
    // Of another device, and of a later start, it is none of its business.
    for (const line of ["tablet.1", "bob.0"]) {
      const other = makeEnd(line)
      expect([offerA, candidateA, hangupA].map((message) => other.take(message ?? {}))).toEqual(["Arrived", "Stale", "Stale"])
    }
  })
  it("SIG-5 (R3): who is heard for the first time gets what it has not acknowledged 0.5 s after the last copy, or else at once, and nobody the rest", () => {
    for (const [heardMs, afterMs] of [[100, 400], [499, 1], [500, 0], [1_400, 0]] as const) {
      const alice = makeEnd("alice.1")
      alice.post(offer("a"), candidate("a", 0), candidate("a", 1))
      alice.pass(heardMs)
      alice.take(ackOf("phone.1", "alice.1", 2))
      if (afterMs > 0) expect(alice.pass(afterMs - 1)).toEqual([])
      expect(besidesOffers(alice, alice.pass(Math.min(afterMs, 1))).map(nameOf)).toEqual(["ice_candidate a 1"])
    }
  })
  it("SIG-9 (R4): a device that starts anew and is spoken to as what it was before makes itself heard, so that its call ends", () => {
    const alice = makeEnd("alice.1")
    const after = makeEnd("bob.2")
    alice.take({ type: "offer", call_id: "a", from: "bob.1", seq: 0, base: 0 })
    alice.bind("a", "bob.1")
    const [answered] = alice.post(answer("a"))
    expect(after.take(answered ?? {})).toBe("Stale")
    expect(after.arrived).toEqual([])
    for (const message of after.pass(50)) alice.take(message)
    expect(alice.superseded).toEqual(["bob.1"])
  })
  it("SIG-9 (R4): an acknowledgement of an earlier line that comes late does not silence the later one", () => {
    const alice = makeEnd("alice.1")
    alice.post(offer("a"), candidate("a"))
    alice.take(ackOf("bob.2", "alice.1", 1))
    alice.take(ackOf("bob.1", "alice.1", 2))
    expect(alice.superseded).toEqual([])
    expect(alice.pass(1_000).map(nameOf)).toContain("ice_candidate a 0")
  })
})
