/**
 * The whole behaviour of a call, as data. Read a row as: in this state, when this happens. Everything that affects the
 * machine stands in this table; `docs/state-machine.md` is drawn from it.
 */
import * as Do from "./commands.ts"
import * as If from "./guards.ts"
import * as Next from "./nextStates.ts"
import { ignore, inPhase, reject, type Table } from "./table.ts"

const otherCall = { when: If.isForOtherCall, ignore: "it belongs to another call" }
const newRound = {
  when: If.needsNewRound,
  reject: "this needs a new offer and answer, which a call does not make yet"
}
const secondOffer = [
  otherCall,
  { when: If.isRepeatedOffer, ignore: "the call has its offer already" },
  { reject: "this is a new offer, and a call does not renegotiate yet" }
] as const
const oneCall = reject("there is a call already")
const nothingRings = reject("no call is coming in")
const isEnding = reject("the call is ending")
const isOver = reject("the call has ended")

const noEngine = ignore("no engine is open")
const noTimer = ignore("no timer is running")
const noAnswer = ignore("there is no answer yet")
const notAsked = ignore("nobody asked for this")
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

/** The transition table: `transitions[state][input]`. */
export const transitions: Table = {
  Idle: {
    UserCalled: [{ to: "CreatingOffer", next: Next.creating, emit: [Do.openPeer, Do.createOffer] }],
    UserAccepted: nothingRings,
    UserDeclined: nothingRings,
    UserHungUp: [{ to: "Ended", next: Next.endedAsUserSaid, emit: [Do.emitClosed] }],
    UserChangedMedia: [{ to: "Idle", next: Next.idleWithMedia }],
    PeerOffered: [{ to: "IncomingOffer", next: Next.ringing, emit: [Do.startRingTimer] }],
    PeerAnswered: reject("no offer was made"),
    PeerTrickled: [{ when: If.earlyIsFull, ignore: tooManyEarly }, { to: "Idle", next: Next.idleWithEarly }],
    PeerHungUp: ignore("there is no call to end"),
    EngineOffered: noEngine,
    EngineAnswered: noEngine,
    EngineApplied: noEngine,
    EngineRefused: noEngine,
    EngineTrickled: noEngine,
    EngineUp: noEngine,
    EngineInterrupted: noEngine,
    EngineFailed: noEngine,
    EngineClosed: noEngine,
    TimerFired: noTimer
  },
  CreatingOffer: {
    UserCalled: oneCall,
    UserAccepted: nothingRings,
    UserDeclined: nothingRings,
    UserHungUp: [{ to: "Ending", next: Next.endingAsUserSaid, emit: [Do.closePeer] }],
    UserChangedMedia: [newRound, { to: "CreatingOffer", next: Next.withMedia, emit: [Do.applyIntent] }],
    PeerOffered: [otherCall, { ignore: "a call of our own is being made" }],
    PeerAnswered: reject("the offer is not made yet"),
    PeerTrickled: ignore("the peer has no offer of ours yet"),
    PeerHungUp: ignore("the peer has no offer of ours yet"),
    EngineOffered: [
      { when: If.isLateOffer, ignore: lateResult },
      { to: "WaitingAnswer", next: Next.waiting, emit: [Do.sendOffer, Do.sendHeldCandidates, Do.startRingTimer] }
    ],
    EngineAnswered: notAsked,
    EngineApplied: notAsked,
    EngineRefused: [
      { when: If.isLateOffer, ignore: lateResult },
      { to: "Ending", next: Next.endingFailed, emit: [Do.closePeer] }
    ],
    EngineTrickled: [{ to: "CreatingOffer", next: Next.creatingWithLocal }],
    EngineUp: noAnswer,
    EngineInterrupted: noAnswer,
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
    UserChangedMedia: [newRound, { to: "WaitingAnswer", next: Next.withMedia, emit: [Do.applyIntent] }],
    PeerOffered: [otherCall, { ignore: "a call of our own is out" }],
    PeerAnswered: [
      otherCall,
      inPhase(If.isWaiting, { to: "WaitingAnswer", next: Next.applying, emit: [Do.stopRingTimer, Do.applyAnswer] }),
      { ignore: "an answer is being applied" }
    ],
    PeerTrickled: [otherCall, { to: "WaitingAnswer", next: Next.waitingLearned, emit: [Do.addCandidate] }],
    PeerHungUp: [
      otherCall,
      { to: "Ending", next: Next.endingAsPeerSaid, emit: [Do.stopRingTimer, Do.closePeer] }
    ],
    EngineOffered: notAsked,
    EngineAnswered: notAsked,
    EngineApplied: [
      { when: If.isLateResult, ignore: lateResult },
      { when: If.mediaIsUp, to: "Connected", next: Next.connectedUp, emit: [Do.sendUnsentEnds, Do.emitEstablished] },
      { to: "Connected", next: Next.connecting, emit: [Do.sendUnsentEnds, Do.startConnectTimer] }
    ],
    EngineRefused: [
      { when: If.isLateResult, ignore: lateResult },
      { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.closePeer] }
    ],
    EngineTrickled: [{ to: "WaitingAnswer", next: Next.waitingWithTrickled, emit: [Do.sendCandidate] }],
    EngineUp: [inPhase(If.isApplying, { to: "WaitingAnswer", next: Next.mediaUp }), ...noAnswer],
    EngineInterrupted: [
      inPhase(If.isApplying, { to: "WaitingAnswer", next: Next.mediaDown }),
      ...noAnswer
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
      newRound,
      { to: "IncomingOffer", next: Next.withMedia, emit: [Do.applyIntent] }
    ],
    PeerOffered: secondOffer,
    PeerAnswered: reject("it is for us to answer"),
    PeerTrickled: [
      otherCall,
      { when: If.ringingEarlyIsFull, ignore: tooManyEarly },
      inPhase(If.isRinging, { to: "IncomingOffer", next: Next.ringingWithEarly }),
      { to: "IncomingOffer", next: Next.same, emit: [Do.addCandidate] }
    ],
    PeerHungUp: [
      otherCall,
      inPhase(If.isRinging, { to: "Ended", next: Next.endedAsPeerSaid, emit: [Do.stopRingTimer, Do.emitClosed] }),
      { to: "Ending", next: Next.endingAsPeerSaid, emit: [Do.closePeer] }
    ],
    EngineOffered: notAsked,
    EngineAnswered: [
      { when: If.isLateResult, ignore: lateResult },
      {
        when: If.mediaIsUp,
        to: "Connected",
        next: Next.connectedUp,
        emit: [Do.sendAnswer, Do.sendHeldCandidates, Do.emitEstablished]
      },
      { to: "Connected", next: Next.connecting, emit: [Do.sendAnswer, Do.sendHeldCandidates, Do.startConnectTimer] }
    ],
    EngineApplied: notAsked,
    EngineRefused: [
      { when: If.isLateResult, ignore: lateResult },
      { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.closePeer] }
    ],
    EngineTrickled: [
      inPhase(If.isAnswering, { to: "IncomingOffer", next: Next.answeringWithLocal }),
      ...noEngine
    ],
    EngineUp: [
      inPhase(If.isAnswering, { to: "IncomingOffer", next: Next.mediaUp }),
      ...noEngine
    ],
    EngineInterrupted: [
      inPhase(If.isAnswering, { to: "IncomingOffer", next: Next.mediaDown }),
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
    UserHungUp: [
      { to: "Ending", next: Next.endingAsUserSaid, emit: [Do.sendHangup, Do.stopMediaTimer, Do.closePeer] }
    ],
    UserChangedMedia: [newRound, { to: "Connected", next: Next.withMedia, emit: [Do.applyIntent] }],
    PeerOffered: secondOffer,
    PeerAnswered: ignore("the call is answered already"),
    PeerTrickled: [otherCall, { to: "Connected", next: Next.same, emit: [Do.addCandidate] }],
    PeerHungUp: [
      otherCall,
      { to: "Ending", next: Next.endingAsPeerSaid, emit: [Do.stopMediaTimer, Do.closePeer] }
    ],
    EngineOffered: notAsked,
    EngineAnswered: notAsked,
    EngineApplied: notAsked,
    EngineRefused: notAsked,
    EngineTrickled: [{ to: "Connected", next: Next.same, emit: [Do.sendCandidate] }],
    EngineUp: [
      inPhase(If.isConnecting, { to: "Connected", next: Next.connectedUp, emit: [Do.stopMediaTimer, Do.emitEstablished] }),
      inPhase(If.isInterrupted, { to: "Connected", next: Next.connectedUp, emit: [Do.stopMediaTimer, Do.emitRestored] }),
      { ignore: "media is up already" }
    ],
    EngineInterrupted: [
      inPhase(If.isUp, { to: "Connected", next: Next.interrupted, emit: [Do.startReconnectTimer, Do.emitInterrupted] }),
      { ignore: "media is not up" }
    ],
    EngineFailed: [
      { to: "Ending", next: Next.endingFailed, emit: [Do.sendHangup, Do.stopMediaTimer, Do.closePeer] }
    ],
    EngineClosed: notAsked,
    TimerFired: [
      { when: If.connectRanOut, to: "Ending", next: Next.endingUnconnected, emit: [Do.sendHangup, Do.closePeer] },
      { when: If.reconnectRanOut, to: "Ending", next: Next.endingUnrestored, emit: [Do.sendHangup, Do.closePeer] },
      { ignore: lateTimer }
    ]
  },
  Ending: {
    UserCalled: isEnding,
    UserAccepted: isEnding,
    UserDeclined: isEnding,
    UserHungUp: isEnding,
    UserChangedMedia: isEnding,
    PeerOffered: tooLate,
    PeerAnswered: tooLate,
    PeerTrickled: tooLate,
    PeerHungUp: tooLate,
    EngineOffered: tooLate,
    EngineAnswered: tooLate,
    EngineApplied: tooLate,
    EngineRefused: tooLate,
    EngineTrickled: tooLate,
    EngineUp: tooLate,
    EngineInterrupted: tooLate,
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
    PeerOffered: afterEnd,
    PeerAnswered: afterEnd,
    PeerTrickled: afterEnd,
    PeerHungUp: afterEnd,
    EngineOffered: afterEnd,
    EngineAnswered: afterEnd,
    EngineApplied: afterEnd,
    EngineRefused: afterEnd,
    EngineTrickled: afterEnd,
    EngineUp: afterEnd,
    EngineInterrupted: afterEnd,
    EngineFailed: afterEnd,
    EngineClosed: afterEnd,
    TimerFired: afterEnd
  }
}
