/** What the matrices of verdicts are too coarse to say, written by hand: payloads, fields of the next state, full lists. */
import type { CallCommand, CallInput, CallState, Connected, PeerOffer, RoundCandidate, Verdict } from "../../src/call/index.ts"
import { candidate, endOfCandidates, inputIn, inputs, intent, lines, sdpOf, situations, unable, withoutRestart } from "./situations.ts"

export interface Witness {
  readonly claim: string
  readonly state: CallState
  readonly input: CallInput
  /** The facts that must be so; of commands these and no others. */
  readonly verdict: {
    readonly _tag: Verdict["_tag"]
    readonly why?: string
    readonly state?: object
    readonly commands?: ReadonlyArray<Partial<CallCommand>>
  }
}

const ignored = { _tag: "Ignored" } as const
const rejected = { _tag: "Rejected" } as const
const moved = (state: object, ...commands: ReadonlyArray<Partial<CallCommand>>) => ({ _tag: "Moved", state, commands }) as const

type Timer = Extract<CallCommand, { _tag: "StopTimer" }>["timer"]
const stop = (timer: Timer) => ({ _tag: "StopTimer", timer }) as const
const start = (timer: Timer, token: number) => ({ _tag: "StartTimer", timer, token }) as const
const hangup = { _tag: "SendHangup", callId: "call-1" } as const
const withdrawn = { ...hangup, reason: "withdrawn" } as const
const close = { _tag: "ClosePeer" } as const
const add = (n: number) => ({ _tag: "AddCandidates", candidates: [candidate(n)] }) as const
const createOffer = (operation: number, iceRestart: boolean) => ({ _tag: "CreateOffer", operation, iceRestart }) as const
const createAnswer = (operation: number, { sdp }: PeerOffer) => ({ _tag: "CreateAnswer", operation, offer: sdp }) as const
const holding = { _tag: "ApplyIntent", intent: { ...intent, hold: true } } as const
const muting = { _tag: "ApplyIntent", intent: { ...intent, send: { ...intent.send, microphone: "muted" } } } as const

/** As many candidates as are kept while no engine can take them. */
const full = Array.from({ length: 64 }, (_, n) => candidate(n))
const media = { round: true, restart: false }
const restart = { round: false, restart: true }
const ending = { _tag: "Ending" }

const { answering, answeringUp, applying, applyingUp, creating, idle, ringing, waiting } = situations
const wanting = <S extends Extract<CallState, { call: unknown }>>(state: S): S => ({ ...state, call: { ...state.call, wants: media } })
const untold = <S extends Extract<CallState, { call: unknown }>>({ call: { line: _, ...call }, ...state }: S) =>
  ({ ...state, call: { ...call, aware: false, untold: true } }) as const

const of = (negotiation: number, n: number): RoundCandidate => ({ negotiation, candidate: candidate(n) })
/** The callee has begun round 1, while its answer is applied; what it found for round 3 has overtaken its offer. */
const first: PeerOffer = { sdp: sdpOf("theirs"), negotiation: 1 }
const begun = <S extends typeof applying>(state: S) => {
  if (state.phase._tag !== "Applying") throw new Error("nothing is being applied")
  return { ...state, phase: { ...state.phase, queued: first, early: [of(1, 9), of(3, 8)] } }
}

/** Media in which ICE is left to itself for a while. */
const inGrace = (state: Connected): Connected => ({ ...state, media: situations.callerGrace.media })
const interrupted = (state: Connected): Connected => ({ ...state, media: situations.callerInterrupted.media })
const connecting = (state: Connected): Connected => ({ ...state, media: situations.callerConnecting.media })
const lacksRestart = (state: Connected): Connected => ({ ...state, call: { ...state.call, abilities: withoutRestart } })
const { calleeAnswers, calleeApplies, calleeQueued, callerCreating, callerOut, callerRetries, callerStable, rollingBack } = situations

/** Our offer that restarts ICE is out. */
const restartIsOut: Connected = {
  ...callerOut,
  negotiation: { _tag: "Out", number: 4, brings: restart, timer: 7, before: { ufrag: "ours", negotiation: 2 } }
}
const restartOf = (negotiation: number): PeerOffer => ({ sdp: sdpOf("theirs3"), negotiation })
/** While ICE is left to itself an offer waits that restarts it; candidates of that round are here, and of a later one. */
const restarts = (state: Connected, negotiation: number): Connected => ({
  ...inGrace(state),
  queued: restartOf(negotiation),
  early: [of(negotiation, 9), of(negotiation + 2, 8)]
})
/** That offer's turn has come: ICE is left to itself no more. */
const restarted = (negotiation: number) => ({
  negotiation: { _tag: "Answering", offer: restartOf(negotiation) },
  remote: { ufrag: "theirs3", negotiation, described: negotiation },
  early: [of(negotiation + 2, 8)]
})
const answersRestart = (negotiation: number) => [stop("calleeGrace"), createAnswer(8, restartOf(negotiation)), add(9)] as const

const beforeConnected: ReadonlyArray<Witness> = [
  {
    claim: "a call that was hung up before its offer came never rings",
    state: { ...idle, hungUp: ["call-0", "call-1"] },
    input: inputs.peerOffers,
    verdict: moved({ _tag: "Ended" }, { _tag: "Emit", event: { _tag: "ConnectionClosed", by: "remote", reason: "normal" } })
  },

  // Early candidates are kept up to a limit.
  {
    claim: "65 candidates before their offer are too many",
    state: { ...idle, early: full.map((one) => ({ candidate: one })) },
    input: inputs.peerTricklesFirst,
    verdict: ignored
  },
  {
    claim: "65 candidates while the offer is made are too many",
    state: { ...creating, early: full },
    input: inputs.namelessTrickles,
    verdict: ignored
  },
  {
    claim: "65 candidates before the answer are too many",
    state: { ...waiting, phase: { ...waiting.phase, early: full } },
    input: inputs.peerTricklesFirst,
    verdict: ignored
  },
  {
    claim: "65 candidates of the callee's first round are too many",
    state: { ...begun(applying), phase: { ...begun(applying).phase, early: full.map((_, n) => of(5, n)) } },
    input: inputIn("applying", "peerTricklesAhead"),
    verdict: ignored
  },
  {
    claim: "65 candidates while it rings are too many",
    state: { ...ringing, phase: { ...ringing.phase, early: full } },
    input: inputs.peerTricklesFirst,
    verdict: ignored
  },

  // What media the user wants, and what a round is needed for.
  ...[creating, waiting, answering].flatMap((state): ReadonlyArray<Witness> => [
    {
      claim: "a hold is rejected where the engine makes no second offer",
      state: { ...state, call: { ...state.call, abilities: unable } },
      input: inputs.userHolds,
      verdict: rejected
    },
    { claim: "a hold wants a round", state, input: inputs.userHolds, verdict: moved({ call: { wants: media } }, holding) },
    {
      claim: "a mute wants none",
      state,
      input: inputs.userMutes,
      verdict: moved({ call: { wants: { round: false, restart: false } } }, muting)
    }
  ]),
  {
    claim: "a hold is rejected while a peer is answered that takes no second offer",
    state: { ...answering, call: { ...answering.call, aware: false } },
    input: inputs.userHolds,
    verdict: rejected
  },

  // Offers and answers that are not for this call.
  {
    claim: "a later round of an unknown call does not make ours yield",
    state: waiting,
    input: { ...inputs.peerCallsLower, negotiation: 4 },
    verdict: ignored
  },
  {
    claim: "our own offer that comes back by a lower line does not make ours yield",
    state: waiting,
    input: { ...inputs.peerEchoes, line: lines.lower },
    verdict: ignored
  },
  {
    claim: "a call that is answered does not yield any more, even to the one that would go before",
    state: { ...applying, call: { ...applying.call, line: lines.lower } },
    input: inputs.peerCallsLower,
    verdict: ignored
  },
  {
    claim: "another device's answer is told to be one",
    state: applying,
    input: inputs.otherLineAnswers,
    verdict: { ...ignored, why: "the call is with another device" }
  },

  // Into the call.
  {
    claim: "an offer that waited for the answer is answered, with its candidates",
    state: begun(applying),
    input: inputs.engineApplied,
    verdict: moved(
      { _tag: "Connected", media: { _tag: "Connecting", timer: 8 }, negotiation: { _tag: "Answering", offer: first }, early: [of(3, 8)] },
      { _tag: "SendCandidates", callId: "call-1", negotiation: 0, candidates: [endOfCandidates] },
      start("connect", 8),
      createAnswer(9, first),
      add(9)
    )
  },
  {
    claim: "an offer that waited for the answer is answered, with its candidates, when media are up already",
    state: begun(applyingUp),
    input: inputs.engineApplied,
    verdict: moved(
      { _tag: "Connected", media: { _tag: "Up" }, negotiation: { _tag: "Answering", offer: first }, early: [of(3, 8)] },
      { _tag: "SendCandidates", callId: "call-1", negotiation: 0, candidates: [endOfCandidates] },
      { _tag: "Emit", event: { _tag: "ConnectionEstablished" } },
      createAnswer(8, first),
      add(9)
    )
  },
  {
    claim: "what was wanted while the answer was made is offered after it",
    state: wanting(answering),
    input: inputs.engineAnswered,
    verdict: moved(
      { _tag: "Connected", call: { wants: { round: false } }, negotiation: { _tag: "Creating", operation: 9, brings: media } },
      { _tag: "SendAnswer", negotiation: 0 },
      { _tag: "SendCandidates", candidates: [candidate(1), endOfCandidates] },
      start("connect", 8),
      createOffer(9, false)
    )
  },
  {
    claim: "what was wanted while the answer was made is offered after it, when media are up already",
    state: wanting(answeringUp),
    input: inputs.engineAnswered,
    verdict: moved(
      { _tag: "Connected", call: { wants: { round: false } }, negotiation: { _tag: "Creating", operation: 8, brings: media } },
      { _tag: "SendAnswer", negotiation: 0 },
      { _tag: "SendCandidates", candidates: [candidate(1), endOfCandidates] },
      { _tag: "Emit", event: { _tag: "ConnectionEstablished" } },
      createOffer(8, false)
    )
  },
  {
    claim: "a peer that could not be told of our offer is told when it hangs up",
    state: untold(answering),
    input: inputs.namelessHangsUp,
    verdict: moved(ending, withdrawn, close)
  }
]

const inRounds: ReadonlyArray<Witness> = [
  // What belongs to another call, or to nobody's round.
  {
    claim: "an offer with a number that is ours to give is not the peer's",
    state: callerStable,
    input: { ...inputs.peerOffersRound, negotiation: 6 },
    verdict: ignored
  },
  {
    claim: "an answer of another call answers no offer of this one",
    state: callerOut,
    input: { ...inputs.peerAnswersRound, negotiation: 4, callId: "call-2" },
    verdict: ignored
  },
  {
    claim: "a candidate of another call is not added to this one",
    state: callerStable,
    input: { ...inputs.peerTricklesCurrent, callId: "call-2" },
    verdict: ignored
  },
  {
    claim: "65 candidates before their description are too many",
    state: { ...callerStable, early: full.map((_, n) => of(5, n)) },
    input: inputIn("callerStable", "peerTricklesAhead"),
    verdict: ignored
  },
  {
    claim: "a peer that could not be told of our offer is told when it hangs up",
    state: untold(situations.plain),
    input: inputs.namelessHangsUp,
    verdict: moved(ending, withdrawn, close)
  },

  // Candidates wait for their description, on both sides.
  {
    claim: "candidates that overtook their offer are added with it, and later ones wait on",
    state: { ...callerStable, early: [of(5, 9), of(7, 8)] },
    input: inputIn("callerStable", "peerOffersRound"),
    verdict: moved(
      { early: [of(7, 8)] },
      createAnswer(8, { sdp: sdpOf("theirs"), negotiation: 5 }),
      add(9)
    )
  },
  {
    claim: "an answer that restarts ICE ends the grace, and brings its early candidates",
    state: { ...inGrace(callerOut), early: [of(4, 9), of(5, 8)] },
    input: { ...inputs.peerAnswersRound, negotiation: 4, sdp: sdpOf("theirs3") },
    verdict: moved(
      { remote: { ufrag: "theirs3", negotiation: 4, described: 4 }, early: [of(5, 8)] },
      stop("negotiation"),
      stop("callerGrace"),
      { _tag: "ApplyAnswer", operation: 8, answer: sdpOf("theirs3") },
      add(9)
    )
  },
  {
    claim: "what was found for new credentials goes after the offer that brings them in",
    state: callerCreating,
    input: { ...inputs.engineOffered, sdp: sdpOf("ours3") },
    verdict: moved(
      { local: { ufrag: "ours3", negotiation: 4 } },
      { _tag: "SendOffer", callId: "call-1", negotiation: 4 },
      { _tag: "SendCandidates", callId: "call-1", negotiation: 4, candidates: [candidate(4)] },
      start("negotiation", 8)
    )
  },
  {
    claim: "what was found for new credentials goes after the answer that brings them in",
    state: calleeAnswers,
    input: { ...inputs.engineAnswered, sdp: sdpOf("ours3") },
    verdict: moved(
      { local: { ufrag: "ours3", negotiation: 4 } },
      { _tag: "SendAnswer", callId: "call-1", negotiation: 4, sdp: sdpOf("ours3") },
      { _tag: "SendCandidates", callId: "call-1", negotiation: 4, candidates: [candidate(4)] }
    )
  },

  // A round is over.
  {
    claim: "what is wanted is offered when the round is over",
    state: wanting(calleeApplies),
    input: inputs.engineApplied,
    verdict: moved({ call: { wants: { round: false } }, negotiation: { _tag: "Creating", brings: media } }, createOffer(8, false))
  },
  {
    claim: "an offer that waited for our answer restarts ICE, and ends the grace",
    state: restarts(calleeAnswers, 6),
    input: inputs.engineAnswered,
    verdict: moved(restarted(6), { _tag: "SendAnswer", negotiation: 4 }, ...answersRestart(6))
  },
  {
    claim: "an offer that waited for an answer to be applied restarts ICE, and ends the grace",
    state: restarts(calleeApplies, 6),
    input: inputs.engineApplied,
    verdict: moved(restarted(6), ...answersRestart(6))
  },
  {
    claim: "an offer for which ours was taken back restarts ICE, and ends the grace",
    state: restarts(rollingBack, 4),
    input: inputs.engineRolledBack,
    verdict: moved(restarted(4), ...answersRestart(4))
  },
  {
    claim: "an offer that waited for one that the engine does not make restarts ICE, and ends the grace",
    state: restarts(calleeQueued, 4),
    input: inputs.engineRefused,
    verdict: moved(
      restarted(4),
      { _tag: "Emit", event: { _tag: "NegotiationFailed", failure: inputs.engineRefused.failure } },
      ...answersRestart(4)
    )
  },

  // ICE is restarted once at a time.
  { claim: "a restart that is out is not asked for again", state: restartIsOut, input: inputs.userRestartsIce, verdict: ignored },
  {
    claim: "ICE that fails while its restart is out waits for that",
    state: interrupted(restartIsOut),
    input: inputs.engineLost,
    verdict: ignored
  },
  {
    claim: "ICE that fails while it is interrupted is restarted by the caller at once, and the retry with it",
    state: interrupted(callerRetries),
    input: inputs.engineLost,
    verdict: moved({ negotiation: { brings: { round: true, restart: true } } }, stop("retry"), createOffer(8, true))
  },
  {
    claim: "ICE that fails before it was up is restarted by the caller at once, and the retry with it",
    state: connecting(callerRetries),
    input: inputs.engineLost,
    verdict: moved({ negotiation: { brings: { round: true, restart: true } } }, stop("retry"), createOffer(8, true))
  },
  {
    claim: "a grace that is over restarts ICE, and the retry with it",
    state: inGrace(callerRetries),
    input: inputs.callerGraceFires,
    verdict: moved({ negotiation: { brings: { round: true, restart: true } } }, stop("retry"), createOffer(8, true))
  },

  // No timer outlives its call.
  {
    claim: "an engine that cannot answer in the grace ends the call, and both timers",
    state: inGrace(calleeAnswers),
    input: inputs.engineRefused,
    verdict: moved(ending, { ...hangup, reason: "engine_error" }, stop("reconnect"), stop("calleeGrace"), close)
  },
  {
    claim: "ICE that fails, and cannot be restarted, ends the wait for an answer",
    state: lacksRestart(callerOut),
    input: inputs.engineLost,
    verdict: moved(ending, { ...hangup, reason: "ice_failed" }, stop("negotiation"), close)
  },
  {
    claim: "ICE that fails, and cannot be restarted, ends the wait for a retry",
    state: lacksRestart(callerRetries),
    input: inputs.engineLost,
    verdict: moved(ending, { ...hangup, reason: "ice_failed" }, stop("retry"), close)
  },
  ...([["connecting", "connectFires", "connect_timeout"], ["interrupted", "reconnectFires", "ice_failed"]] as const).flatMap(
    ([what, input, reason]): ReadonlyArray<Witness> => {
      const having = what === "connecting" ? connecting : interrupted
      return [
        {
          claim: `media that are ${what} too long end the wait for an answer`,
          state: having(callerOut),
          input: inputs[input],
          verdict: moved(ending, { ...hangup, reason }, stop("negotiation"), close)
        },
        {
          claim: `media that are ${what} too long end the wait for a retry`,
          state: having(callerRetries),
          input: inputs[input],
          verdict: moved(ending, { ...hangup, reason }, stop("retry"), close)
        }
      ]
    }
  ),
  {
    claim: "an answer that never comes ends the wait for media",
    state: inGrace(callerOut),
    input: inputs.negotiationFires,
    verdict: moved(ending, { ...hangup, reason: "negotiation_timeout" }, stop("reconnect"), stop("callerGrace"), close)
  }
]

/** Each belongs to the cell of its state and its input. */
export const witnesses: ReadonlyArray<Witness> = [...beforeConnected, ...inRounds]
