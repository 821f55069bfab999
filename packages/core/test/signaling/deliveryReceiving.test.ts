/** What becomes of a message that comes in, and which lines a peer has. */
import { describe, expect, it } from "vitest"
import * as Delivery from "../../src/signaling/Delivery.ts"
import { ackOf, answer, type End, hangup, makeEnd, offer } from "./deliveryTalk.ts"

const { ahead, heldSize, lines } = Delivery.DeliveryLimits
const take = (end: End, seq: number, more: { readonly base?: number; readonly from?: string; readonly to?: string; readonly type?: string } = {}, size = 1) =>
  end.take({ type: "offer", call_id: "a", from: "bob.1", seq, base: 0, ...more }, size, `${seq}`)
const expectedOf = (end: End) => end.delivery.lines.map(({ received }) => received?.expected)

describe("SIG-3: the order", () => {
  it("is that of the numbers: what is ahead is held, and comes with the one that it waits for", () => {
    const alice = makeEnd("alice.1")
    expect([3, 1, 2, 1].map((seq) => take(alice, seq))).toEqual(["Held", "Held", "Held", "Repeated"])
    expect(alice.arrived).toEqual([])
    expect(take(alice, 0)).toBe("Arrived")
    expect(alice.arrived).toEqual(["0", "1", "2", "3"])
    expect([0, 3].map((seq) => take(alice, seq))).toEqual(["Repeated", "Repeated"])
    expect(alice.arrived).toHaveLength(4)
  })
  it("SIG-6: goes on from `base`: what is below is not owed, and what is held below comes first", () => {
    const alice = makeEnd("alice.1")
    for (const seq of [0, 2, 4, 7]) take(alice, seq)
    expect(take(alice, 9, { base: 5 })).toBe("Held")
    expect(alice.arrived).toEqual(["0", "2", "4"])
    expect(expectedOf(alice)).toEqual([5])
    expect(take(alice, 8, { base: 8 })).toBe("Arrived")
    expect(alice.arrived).toEqual(["0", "2", "4", "7", "8", "9"])
  })
  it("does not go back for an old `base`, nor beyond the message's own number", () => {
    const alice = makeEnd("alice.1")
    take(alice, 5, { base: 5 })
    expect(take(alice, 4, { base: 2 })).toBe("Repeated")
    expect(take(alice, 6, { base: 99 })).toBe("Arrived")
    expect(expectedOf(alice)).toEqual([7])
  })
  it("holds at most 64 numbers ahead", () => {
    const alice = makeEnd("alice.1")
    expect(take(alice, ahead + 1)).toBe("Refused")
    for (let seq = 1; seq <= ahead; seq++) expect(take(alice, seq)).toBe("Held")
    expect(alice.delivery.lines[0]?.received?.ahead).toHaveLength(ahead)
    take(alice, 0)
    expect(alice.arrived).toHaveLength(ahead + 1)
  })
  it("holds at most 262,144 characters of all lines of the peer; the next message is never too large", () => {
    const alice = makeEnd("alice.1")
    expect(take(alice, 1, {}, heldSize)).toBe("Held")
    expect(take(alice, 2)).toBe("Refused")
    expect(take(alice, 2, { from: "tablet.1" })).toBe("Refused")
    expect(take(alice, 0, { from: "tablet.1" }, 2 * heldSize)).toBe("Arrived")
    take(alice, 0, {}, 2 * heldSize)
    expect(take(alice, 3, {}, heldSize)).toBe("Held")
    expect(alice.arrived).toEqual(["0", "0", "1"])
  })
})

describe("SIG-6: a line that nothing is known of", () => {
  it("begins at `base`", () => {
    const alice = makeEnd("alice.1")
    expect(take(alice, 7, { base: 6 })).toBe("Held")
    expect(take(alice, 5, { base: 5 })).toBe("Repeated")
    expect(take(alice, 6, { base: 6 })).toBe("Arrived")
  })
  it("begins with an offer that has no `base`, at its own number", () => {
    const alice = makeEnd("alice.1")
    expect(alice.take({ type: "offer", from: "bob.1", seq: 7 })).toBe("Arrived")
    expect(expectedOf(alice)).toEqual([8])
  })
  it("does not begin with another message that has none: it is stale, and not acknowledged", () => {
    const alice = makeEnd("alice.1")
    for (const type of ["answer", "ice_candidate", "hangup", "whiteboard"]) {
      expect(alice.take({ type, from: "bob.1", seq: 7 })).toBe("Stale")
    }
    expect(alice.delivery).toEqual(Delivery.delivery("alice.1"))
    // Nor does it if the line has been heard by an acknowledgement alone.
    alice.take(ackOf("bob.1", "alice.1", 0))
    expect(alice.take({ type: "answer", from: "bob.1", seq: 7 })).toBe("Stale")
    expect(alice.pass(1_000)).toEqual([])
  })
})

describe("SIG-7: a message for another line of this user", () => {
  it("begins nothing, and acknowledges nothing of ours", () => {
    const alice = makeEnd("phone.1")
    alice.post(offer("a"))
    const before = alice.delivery
    expect(alice.take({ type: "hangup", from: "bob.1", seq: 0, base: 0, to: "tablet.1", ack: 1 })).toBe("Stale")
    expect(alice.delivery).toEqual(before)
  })
  it("takes up its number, in its turn, is acknowledged, and does not arrive", () => {
    const alice = makeEnd("phone.1")
    alice.post(offer("x"))
    take(alice, 0)
    expect(take(alice, 2)).toBe("Held")
    expect(alice.take({ type: "answer", from: "bob.1", seq: 1, base: 0, to: "tablet.1", ack: 1 })).toBe("Stale")
    expect(alice.arrived).toEqual(["0", "2"])
    expect(alice.delivery.lines.map(({ acked }) => acked)).toEqual([0])
    expect(alice.pass(50)).toContainEqual(ackOf("phone.1", "bob.1", 3))
    // Ahead of its turn too, and again.
    expect(take(alice, 4, { to: "tablet.1" })).toBe("Stale")
    expect(take(alice, 4, { to: "tablet.1" })).toBe("Stale")
    take(alice, 3)
    expect(alice.arrived).toEqual(["0", "2", "3"])
    expect(expectedOf(alice)).toEqual([5])
  })
  it("begins something if it is for what we were before: whoever speaks to that must hear of us", () => {
    const alice = makeEnd("phone.2")
    expect(take(alice, 3, { base: 3, to: "phone.1" })).toBe("Stale")
    expect(alice.pass(50)).toEqual([ackOf("phone.2", "bob.1", 4)])
    expect(take(makeEnd("phone.2"), 3, { to: "phone.3" })).toBe("Stale")
    const other = makeEnd("phone.2")
    take(other, 3, { to: "phone.3" })
    take(other, 3, { to: "phone" })
    expect(other.pass(50)).toEqual([])
  })
})

describe("SIG-9: a device", () => {
  it("is what stands before the last dot; without a dot each line is one", () => {
    const superseded = (first: string, second: string) => {
      const alice = makeEnd("alice.1")
      take(alice, 0, { from: first })
      take(alice, 0, { from: second })
      return alice.superseded
    }
    expect(superseded("bob.1", "bob.2")).toEqual(["bob.1"])
    expect(superseded("bob.home.1", "bob.home.2")).toEqual(["bob.home.1"])
    for (const [first, second] of [["bob.home.1", "bob.work.2"], ["bob.1", "bobby.2"], ["bob", "bob.2"], ["bob", "bobby"]] as const) {
      expect(superseded(first, second)).toEqual([])
    }
  })
  it("has one line that counts: the earlier one's messages are stale, what is held of it is dropped", () => {
    const alice = makeEnd("alice.1")
    take(alice, 0)
    take(alice, 2)
    alice.pass(50)
    take(alice, 0, { from: "bob.2" })
    expect(take(alice, 1)).toBe("Stale")
    expect(alice.take(ackOf("bob.1", "alice.1", 0))).toBe("Stale")
    expect(alice.delivery.lines).toMatchObject([{ line: "bob.1", isSuperseded: true, received: { expected: 1, ahead: [] } }, { line: "bob.2", isSuperseded: false }])
    expect(alice.pass(60_000)).toEqual([ackOf("alice.1", "bob.2", 1)])
  })
  it("tells once that a line was superseded", () => {
    const alice = makeEnd("alice.1")
    for (const from of ["bob.1", "bob.2", "bob.3", "bob.3"]) take(alice, 0, { from })
    expect(alice.superseded).toEqual(["bob.1", "bob.2"])
  })
  it("that is in a call: what sorts lower is late, and is stale", () => {
    const alice = makeEnd("alice.1")
    take(alice, 0, { from: "bob.2" })
    alice.pass(100)
    alice.bind("a", "bob.2")
    const before = alice.delivery
    expect(take(alice, 0, { from: "bob.10" })).toBe("Stale")
    expect(alice.take(ackOf("bob.1", "alice.1", 0))).toBe("Stale")
    expect(alice.delivery).toEqual(before)
    expect(alice.superseded).toEqual([])
    // When the call is over it may speak, for its clock may have been set back; it takes nobody's place.
    alice.over("a")
    expect(take(alice, 0, { from: "bob.1" })).toBe("Arrived")
    expect(take(alice, 1, { from: "bob.2" })).toBe("Arrived")
    expect(alice.superseded).toEqual([])
    // Nor in a call since which the other has been heard, though it is bound to nobody.
    alice.post(offer("b"))
    take(alice, 2, { from: "bob.2" })
    expect(take(alice, 1, { from: "bob.1" })).toBe("Stale")
    alice.over("b")
    expect(take(alice, 1, { from: "bob.1" })).toBe("Arrived")
    // A newer one takes the place of both.
    take(alice, 0, { from: "bob.3" })
    expect(alice.superseded).toEqual(["bob.2", "bob.1"])
  })
})

describe("SIG-9: two lines of a device, the earlier of which came late", () => {
  const both = () => {
    const alice = makeEnd("alice.1")
    take(alice, 0, { from: "bob.2" })
    alice.pass(1_000)
    expect(take(alice, 0, { from: "bob.1" })).toBe("Arrived")
    alice.bind("a", "bob.1")
    alice.post(answer("a"))
    return alice
  }
  it("the later one takes the earlier one's place when it acknowledges what that has not had: it is there", () => {
    const alice = both()
    alice.take(ackOf("bob.2", "alice.1", 1))
    expect(alice.superseded).toEqual(["bob.1"])
  })
  it("speak both in a call since which only the earlier one has been heard", () => {
    const alice = makeEnd("alice.1")
    take(alice, 0, { from: "bob.2" })
    alice.pass(1_000)
    alice.post(offer("b"))
    expect(take(alice, 0, { from: "bob.1" })).toBe("Arrived")
  })
  it("a repeat of the later one proves nothing", () => {
    const alice = both()
    expect(take(alice, 0, { from: "bob.2" })).toBe("Repeated")
    expect(take(alice, 1, { from: "bob.2" })).toBe("Arrived")
    expect(alice.superseded).toEqual([])
  })
})

describe("at most 16 lines of a peer are remembered", () => {
  const fill = (alice: End, count: number) => {
    for (let n = 0; n < count; n++) {
      take(alice, 0, { from: `d${n}.1` })
      alice.pass(1)
    }
  }
  const names = (alice: End) => alice.delivery.lines.map(({ line }) => line)
  it("the one that was heard longest ago is forgotten first", () => {
    const alice = makeEnd("alice.1")
    fill(alice, lines)
    take(alice, 1, { from: "d0.1" })
    take(alice, 0, { from: "new.1" })
    expect(names(alice)).toHaveLength(lines)
    expect(names(alice)).toContain("d0.1")
    expect(names(alice)).not.toContain("d1.1")
  })
  it("but none that is in a call", () => {
    const alice = makeEnd("alice.1")
    fill(alice, lines)
    for (let n = 0; n < lines; n++) alice.bind(`c${n}`, `d${n}.1`)
    expect(take(alice, 0, { from: "new.1" })).toBe("Refused")
    expect(names(alice)).not.toContain("new.1")
    alice.post(hangup("c3"))
    alice.over("c3")
    expect(take(alice, 0, { from: "new.1" })).toBe("Arrived")
    expect(names(alice)).not.toContain("d3.1")
  })
})

it("nothing is changed in place, and everything is plain JSON", () => {
  const alice = makeEnd("alice.1")
  take(alice, 0)
  take(alice, 2)
  alice.bind("a", "bob.1")
  alice.post(answer("a"))
  const before = alice.delivery
  const text = JSON.stringify(before)
  expect(JSON.parse(text)).toStrictEqual(before)
  const envelope = { type: "offer", from: "bob.1", seq: 1, base: 1, to: "alice.1", ack: 1 }
  Delivery.receive(before, { envelope, body: "", size: 1 }, 99)
  Delivery.post(before, offer("b"), 99)
  Delivery.bind(before, "b", "bob.1", 99)
  Delivery.over(before, "a", 99)
  const [sent] = alice.out
  Delivery.taken(before, sent ?? ackOf("", "", 0), 99)
  Delivery.channelReturned(before, 99)
  Delivery.poll(before, 99_999)
  expect(JSON.stringify(before)).toBe(text)
})
