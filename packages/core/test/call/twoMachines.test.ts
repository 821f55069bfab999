import { ok } from "node:assert/strict"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seeded } from "../seed.ts"
import { inputs } from "./situations.ts"
import { agree, connectedMachines, type End, settle, twoMachines } from "./twoMachines.ts"

interface Moment {
  readonly who: number
  readonly what: number
}
const moments = (maxLength: number) => fc.array(fc.record({ who: fc.nat(1), what: fc.nat(10_000) }), { maxLength, size: "max" })

/** What may happen at an end now. Engines answer, and messages come, when they like; neither is lost or overtaken. */
const happensTo = (end: End, peer: End): ReadonlyArray<() => unknown> => {
  const does: Array<() => unknown> = []
  const { state } = end
  if (end.call.asked !== undefined) does.push(() => end.engineDoes(), () => end.engineDoes(), () => end.engineDoes())
  if (peer.outbox.length > 0) does.push(() => end.hears(peer), () => end.hears(peer), () => end.hears(peer))
  if (state._tag === "Connected") {
    does.push(
      () => end.does(inputs.userSharesScreen),
      () => end.does(inputs.engineNeedsRound),
      () => end.does(inputs.userRestartsIce),
      () => end.does(inputs.engineInterrupted),
      () => end.does(inputs.engineLost),
      () => end.does(inputs.engineUp),
      () => end.finds()
    )
    const { media, negotiation } = state
    if (media._tag === "Interrupted" && media.grace !== undefined) {
      const { grace } = media
      does.push(() => end.does({ _tag: "TimerFired", timer: state.call.role === "caller" ? "callerGrace" : "calleeGrace", token: grace }))
    }
    if (negotiation._tag === "Stable" && negotiation.retry !== undefined) does.push(() => end.triesAgain())
    if (negotiation._tag === "Creating" && end.call.asked !== undefined) does.push(() => end.engineRefuses())
  }
  return does
}

const live = (a: End, b: End, story: ReadonlyArray<Moment>) => {
  for (const { what, who } of story) {
    const [end, peer] = who === 0 ? [a, b] : [b, a]
    const does = happensTo(end, peer)
    if (does.length > 0) does[what % does.length]?.()
  }
}

/** Each engine has the peer's candidates for the credentials that hold, and none of others that came after them. */
const exchanged = (end: End, peer: End, found: ReadonlyArray<string>) => {
  for (const one of found) ok(end.added.includes(one), `${end.line} lacks ${one} of ${peer.line}`)
}

describe("two ends that keep the order", () => {
  it("SIG-18, SIG-19, SIG-20, SIG-21: come to rest in the same call, the same round and the same credentials, whatever is wanted and when", () => {
    const most = { rounds: 0, rolledBack: 0 }
    fc.assert(
      fc.property(moments(80), (story) => {
        const { a, b } = connectedMachines()
        live(a, b, story)
        settle(a, b)
        agree(a, b)
        // What is found now gets there.
        const found = [a.finds(), b.finds()] as const
        settle(a, b)
        exchanged(b, a, [found[0]])
        exchanged(a, b, [found[1]])
        if (a.state._tag === "Connected") most.rounds = Math.max(most.rounds, a.state.remote.described)
        most.rolledBack += b.call.commands.filter(({ _tag }) => _tag === "RollBack").length
        expect(a.call.commands.filter(({ _tag }) => _tag === "RollBack")).toEqual([])
      }),
      seeded("two ends in a call", 1_500)
    )
    // The stories were worth telling.
    expect(most.rounds).toBeGreaterThan(5)
    expect(most.rolledBack).toBeGreaterThan(5)
  })

  it("SIG-10, SIG-11: that call each other come to the same call, whoever hears and makes what first", () => {
    const ids = new Set<string>()
    fc.assert(
      fc.property(moments(30), (story) => {
        const { a, b } = twoMachines()
        a.callsPeer()
        b.callsPeer()
        live(a, b, story)
        settle(a, b)
        agree(a, b)
        expect([a.calls.length, b.calls.length]).toEqual([1, 1])
        ids.add(a.call.id)
      }),
      seeded("two ends that collide", 1_500)
    )
    expect(ids.size).toBe(2)
  })

  it("SIG-17: end together, whoever hangs up and when", () => {
    fc.assert(
      fc.property(moments(40), moments(10), fc.boolean(), fc.boolean(), (before, after, collides, byA) => {
        const { a, b } = collides ? twoMachines() : connectedMachines()
        if (collides) for (const end of [a, b]) end.callsPeer()
        live(a, b, before)
        const hangsUp = byA ? a : b
        hangsUp.hangsUp()
        live(a, b, after)
        settle(a, b)
        // A call of the peer's that had not met the one that was hung up rings here, as it should: nobody has declined it.
        const rings = hangsUp.state._tag === "IncomingOffer"
        for (const { state } of [...a.calls, ...b.calls].filter(({ id }) => !rings || id !== hangsUp.call.id)) {
          expect(state._tag).toBe("Ended")
        }
      }),
      seeded("two ends that end", 1_500)
    )
  })
})
