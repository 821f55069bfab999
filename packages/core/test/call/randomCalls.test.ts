import { deepStrictEqual, ok } from "node:assert/strict"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, step } from "../../src/call/index.ts"
import { seeded } from "../seed.ts"
import { FakeSession } from "./FakeSession.ts"
import { candidate, endOfCandidates, inputs, offerOf, situations } from "./situations.ts"

const failure = inputs.engineRefused.failure

/** Something that happens: chosen by `what` among all that can happen now, with a number to choose its details. */
interface Moment {
  readonly what: number
  readonly detail: number
}

/** Everything that may happen to a session now: more often what it waits for, and at times what it does not. */
const possible = (session: FakeSession, detail: number) => {
  const feed = (input: CallInput) => () => void session.feed(input)
  const aware = detail % 3 !== 0
  const from = aware ? { callId: "call-1", aware } : { aware }
  const stranger = { callId: "call-2", aware: true }
  const found = detail % 4 === 0 ? endOfCandidates : candidate(detail)
  const happens: Array<() => void> = [
    feed(inputs.userCalls),
    feed(inputs.userAccepts),
    feed(inputs.userAccepts),
    feed({ _tag: "PeerOffered", sdp: offerOf(1, detail % 4 === 0 ? 2 : 1), callId: "call-1", aware }),
    feed({ _tag: "PeerAnswered", sdp: "answer", ...from }),
    feed({ _tag: "PeerAnswered", sdp: "answer", ...from }),
    feed({ _tag: "PeerTrickled", candidate: candidate(detail), ...from }),
    feed(detail % 2 === 0 ? inputs.userMutes : inputs.userSharesScreen),
    feed(([
      inputs.userHangsUp,
      inputs.userDeclines,
      { _tag: "PeerHungUp", reason: "normal", ...from },
      { _tag: "PeerHungUp", reason: "normal", ...stranger },
      { _tag: "PeerAnswered", sdp: "answer", ...stranger },
      inputs.peerTricklesOther,
      // Before the call has an offer, this would be its own.
      session.state._tag === "Idle" ? inputs.engineFailed : inputs.peerOffersOther,
      inputs.engineFailed,
      // What nobody waits for: results and fires of numbers that were never given.
      { _tag: "EngineOffered", operation: 1_000 + detail, sdp: "late" },
      { _tag: "EngineAnswered", operation: 0, sdp: "late" },
      { _tag: "EngineApplied", operation: -1 },
      { _tag: "EngineRefused", operation: 0, failure },
      { _tag: "TimerFired", timer: (["ring", "connect", "reconnect"] as const)[detail % 3] ?? "ring", token: 0 }
    ] as const)[detail % 13] ?? inputs.engineFailed)
  ]
  const [next] = session.pending
  if (next !== undefined) {
    const settle = () => {
      session.pending.shift()
      const { kind, operation } = next
      if (detail % 5 === 0) return void session.feed({ _tag: "EngineRefused", operation, failure })
      if (kind === "CreateOffer") session.feed({ _tag: "EngineOffered", operation, sdp: "our offer" })
      if (kind === "CreateAnswer") session.feed({ _tag: "EngineAnswered", operation, sdp: "our answer" })
      if (kind === "ApplyAnswer") session.feed({ _tag: "EngineApplied", operation })
    }
    happens.push(settle, settle, settle, settle)
  }
  if (session.peer === "open") {
    happens.push(
      feed({ _tag: "EngineTrickled", candidate: found }),
      feed({ _tag: "EngineTrickled", candidate: found }),
      feed(inputs.engineUp),
      feed(inputs.engineInterrupted)
    )
  }
  if (session.peer === "closing") {
    const closed = () => {
      session.peer = "closed"
      session.feed(inputs.engineClosed)
    }
    happens.push(closed, closed)
  }
  // Patience: timers fire less often than the rest.
  if (detail % 3 === 0) for (const timer of session.timers.keys()) happens.push(() => void session.fire(timer))
  return happens
}

const live = (session: FakeSession, moments: ReadonlyArray<Moment>): FakeSession => {
  for (const { detail, what } of moments) {
    const happens = possible(session, detail)
    happens[what % happens.length]?.()
  }
  return session
}

const moments = fc.array(fc.record({ what: fc.nat(10_000), detail: fc.nat(10_000) }), { maxLength: 60, size: "max" })

describe("whatever happens to a call", () => {
  it("no step throws or breaks a promise, and it can always be ended", () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(moments, (story) => {
        const session = live(new FakeSession(), story)
        seen.add(`${session.state._tag} ${session.told.join(",")}`)
        // The user gives up: whatever was going on comes to its end, and leaves nothing behind.
        session.feed(inputs.userHangsUp)
        if (session.peer === "closing") {
          session.peer = "closed"
          session.feed(inputs.engineClosed)
        }
        ok(session.state._tag === "Ended", `stuck in ${session.state._tag}`)
        deepStrictEqual([...session.timers], [])
      }),
      seeded("random calls", 3_000)
    )
    // The stories were worth telling: they led everywhere.
    for (const tag of ["Idle", "CreatingOffer", "WaitingAnswer", "IncomingOffer", "Connected", "Ending", "Ended"]) {
      expect([...seen].some((end) => end.startsWith(tag)), tag).toBe(true)
    }
    expect([...seen].some((end) => end.includes("ConnectionInterrupted,ConnectionRestored"))).toBe(true)
  })

  it("media is told to be up before it is told to be interrupted, and each in turn", () => {
    fc.assert(
      fc.property(moments, (story) => {
        const { told } = live(new FakeSession(), story)
        ok(
          /^(ConnectionEstablished(,ConnectionInterrupted,ConnectionRestored)*(,ConnectionInterrupted)?)?(,?ConnectionClosed)?$/
            .test(told.join(",")),
          told.join(",")
        )
      }),
      seeded("order of events", 1_000)
    )
  })

  it("after the end, nothing moves a call", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values<CallInput>(inputs)), fc.constantFrom<CallState>(situations.ended), (input, state) => {
        expect(step(state, input)._tag).not.toBe("Moved")
      }),
      seeded("after the end", 200)
    )
  })

  it("the same input in the same state has the same verdict", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values<CallState>(situations)),
        fc.constantFrom(...Object.values<CallInput>(inputs)),
        (state, input) => {
          expect(step(structuredClone(state), structuredClone(input))).toEqual(step(state, input))
        }
      ),
      seeded("same verdict", 500)
    )
  })
})
