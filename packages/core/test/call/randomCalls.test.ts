import { deepStrictEqual, ok } from "node:assert/strict"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, step } from "../../src/call/index.ts"
import { seeded } from "../seed.ts"
import { FakeSession } from "./FakeSession.ts"
import { able, inputs, lines, offerOf, sdpOf, situations, unable, withoutRestart } from "./situations.ts"

const failure = inputs.engineRefused.failure

/** Something that happens: chosen by `what` among all that can happen now, with a number to choose its details. */
interface Moment {
  readonly what: number
  readonly detail: number
}
type Happens = () => unknown
interface Story {
  readonly isPlain: boolean
  /** What our engine and the peer's cannot do. */
  readonly lacks: "" | "restart" | "rounds"
  readonly peerLacks: "" | "restart" | "rounds"
  readonly moments: ReadonlyArray<Moment>
}

/** The next number with this parity above another. */
const above = (number: number, parity: number): number => number + 1 + (Math.abs(number + 1 - parity) % 2)

/** What the peer may say: mostly what fits, from a peer with delivery fields or, in the whole story, without them. */
const saidByPeer = (session: FakeSession, detail: number, { isPlain, peerLacks }: Story, trickled: number): ReadonlyArray<CallInput> => {
  const { state } = session
  const first = (sdp: string): string => (peerLacks === "" ? sdp : sdp.replace("m=audio", `a=x-enigma-lacks:${peerLacks}\r\nm=audio`))
  const call = "call" in state ? state.call : undefined
  const from = isPlain ? { aware: false } : { callId: call?.id ?? "call-1", line: lines.theirs, aware: true }
  const strangers = [
    { callId: "call-7", line: lines.other, aware: true },
    { callId: call?.id ?? "call-1", line: lines.other, aware: true },
    { callId: call?.id ?? "call-1", aware: true },
    { aware: false }
  ] as const
  const stranger = strangers[detail % 4] ?? strangers[0]
  const round = (negotiation: number) => (isPlain ? {} : { negotiation })
  const trickle = (negotiation: number): CallInput => ({
    _tag: "PeerTrickled",
    candidate: { candidate: "candidate:1 1 udp 1 192.0.2.2 9 typ host", sdpMid: `taken${trickled}` },
    ...from,
    ...round(negotiation)
  })
  const calling: CallInput = { _tag: "PeerOffered", sdp: first(sdpOf("theirs", 41)), ...from, ...round(0), callId: from.callId ?? "call-1" }
  const calls: CallInput = {
    _tag: "PeerOffered",
    sdp: first(sdpOf("theirs", 42)),
    ...from,
    ...round(0),
    callId: "call-2",
    ...(isPlain ? {} : { line: detail % 2 === 0 ? lines.lower : lines.theirs })
  }
  if (state._tag === "Idle") return [calling, calling, trickle(0), { _tag: "PeerAnswered", sdp: "answer", ...from }]
  const answer = (negotiation: number): CallInput => ({
    _tag: "PeerAnswered",
    // An answer restarts ICE when its offer did, which a random peer does not know; or it does not.
    sdp: first(sdpOf(detail % 3 === 0 ? `answer${negotiation}` : "theirs", 41)),
    ...from,
    ...round(negotiation)
  })
  const theirs = call?.role === "caller" ? 1 : 0
  const offer = (negotiation: number): CallInput => ({
    _tag: "PeerOffered",
    sdp: sdpOf(negotiation % 3 === 0 ? `offer${negotiation}` : "theirs", 41, 1 + negotiation),
    ...from,
    ...round(negotiation),
    callId: call?.id ?? "call-1"
  })
  const rare: ReadonlyArray<CallInput> = [
    { _tag: "PeerHungUp", reason: "normal", ...from },
    { _tag: "PeerHungUp", reason: "answered_elsewhere", byUs: true, ...from },
    { _tag: "PeerRestarted", line: detail % 2 === 0 ? lines.theirs : lines.other },
    { _tag: "PeerGarbled", ...from },
    // What was never asked for, and what others say.
    { _tag: "PeerHungUp", reason: "normal", ...stranger },
    { _tag: "PeerGarbled", ...stranger },
    { _tag: "PeerOffered", sdp: sdpOf("other", 60, 2), ...stranger, callId: call?.id ?? "call-1", negotiation: detail % 7 },
    { _tag: "PeerAnswered", sdp: sdpOf("other", 43), ...stranger, callId: "call-7" },
    { _tag: "PeerOffered", sdp: offerOf(43, 1), ...stranger, callId: "call-7", negotiation: 1 },
    { _tag: "PeerAnswered", sdp: sdpOf("other", 43), ...stranger },
    // Again, or by mistake, or our own that comes back.
    calling,
    { ...inputs.peerEchoes, ...from, callId: call?.id ?? "call-1" }
  ]
  const often: Array<CallInput> = []
  if (state._tag === "CreatingOffer") often.push(trickle(0), ...(detail % 4 === 0 ? [calls] : []))
  if (state._tag === "WaitingAnswer") {
    often.push(answer(0), answer(0), answer(2), trickle(0), ...(detail % 4 === 0 ? [calls] : []))
    if (state.phase._tag === "Applying" && !isPlain) {
      often.push(offer(state.phase.queued === undefined ? 1 : 3), trickle(1), trickle(3))
    }
  }
  if (state._tag === "IncomingOffer") often.push(trickle(0), calling)
  if (state._tag === "Connected") {
    const { negotiation, remote } = state
    const next = above(Math.max(remote.offered, remote.described), theirs)
    if (negotiation._tag === "Out") often.push(answer(negotiation.number), answer(negotiation.number), answer(negotiation.number - 2))
    often.push(
      offer(next),
      // Any number at all: of the past, of ours, and far ahead.
      ...(isPlain ? [] : [offer(detail % 13), answer(detail % 13), trickle(detail % 13)]),
      ...(remote.offered > 0 ? [offer(remote.offered)] : []),
      trickle(remote.negotiation),
      trickle(next),
      trickle(above(state.call.negotiation, 0)),
      trickle(Math.max(0, remote.negotiation - 1))
    )
  }
  const one = rare[detail % rare.length]
  return detail % 5 === 0 && one !== undefined ? [...often, one] : often
}

/** Everything that may happen to a session now: more often what it waits for, and at times what it does not. */
const possible = (session: FakeSession, detail: number, story: Story, moment: number): ReadonlyArray<Happens> => {
  const { engine, state } = session
  const feed = (input: CallInput) => () => session.feed(input)
  const happens: Array<Happens> = saidByPeer(session, detail, story, moment).map(feed)
  if (state._tag === "Idle") happens.push(feed(inputs.userCalls), feed(inputs.userCalls), feed(inputs.userMutes))
  if (state._tag === "IncomingOffer") happens.push(feed(inputs.userAccepts), feed(inputs.userAccepts))
  const media = [inputs.userMutes, inputs.userHolds, inputs.userSharesScreen]
  const changes: CallInput = { _tag: "UserChangedMedia", media: { hold: detail % 4 < 2, send: { screen: detail % 2 === 0 ? "on" : "off" } } }
  if (detail % 3 === 0) happens.push(feed(media[detail % media.length] ?? changes), feed(changes), feed(inputs.userRestartsIce))
  if (detail % 11 === 0) {
    const rare: ReadonlyArray<CallInput> = [
      inputs.userHangsUp,
      inputs.userDeclines,
      inputs.engineFailed,
      // What nobody waits for: results and fires of numbers that were never given.
      { _tag: "EngineOffered", operation: 1_000 + detail, sdp: "late" },
      { _tag: "EngineAnswered", operation: 0, sdp: "late" },
      { _tag: "EngineApplied", operation: -1 },
      { _tag: "EngineRolledBack", operation: 0 },
      { _tag: "EngineRefused", operation: 0, failure },
      { _tag: "TimerFired", timer: (["ring", "connect", "reconnect", "negotiation", "retry", "callerGrace", "calleeGrace"] as const)[detail % 7] ?? "ring", token: 0 }
    ]
    happens.push(feed(rare[detail % rare.length] ?? inputs.userHangsUp))
  }
  const [abandoned] = session.abandoned
  if (abandoned !== undefined) {
    happens.push(() => {
      session.abandoned.shift()
      session.feed({ _tag: "EngineRefused", operation: abandoned, failure })
    })
  }
  if (session.peer === "open") {
    if (engine.pending !== undefined) {
      const done: Happens = () => session.settle("done")
      happens.push(done, done, done, done)
      if (detail % 7 === 0) happens.push(() => session.settle(detail % 2 === 0 ? "Refused" : "Timeout"))
    }
    happens.push(() => session.find(detail % 4 === 0), feed(inputs.engineUp))
    if (detail % 2 === 0) happens.push(feed(inputs.engineInterrupted), feed(inputs.engineNeedsRound))
    if (detail % 6 === 0) happens.push(feed(inputs.engineLost))
  }
  if (session.peer === "closing") happens.push(() => closed(session), () => closed(session))
  // Patience: timers fire less often than the rest, and those that end a call least.
  for (const timer of session.timers.keys()) {
    if (detail % (["callerGrace", "calleeGrace", "retry"].includes(timer) ? 2 : 9) === 0) happens.push(() => session.fire(timer))
  }
  return happens
}
const closed = (session: FakeSession) => {
  session.peer = "closed"
  session.feed(inputs.engineClosed)
}

const live = (one: Story): FakeSession => {
  const session = new FakeSession({ "": able, restart: withoutRestart, rounds: unable }[one.lacks])
  for (const [i, { detail, what }] of one.moments.entries()) {
    const happens = possible(session, detail, one, i)
    happens[what % happens.length]?.()
  }
  return session
}

/** Most engines lack nothing. */
const lacks: fc.Arbitrary<"" | "restart" | "rounds"> = fc.nat(11).map((n) => (n === 0 ? "restart" : n === 1 ? "rounds" : ""))
const story: fc.Arbitrary<Story> = fc.record({
  isPlain: fc.nat(5).map((n) => n === 0),
  lacks,
  peerLacks: lacks,
  moments: fc.array(fc.record({ what: fc.nat(10_000), detail: fc.nat(10_000) }), { maxLength: 80, size: "max" })
})

describe("whatever happens to a call", () => {
  it("no step throws or breaks a promise, and it can always be ended", () => {
    const seen = new Set<string>()
    const done = new Set<string>()
    fc.assert(
      fc.property(story, (one) => {
        const session = live(one)
        seen.add(`${session.state._tag} ${session.told.join(",")}`)
        for (const what of session.done) done.add(what)
        // The user gives up: whatever was going on comes to its end, and leaves nothing behind.
        session.feed(inputs.userHangsUp)
        if (session.peer === "closing") closed(session)
        ok(session.state._tag === "Ended", `stuck in ${session.state._tag}`)
        deepStrictEqual([...session.timers], [])
      }),
      seeded("random calls", 1_200)
    )
    if (process.env["RUNS"] !== undefined && Number(process.env["RUNS"]) < 1_200) return
    // The stories were worth telling: they led everywhere.
    for (const tag of ["Idle", "CreatingOffer", "WaitingAnswer", "IncomingOffer", "Connected", "Ending", "Ended"]) {
      expect([...seen].some((end) => end.startsWith(tag)), tag).toBe(true)
    }
    expect([...seen].some((end) => end.includes("ConnectionInterrupted,ConnectionRestored"))).toBe(true)
    for (const role of ["caller", "callee"]) {
      for (const round of ["Stable", "Creating", "Creating with an offer that waits", "Out", "Applying", "Applying with an offer that waits", "Answering"]) {
        expect([...done]).toContain(`${role} ${round}`)
      }
    }
    expect([...done]).toEqual(expect.arrayContaining([
      "callee RollingBack with an offer that waits",
      "callerGrace",
      "calleeGrace",
      "one round only",
      "negotiation",
      "retry",
      "offered 0",
      "offered 2",
      "offered 3",
      "answered 0",
      "answered 1",
      "answered 2",
      "restarted",
      "rolled back",
      "told other lines",
      "yielded"
    ]))
  })

  it("media is told to be up before it is told to be interrupted, and each in turn", () => {
    fc.assert(
      fc.property(story, (one) => {
        const told = live(one).told.filter((tag) => tag !== "NegotiationFailed").join(",")
        ok(
          /^(ConnectionEstablished(,ConnectionInterrupted,ConnectionRestored)*(,ConnectionInterrupted)?)?(,?ConnectionClosed)?$/.test(told),
          told
        )
      }),
      seeded("order of events", 500)
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
