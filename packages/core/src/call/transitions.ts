/**
 * The whole behaviour of a call, as data. Read a row as: in this state, when this happens. Everything that affects the
 * machine stands in this table; `docs/state-machine.md` is drawn from it.
 */
import * as Do from "./commands.ts"
import * as If from "./guards.ts"
import * as Next from "./nextStates.ts"
import * as Round from "./rounds.ts"
import { ignore, inPhase, reject, type Table } from "./table.ts"

const otherCall = { when: If.isForOtherCall, ignore: "it belongs to another call" }
const otherLine = { when: If.isFromOtherLine, ignore: "the call is with another device" }
const otherRound = { when: If.isOfOtherRound, ignore: "it belongs to another round" }
const laterRound = { when: If.isLaterRound, ignore: "it is of a call that is not known here" }
const notOurs = [otherCall, otherLine] as const
const engineLacks = {
  when: If.needsWhatEngineLacks,
  reject: "this needs a new offer and answer, which the engine, or the peer's, does not make"
}
const peerLacks = {
  when: If.needsWhatPeerLacks,
  reject: "this needs a new offer and answer, which a peer without delivery fields does not take"
}
const oneCall = reject("there is a call already")
const nothingRings = reject("no call is coming in")
const notConnected = reject("the call is not connected")
const isEnding = reject("the call is ending")
const isOver = reject("the call has ended")

const noEngine = ignore("no engine is open")
const noTimer = ignore("no timer is running")
const noAnswer = ignore("there is no answer yet")
const notAsked = ignore("nobody asked for this")
const notYet = ignore("nothing is negotiated yet")
const noPeer = ignore("the call is with no device yet")
const tooLate = ignore("the call is ending")
const afterEnd = ignore("the call has ended")

const accepted = reject("the call is accepted already")
const declineRinging = inPhase(If.isRinging, {
  to: "Ended",
  next: Next.endedAsUserSaid,
  emit: [Do.stopRingTimer, Do.sendHangup, Do.emitClosed]
})

const lateResult = "a late result"
const lateTimer = "a timer that was stopped"
const tooManyEarly = `at most ${If.maxEarlyCandidates} early candidates are kept`

/** Leaves a call that is connected. */
const leave = [
  Do.stopMediaTimer,
  Do.stopGraceTimer,
  Do.stopNegotiationTimer,
  Do.stopRetryTimer,
  Do.closePeer
] as const
/** Begins the round that is due, if one is. */
const begin = [Do.stopRetryTimer, Do.beginRound] as const
/** The same after a round, in which no retry waits; and what goes with a description of the peer's. */
const proceed = [Do.stopGraceTimer, Do.beginRound, Do.addEarlyOfRound] as const

/** The transition table: `transitions[state][input]`. */
export const transitions: Table = {
  Idle: {
    UserCalled: [{ to: "CreatingOffer", next: Next.creating, emit: [Do.openPeer, Do.createOffer] }],
    UserAccepted: nothingRings,
    UserDeclined: nothingRings,
    UserHungUp: [{ to: "Ended", next: Next.endedAsUserSaid, emit: [Do.emitClosed] }],
    UserChangedMedia: [{ to: "Idle", next: Next.idleWithMedia }],
    UserRestartedIce: notConnected,
    PeerOffered: [
      laterRound,
      { when: If.wasHungUp, to: "Ended", next: Next.endedEarly, emit: [Do.emitClosed] },
      { to: "IncomingOffer", next: Next.ringing, emit: [Do.startRingTimer] }
    ],
    PeerAnswered: reject("no offer was made"),
    PeerTrickled: [{ when: If.earlyIsFull, ignore: tooManyEarly }, { to: "Idle", next: Next.idleWithEarly }],
    PeerHungUp: [
      { when: If.namesNoCall, ignore: "there is no call to end" },
      { to: "Idle", next: Next.idleHungUp }
    ],
    PeerRestarted: noPeer,
    PeerGarbled: ignore("there is no call"),
    EngineOffered: noEngine,
    EngineAnswered: noEngine,
    EngineApplied: noEngine,
    EngineRolledBack: noEngine,
    EngineRefused: noEngine,
    EngineTrickled: noEngine,
    EngineNeedsNegotiation: noEngine,
    EngineUp: noEngine,
    EngineInterrupted: noEngine,
    EngineLost: noEngine,
    EngineFailed: noEngine,
    EngineClosed: noEngine,
    TimerFired: noTimer
  },
  CreatingOffer: {
    UserCalled: oneCall,
    UserAccepted: nothingRings,
    UserDeclined: nothingRings,
    UserHungUp: [{ to: "Ending", next: Next.endingAsUserSaid, emit: [Do.closePeer] }],
    UserChangedMedia: [
      engineLacks,
      { when: If.needsNewRound, to: "CreatingOffer", next: Next.withLaterMedia, emit: [Do.applyIntent] },
      { to: "CreatingOffer", next: Next.withMedia, emit: [Do.applyIntent] }
    ],
    UserRestartedIce: notConnected,
    // Nothing of ours is sent: there is no reason not to yield.
    PeerOffered: [
      laterRound,
      { to: "IncomingOffer", next: Next.yielding, emit: [Do.reopenPeer, Do.createAnswer, Do.addYieldedCandidates] }
    ],
    PeerAnswered: reject("the offer is not made yet"),
    PeerTrickled: [
      { when: If.namesACall, ignore: "the peer has no offer of ours yet" },
      { when: If.creatingEarlyIsFull, ignore: tooManyEarly },
      { to: "CreatingOffer", next: Next.creatingWithEarly }
    ],
    PeerHungUp: ignore("the peer has no offer of ours yet"),
    PeerRestarted: noPeer,
    PeerGarbled: ignore("the peer has no offer of ours yet"),
    EngineOffered: [
      { when: If.isLateOffer, ignore: lateResult },
      { to: "WaitingAnswer", next: Next.waiting, emit: [Do.sendOffer, Do.sendHeldCandidates, Do.startRingTimer] }
    ],
    EngineAnswered: notAsked,
    EngineApplied: notAsked,
    EngineRolledBack: notAsked,
    EngineRefused: [
      { when: If.isLateOffer, ignore: lateResult },
      { to: "Ending", next: Next.endingFailed, emit: [Do.closePeer] }
    ],
    EngineTrickled: [{ to: "CreatingOffer", next: Next.creatingWithLocal }],
    EngineNeedsNegotiation: notYet,
    EngineUp: noAnswer,
    EngineInterrupted: noAnswer,
    EngineLost: [{ to: "Ending", next: Next.endingFailed, emit: [Do.closePeer] }],
    EngineFailed: [{ to: "Ending", next: Next.endingFailed, emit: [Do.closePeer] }],
    EngineClosed: notAsked,
    TimerFired: noTimer
  },
  WaitingAnswer: {
    UserCalled: oneCall,
    UserAccepted: nothingRings,
    UserDeclined: nothingRings,
    UserHungUp: [
      { to: "Ending", next: Next.endingAsUserSaid, emit: [Do.sendHangup, Do.stopRingTimer, Do.closePeer] }
    ],
    UserChangedMedia: [
      engineLacks,
      { when: If.needsNewRound, to: "WaitingAnswer", next: Next.withLaterMedia, emit: [Do.applyIntent] },
      { to: "WaitingAnswer", next: Next.withMedia, emit: [Do.applyIntent] }
    ],
    UserRestartedIce: notConnected,
    PeerOffered: [
      otherLine,
      inPhase(If.isFurtherOffer, { to: "WaitingAnswer", next: Next.applyingQueueing }),
      laterRound,
      { when: If.isEcho, ignore: "our own offer came back" },
      { when: If.ourCallGoesBefore, ignore: "both call, and our call goes before" },
      inPhase(If.isWaiting, {
        to: "IncomingOffer",
        next: Next.yielding,
        emit: [
          Do.sendWithdrawal,
          Do.stopRingTimer,
          Do.reopenPeer,
          Do.createAnswer,
          Do.addYieldedCandidates
        ]
      }),
      { ignore: "our call is answered" }
    ],
    PeerAnswered: [
      ...notOurs,
      otherRound,
      inPhase(If.isWaiting, {
        to: "WaitingAnswer",
        next: Next.applying,
        emit: [Do.stopRingTimer, Do.sendAnsweredElsewhere, Do.applyAnswer, Do.addWaitedCandidates]
      }),
      { ignore: "an answer is being applied" }
    ],
    PeerTrickled: [
      ...notOurs,
      { when: If.furtherIsFull, ignore: tooManyEarly },
      inPhase(If.isFurtherCandidate, { to: "WaitingAnswer", next: Next.applyingWithEarly }),
      otherRound,
      { when: If.waitingEarlyIsFull, ignore: tooManyEarly },
      inPhase(If.isWaiting, { to: "WaitingAnswer", next: Next.waitingWithEarly }),
      { to: "WaitingAnswer", next: Next.waitingLearned, emit: [Do.addCandidate] }
    ],
    PeerHungUp: [
      ...notOurs,
      inPhase(If.isWaiting, {
        to: "Ending",
        next: Next.endingAsPeerSaid,
        emit: [Do.tellOtherLines, Do.stopRingTimer, Do.closePeer]
      }),
      { to: "Ending", next: Next.endingAsPeerSaid, emit: [Do.closePeer] }
    ],
    PeerRestarted: [
      { when: If.isOtherDevice, ignore: "the call is not with that device" },
      { to: "Ending", next: Next.endingForgotten, emit: [Do.tellNewLine, Do.closePeer] }
    ],
    PeerGarbled: [
      ...notOurs,
      { to: "Ending", next: Next.endingGarbled, emit: [Do.sendHangup, Do.stopRingTimer, Do.closePeer] }
    ],
    EngineOffered: notAsked,
    EngineAnswered: notAsked,
    EngineApplied: [
      inPhase(If.isAppliedUp, {
        to: "Connected",
        next: Round.appliedUp,
        emit: [Do.sendUnsentEnds, Do.emitEstablished, Do.beginRound, Do.addEarlyOfFirst]
      }),
      inPhase(If.isApplied, {
        to: "Connected",
        next: Round.appliedConnecting,
        emit: [Do.sendUnsentEnds, Do.startMediaTimer, Do.beginRound, Do.addEarlyOfFirst]
      }),
      { ignore: lateResult }
    ],
    EngineRolledBack: notAsked,
    EngineRefused: [
      { when: If.isLateResult, ignore: lateResult },
      { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.closePeer] }
    ],
    EngineTrickled: [{ to: "WaitingAnswer", next: Next.waitingWithTrickled, emit: [Do.sendCandidate] }],
    EngineNeedsNegotiation: notYet,
    EngineUp: [inPhase(If.isApplying, { to: "WaitingAnswer", next: Next.mediaUp }), ...noAnswer],
    EngineInterrupted: [
      inPhase(If.isApplying, { to: "WaitingAnswer", next: Next.mediaDown }),
      ...noAnswer
    ],
    EngineLost: [
      { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.stopRingTimer, Do.closePeer] }
    ],
    EngineFailed: [
      { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.stopRingTimer, Do.closePeer] }
    ],
    EngineClosed: notAsked,
    TimerFired: [
      { when: If.rangOut, to: "Ending", next: Next.endingUnanswered, emit: [Do.sendHangup, Do.closePeer] },
      { ignore: lateTimer }
    ]
  },
  IncomingOffer: {
    UserCalled: oneCall,
    UserAccepted: [
      inPhase(If.isRinging, {
        to: "IncomingOffer",
        next: Next.answering,
        emit: [Do.stopRingTimer, Do.openPeer, Do.createAnswer, Do.addEarlyCandidates]
      }),
      ...accepted
    ],
    UserDeclined: [declineRinging, ...accepted],
    UserHungUp: [
      declineRinging,
      { to: "Ending", next: Next.endingAsUserSaid, emit: [Do.sendHangup, Do.closePeer] }
    ],
    UserChangedMedia: [
      inPhase(If.isRinging, { to: "IncomingOffer", next: Next.withMedia }),
      engineLacks,
      peerLacks,
      { when: If.needsNewRound, to: "IncomingOffer", next: Next.withLaterMedia, emit: [Do.applyIntent] },
      { to: "IncomingOffer", next: Next.withMedia, emit: [Do.applyIntent] }
    ],
    UserRestartedIce: notConnected,
    PeerOffered: [
      ...notOurs,
      { when: If.isRepeatedOffer, ignore: "the call has its offer already" },
      { reject: "the call's offer is not answered yet" }
    ],
    PeerAnswered: reject("it is for us to answer"),
    PeerTrickled: [
      ...notOurs,
      otherRound,
      { when: If.ringingEarlyIsFull, ignore: tooManyEarly },
      inPhase(If.isRinging, { to: "IncomingOffer", next: Next.ringingWithEarly }),
      { to: "IncomingOffer", next: Next.same, emit: [Do.addCandidate] }
    ],
    PeerHungUp: [
      ...notOurs,
      { when: If.isForOtherLines, ignore: "our answer was taken" },
      inPhase(If.isRinging, { to: "Ended", next: Next.endedAsPeerSaid, emit: [Do.stopRingTimer, Do.emitClosed] }),
      { to: "Ending", next: Next.endingAsPeerSaid, emit: [Do.tellUntold, Do.closePeer] }
    ],
    PeerRestarted: [
      { when: If.isOtherDevice, ignore: "the call is not with that device" },
      inPhase(If.isRinging, { to: "Ended", next: Next.endedForgotten, emit: [Do.stopRingTimer, Do.emitClosed] }),
      { to: "Ending", next: Next.endingForgotten, emit: [Do.closePeer] }
    ],
    PeerGarbled: [
      ...notOurs,
      inPhase(If.isRinging, {
        to: "Ended",
        next: Next.endedGarbled,
        emit: [Do.stopRingTimer, Do.sendHangup, Do.emitClosed]
      }),
      { to: "Ending", next: Next.endingGarbled, emit: [Do.sendHangup, Do.closePeer] }
    ],
    EngineOffered: notAsked,
    EngineAnswered: [
      inPhase(If.isAnsweredUp, {
        to: "Connected",
        next: Round.answeredUp,
        emit: [Do.sendAnswer, Do.sendHeldCandidates, Do.emitEstablished, Do.beginRound]
      }),
      inPhase(If.isAnswered, {
        to: "Connected",
        next: Round.answeredConnecting,
        emit: [Do.sendAnswer, Do.sendHeldCandidates, Do.startMediaTimer, Do.beginRound]
      }),
      { ignore: lateResult }
    ],
    EngineApplied: notAsked,
    EngineRolledBack: notAsked,
    EngineRefused: [
      { when: If.isLateResult, ignore: lateResult },
      { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.closePeer] }
    ],
    EngineTrickled: [
      inPhase(If.isAnswering, { to: "IncomingOffer", next: Next.answeringWithLocal }),
      ...noEngine
    ],
    EngineNeedsNegotiation: notYet,
    EngineUp: [
      inPhase(If.isAnswering, { to: "IncomingOffer", next: Next.mediaUp }),
      ...noEngine
    ],
    EngineInterrupted: [
      inPhase(If.isAnswering, { to: "IncomingOffer", next: Next.mediaDown }),
      ...noEngine
    ],
    EngineLost: [
      inPhase(If.isAnswering, { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.closePeer] }),
      ...noEngine
    ],
    EngineFailed: [
      inPhase(If.isAnswering, { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.closePeer] }),
      ...noEngine
    ],
    EngineClosed: notAsked,
    TimerFired: [
      { when: If.rangOut, to: "Ended", next: Next.endedUnanswered, emit: [Do.sendHangup, Do.emitClosed] },
      { ignore: lateTimer }
    ]
  },
  Connected: {
    UserCalled: oneCall,
    UserAccepted: nothingRings,
    UserDeclined: reject("the call is connected: hang up instead"),
    UserHungUp: [{ to: "Ending", next: Next.endingAsUserSaid, emit: [Do.sendHangup, ...leave] }],
    UserChangedMedia: [
      engineLacks,
      peerLacks,
      { when: If.needsNewRound, to: "Connected", next: Round.wantingMedia, emit: [Do.applyIntent, ...begin] },
      { to: "Connected", next: Next.withMedia, emit: [Do.applyIntent] }
    ],
    UserRestartedIce: [
      { when: If.cannotRestartIce, reject: "the engine, or the peer, does not restart ICE" },
      { when: If.isRestarting, ignore: "ICE is being restarted" },
      { to: "Connected", next: Round.wantingRestart, emit: [...begin] }
    ],
    PeerOffered: [
      ...notOurs,
      { when: If.isRepeatedPlainly, ignore: "the call has its offer already" },
      { when: If.namesNoRound, reject: "this is a new offer, and its peer does not say of which round" },
      { when: If.isOurNumber, ignore: "its number is ours to give" },
      { when: If.isPastOffer, ignore: "this offer has been here" },
      inPhase(If.isStable, {
        to: "Connected",
        next: Round.answeringPeer,
        emit: [Do.stopGraceTimer, ...begin, Do.addEarlyOfRound]
      }),
      { when: If.ourOfferGoesBefore, to: "Connected", next: Round.overlooking },
      inPhase(If.isOut, {
        to: "Connected",
        next: Round.rollingBackSent,
        emit: [Do.stopNegotiationTimer, Do.rollBack]
      }),
      { to: "Connected", next: Round.queueing }
    ],
    PeerAnswered: [
      ...notOurs,
      inPhase(If.answersOurs, {
        to: "Connected",
        next: Round.applyingRound,
        emit: [Do.stopNegotiationTimer, Do.stopGraceTimer, Do.applyAnswer, Do.addEarlyOfRound]
      }),
      { ignore: "no offer waits for this answer" }
    ],
    PeerTrickled: [
      ...notOurs,
      { when: If.isStaleCandidate, ignore: "its round is past" },
      { when: If.earlyRoundsAreFull, ignore: tooManyEarly },
      { when: If.isEarlyCandidate, to: "Connected", next: Round.withEarly },
      { to: "Connected", next: Next.same, emit: [Do.addCandidate] }
    ],
    PeerHungUp: [
      ...notOurs,
      { when: If.isForOtherLines, ignore: "our answer was taken" },
      { to: "Ending", next: Next.endingAsPeerSaid, emit: [Do.tellUntold, ...leave] }
    ],
    PeerRestarted: [
      { when: If.isOtherDevice, ignore: "the call is not with that device" },
      { to: "Ending", next: Next.endingForgotten, emit: [Do.tellNewLine, ...leave] }
    ],
    PeerGarbled: [...notOurs, { to: "Ending", next: Next.endingGarbled, emit: [Do.sendHangup, ...leave] }],
    EngineOffered: [
      inPhase(If.callerWasFaster, { to: "Connected", next: Round.rollingBackUnsent, emit: [Do.rollBack] }),
      inPhase(If.isOffered, {
        to: "Connected",
        next: Round.offering,
        emit: [Do.sendOffer, Do.sendFoundCandidates, Do.startNegotiationTimer]
      }),
      { ignore: lateResult }
    ],
    EngineAnswered: [
      inPhase(If.isRoundAnswered, {
        to: "Connected",
        next: Round.answered,
        emit: [Do.sendRoundAnswer, Do.sendFoundCandidates, ...proceed]
      }),
      { ignore: lateResult }
    ],
    EngineApplied: [
      { when: If.isRoundApplied, to: "Connected", next: Round.roundOver, emit: proceed },
      { ignore: lateResult }
    ],
    EngineRolledBack: [
      { when: If.isRolledBack, to: "Connected", next: Round.roundOver, emit: proceed },
      { ignore: lateResult }
    ],
    EngineRefused: [
      { when: If.isLateRefusal, ignore: lateResult },
      inPhase(If.canGoOn, {
        to: "Connected",
        next: Round.refused,
        emit: [Do.emitNegotiationFailed, Do.startRetryTimer, ...proceed]
      }),
      // The engine was at work: neither an answer nor a retry is waited for.
      {
        to: "Ending",
        next: Next.endingFailed,
        emit: [Do.sendHangup, Do.stopMediaTimer, Do.stopGraceTimer, Do.closePeer]
      }
    ],
    EngineTrickled: [
      { when: If.isOfLocalIce, to: "Connected", next: Next.same, emit: [Do.sendCandidate] },
      inPhase(If.isDescribing, { to: "Connected", next: Round.withFound }),
      { ignore: "its round was withdrawn" }
    ],
    EngineNeedsNegotiation: [
      { when: If.cannotRenegotiate, ignore: "the engine, or the peer, does not renegotiate" },
      { when: If.isCreating, ignore: "an offer is being made" },
      { to: "Connected", next: Round.wantingRound, emit: [...begin] }
    ],
    EngineUp: [
      inPhase(If.isConnecting, { to: "Connected", next: Round.upAgain, emit: [Do.stopMediaTimer, Do.emitEstablished] }),
      inPhase(If.isInterrupted, {
        to: "Connected",
        next: Round.upAgain,
        emit: [Do.stopMediaTimer, Do.stopGraceTimer, Do.emitRestored]
      }),
      { ignore: "media is up already" }
    ],
    EngineInterrupted: [
      inPhase(If.isUp, {
        to: "Connected",
        next: Round.interruptedInGrace,
        emit: [Do.startMediaTimer, Do.startGraceTimer, Do.emitInterrupted]
      }),
      { ignore: "media is not up" }
    ],
    EngineLost: [
      // Who cannot restart ICE is given no grace.
      {
        when: If.cannotRestartIce,
        to: "Ending",
        next: Next.endingFailed,
        emit: [Do.sendHangup, Do.stopMediaTimer, Do.stopNegotiationTimer, Do.stopRetryTimer, Do.closePeer]
      },
      inPhase(If.isCallerUp, {
        to: "Connected",
        next: Round.interruptedRestarting,
        emit: [Do.startMediaTimer, Do.emitInterrupted, ...begin]
      }),
      inPhase(If.isUp, {
        to: "Connected",
        next: Round.interruptedInGrace,
        emit: [Do.startMediaTimer, Do.startGraceTimer, Do.emitInterrupted]
      }),
      { when: If.isRestarting, ignore: "ICE is being restarted" },
      inPhase(If.isCallerInterrupted, {
        to: "Connected",
        next: Round.restartingNow,
        emit: [Do.stopGraceTimer, ...begin]
      }),
      { when: If.isCaller, to: "Connected", next: Round.wantingRestart, emit: [...begin] },
      inPhase(If.isInterruptedWithoutGrace, { to: "Connected", next: Round.inGrace, emit: [Do.startGraceTimer] }),
      { ignore: "the caller restarts ICE first" }
    ],
    EngineFailed: [{ to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, ...leave] }],
    EngineClosed: notAsked,
    TimerFired: [
      {
        when: If.connectRanOut,
        to: "Ending",
        next: Next.endingUnconnected,
        emit: [Do.sendHangup, Do.stopNegotiationTimer, Do.stopRetryTimer, Do.closePeer]
      },
      {
        when: If.reconnectRanOut,
        to: "Ending",
        next: Next.endingUnrestored,
        emit: [Do.sendHangup, Do.stopGraceTimer, Do.stopNegotiationTimer, Do.stopRetryTimer, Do.closePeer]
      },
      {
        when: If.negotiationRanOut,
        to: "Ending",
        next: Next.endingUnnegotiated,
        emit: [Do.sendHangup, Do.stopMediaTimer, Do.stopGraceTimer, Do.closePeer]
      },
      { when: If.retryIsDue, to: "Connected", next: Round.roundOver, emit: [Do.beginRound] },
      inPhase(If.graceRanOut, { to: "Connected", next: Round.restartingNow, emit: [...begin] }),
      { ignore: lateTimer }
    ]
  },
  Ending: {
    UserCalled: isEnding,
    UserAccepted: isEnding,
    UserDeclined: isEnding,
    UserHungUp: isEnding,
    UserChangedMedia: isEnding,
    UserRestartedIce: isEnding,
    PeerOffered: tooLate,
    PeerAnswered: tooLate,
    PeerTrickled: tooLate,
    PeerHungUp: tooLate,
    PeerRestarted: tooLate,
    PeerGarbled: tooLate,
    EngineOffered: tooLate,
    EngineAnswered: tooLate,
    EngineApplied: tooLate,
    EngineRolledBack: tooLate,
    EngineRefused: tooLate,
    EngineTrickled: tooLate,
    EngineNeedsNegotiation: tooLate,
    EngineUp: tooLate,
    EngineInterrupted: tooLate,
    EngineLost: tooLate,
    EngineFailed: tooLate,
    EngineClosed: [{ to: "Ended", next: Next.over, emit: [Do.emitClosed] }],
    TimerFired: tooLate
  },
  Ended: {
    UserCalled: isOver,
    UserAccepted: isOver,
    UserDeclined: isOver,
    UserHungUp: isOver,
    UserChangedMedia: isOver,
    UserRestartedIce: isOver,
    PeerOffered: afterEnd,
    PeerAnswered: afterEnd,
    PeerTrickled: afterEnd,
    PeerHungUp: afterEnd,
    PeerRestarted: afterEnd,
    PeerGarbled: afterEnd,
    EngineOffered: afterEnd,
    EngineAnswered: afterEnd,
    EngineApplied: afterEnd,
    EngineRolledBack: afterEnd,
    EngineRefused: afterEnd,
    EngineTrickled: afterEnd,
    EngineNeedsNegotiation: afterEnd,
    EngineUp: afterEnd,
    EngineInterrupted: afterEnd,
    EngineLost: afterEnd,
    EngineFailed: afterEnd,
    EngineClosed: afterEnd,
    TimerFired: afterEnd
  }
}
