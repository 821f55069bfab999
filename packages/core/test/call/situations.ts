/** Every situation that a call can be in, with its phases, and every input with its telling variants. Test data. */
import type { Abilities, Call, CallInput, CallState, Connected, MediaIntent, Negotiation, StateOf, TimerName } from "../../src/call/index.ts"
import type { IceCandidate } from "../../src/signaling/index.ts"

export const intent: MediaIntent = {
  hold: false,
  data: false,
  send: { microphone: "on", camera: "on", screen: "off" },
  receive: { microphone: true, camera: true, screen: false }
}
export const able: Abilities = { renegotiates: true, restartsIce: true }
export const unable: Abilities = { renegotiates: false, restartsIce: false }
export const withoutRestart: Abilities = { renegotiates: true, restartsIce: false }
const nothing = { round: false, restart: false }
const media = { round: true, restart: false }

export const candidate = (n: number): IceCandidate => ({
  candidate: `candidate:${n} 1 udp 2122260223 192.0.2.1 ${40_000 + n} typ host`,
  sdpMid: "0",
  sdpMLineIndex: 0
})
export const endOfCandidates: IceCandidate = { candidate: "", sdpMid: "0", sdpMLineIndex: 0 }

/** The number of the operation, or of the timer, that a situation waits for; of its media timer, and of its grace. */
export const live = 7
const mediaTimer = 5
const graceTimer = 6
/** A number that was given to an operation or a timer before. */
export const late = 3

/** An offer's beginning, which is all that the machine reads of it, and its sections. */
export const offerOf = (session: number | string, version: number, ...sections: ReadonlyArray<string>): string =>
  ["v=0", `o=- ${session} ${version} IN IP4 127.0.0.1`, "s=-", "t=0 0", ...sections, ""].join("\r\n")
/** A description with these ICE credentials. */
export const sdpOf = (ufrag: string, session: number | string = 50, version = 1): string =>
  offerOf(session, version, "m=audio 9 UDP/TLS/RTP/SAVPF 111", `a=ice-ufrag:${ufrag}`)
export const theirOffer = offerOf(
  41,
  1,
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=ice-ufrag:theirs",
  "m=video 0 UDP/TLS/RTP/SAVPF 96"
)
const offered = { audio: true, video: false, data: false }

/** Our own line, the peer's that the call is with, and two of its other devices: one before ours in order, one after. */
export const lines = { own: "m.1", theirs: "z.1", lower: "a.1", other: "x.1" } as const

type Role = Call["role"]
/**
 * The rounds of a call that is connected. 0 was the first; 2, the caller's, has restarted ICE; 3, the callee's, has
 * changed media. The next are 4 of the caller's and 5 of the callee's.
 */
const rounds = {
  caller: { ours: 4, theirs: 5, pastOurs: 2, pastTheirs: 3 },
  callee: { ours: 5, theirs: 4, pastOurs: 3, pastTheirs: 2 }
} as const

const call = (role: Role): Call => ({
  id: "call-1",
  role,
  intent,
  abilities: able,
  own: lines.own,
  line: lines.theirs,
  aware: true,
  serial: live,
  negotiation: 0,
  wants: nothing,
  unsentEnds: [],
  ...(role === "callee" ? { remoteOrigin: "41 1" } : {})
})
/** A caller's, as long as nobody has answered. */
const { line: _, ...unbound } = call("caller")

const applying = (up: boolean): StateOf<"WaitingAnswer"> => ({
  _tag: "WaitingAnswer",
  call: { ...call("caller"), unsentEnds: [endOfCandidates] },
  offer: sdpOf("ours"),
  phase: { _tag: "Applying", operation: live, up, remoteUfrag: "theirs", early: [] }
})
const answering = (up: boolean): StateOf<"IncomingOffer"> => ({
  _tag: "IncomingOffer",
  call: call("callee"),
  offer: theirOffer,
  offered,
  phase: { _tag: "Answering", operation: live, up, local: [candidate(1), endOfCandidates] }
})

const connected = (role: Role, change: Partial<Connected> = {}, changeOfCall: Partial<Call> = {}): Connected => ({
  _tag: "Connected",
  call: { ...call(role), negotiation: 3, ...changeOfCall },
  media: { _tag: "Up" },
  negotiation: { _tag: "Stable" },
  local: { ufrag: "ours", negotiation: 2 },
  remote: { ufrag: "theirs", negotiation: 2, described: 3, offered: rounds[role].pastTheirs },
  early: [],
  ...change
})
/** The peer's next offer has come in. */
const hasOffered = (role: Role) => ({ ...connected(role).remote, offered: rounds[role].theirs })
const theirNext = (role: Role) => ({ sdp: sdpOf("theirs"), negotiation: rounds[role].theirs })
/** Found for credentials that no description has brought. */
const found = [{ ufrag: "ours3", candidate: candidate(4) }]
const creatingRound: Negotiation = { _tag: "Creating", operation: live, brings: media, found }

const creatingQueued = (role: Role) =>
  connected(
    role,
    { negotiation: creatingRound, queued: theirNext(role), remote: hasOffered(role) },
    { negotiation: rounds[role].theirs }
  )
const out = (role: Role) =>
  connected(
    role,
    { negotiation: { _tag: "Out", number: rounds[role].ours, brings: media, timer: live, before: { ufrag: "ours", negotiation: 2 } } },
    { negotiation: rounds[role].ours }
  )
const applyingRound = (role: Role) =>
  connected(
    role,
    { negotiation: { _tag: "Applying", operation: live }, remote: { ...connected(role).remote, described: rounds[role].ours } },
    { negotiation: rounds[role].ours }
  )
const answeringRound = (role: Role) =>
  connected(
    role,
    {
      negotiation: { _tag: "Answering", operation: live, offer: theirNext(role), found },
      remote: { ...hasOffered(role), described: rounds[role].theirs }
    },
    { negotiation: rounds[role].theirs }
  )
const retrying = (role: Role) => connected(role, { negotiation: { _tag: "Stable", retry: live } }, { wants: media })
const connecting = { _tag: "Connecting", timer: mediaTimer } as const
const interrupted = { _tag: "Interrupted", timer: mediaTimer } as const
const grace = { ...interrupted, grace: graceTimer } as const

/** With a peer without delivery fields, the Rust crate: it names no line, and there is only the first round. */
const plain = (change: Partial<Connected> = {}, role: Role = "callee"): Connected => {
  const state = connected(role, {
    local: { ufrag: "ours", negotiation: 0 },
    remote: { ufrag: "theirs", negotiation: 0, described: 0, offered: role === "callee" ? 0 : -1 },
    ...change
  })
  const { line: __, ...nameless } = state.call
  return { ...state, call: { ...nameless, aware: false, negotiation: 0 } }
}

export const situations = {
  idle: { _tag: "Idle", intent, abilities: able, early: [], hungUp: [] },
  creating: { _tag: "CreatingOffer", call: unbound, operation: live, local: [candidate(1)], early: [candidate(5)] },
  waiting: { _tag: "WaitingAnswer", call: unbound, offer: sdpOf("ours"), phase: { _tag: "Waiting", timer: live, early: [candidate(5)] } },
  applying: applying(false),
  applyingUp: applying(true),
  ringing: {
    _tag: "IncomingOffer",
    call: call("callee"),
    offer: theirOffer,
    offered,
    phase: { _tag: "Ringing", timer: live, early: [candidate(1)] }
  },
  answering: answering(false),
  answeringUp: answering(true),
  ending: { _tag: "Ending", by: "local", reason: "normal" },
  ended: { _tag: "Ended", by: "remote", reason: "busy" },

  // Connected, and media flows.
  callerStable: connected("caller"),
  calleeStable: connected("callee"),
  callerCreating: connected("caller", { negotiation: creatingRound }),
  calleeCreating: connected("callee", { negotiation: creatingRound }),
  callerQueued: creatingQueued("caller"),
  calleeQueued: creatingQueued("callee"),
  callerOut: out("caller"),
  calleeOut: out("callee"),
  callerApplies: applyingRound("caller"),
  calleeApplies: applyingRound("callee"),
  rollingBack: connected(
    "callee",
    { negotiation: { _tag: "RollingBack", operation: live }, queued: theirNext("callee"), remote: hasOffered("callee") },
    { negotiation: rounds.callee.ours, wants: media }
  ),
  callerAnswers: answeringRound("caller"),
  calleeAnswers: answeringRound("callee"),
  callerRetries: retrying("caller"),
  calleeRetries: retrying("callee"),
  plain: plain(),
  callerPlain: plain({}, "caller"),
  unable: connected("caller", {}, { abilities: unable }),
  withoutRestart: connected("caller", {}, { abilities: withoutRestart }),

  // Connected, and no round is under way.
  callerConnecting: connected("caller", { media: connecting }),
  calleeConnecting: connected("callee", { media: connecting }),
  callerInterrupted: connected("caller", { media: interrupted }),
  calleeInterrupted: connected("callee", { media: interrupted }),
  callerGrace: connected("caller", { media: grace }),
  calleeGrace: connected("callee", { media: grace }),
  plainConnecting: plain({ media: connecting }),
  plainInterrupted: plain({ media: interrupted })
} as const satisfies { readonly [name: string]: CallState }

export type Situation = keyof typeof situations

/** What media does, and where the round is; `+` an offer of the peer's waits, `*` another round is wanted, `!` a restart. */
const connectedAs = ({ call: { wants }, media: link, negotiation, queued }: Connected): readonly [string, string] => [
  link._tag === "Interrupted" && link.grace !== undefined ? "grace" : link._tag.toLowerCase(),
  ("retry" in negotiation && negotiation.retry !== undefined
    ? "retry"
    : negotiation._tag === "RollingBack"
    ? "rolling"
    : negotiation._tag.toLowerCase()) +
  (queued === undefined ? "" : "+") + (wants.round ? "*" : "") + (wants.restart ? "!" : "")
]
/** A state in a word, or, of a call that is connected, in two. */
export const wordsOf = (state: CallState): string => {
  switch (state._tag) {
    case "Idle":
      return "idle"
    case "CreatingOffer":
      return "creating"
    case "WaitingAnswer":
      if (state.phase._tag === "Waiting") return "waiting"
      return (state.phase.up ? "applyingUp" : "applying") + (state.phase.queued === undefined ? "" : "+")
    case "IncomingOffer":
      if (state.phase._tag === "Ringing") return "ringing"
      return state.phase.up ? "answeringUp" : "answering"
    case "Connected":
      return connectedAs(state).join("/")
    case "Ending":
      return "ending"
    case "Ended":
      return "ended"
  }
}

/** The timers that a state says are running. */
export const timersOf = (state: CallState): ReadonlyArray<readonly [TimerName, number]> => {
  const timers: Array<readonly [TimerName, number]> = []
  if ("phase" in state && "timer" in state.phase) timers.push(["ring", state.phase.timer])
  if (state._tag !== "Connected") return timers
  const { call: { role }, media: link, negotiation } = state
  if (link._tag === "Connecting") timers.push(["connect", link.timer])
  if (link._tag === "Interrupted") {
    timers.push(["reconnect", link.timer])
    if (link.grace !== undefined) timers.push([role === "caller" ? "callerGrace" : "calleeGrace", link.grace])
  }
  if (negotiation._tag === "Out") timers.push(["negotiation", negotiation.timer])
  if (negotiation._tag === "Stable" && negotiation.retry !== undefined) timers.push(["retry", negotiation.retry])
  return timers
}

const failure = { engine: "test", operation: "createOffer", reason: "Refused", message: "it broke" }
const own = { callId: "call-1", line: lines.theirs, aware: true }
const otherLine = { callId: "call-1", line: lines.other, aware: true }
const other = { callId: "call-2", line: lines.theirs, aware: true }
const anew = offerOf(41, 2)

/** Every input, as it comes to a call with this role: the numbers of its peer's rounds depend on that. */
const inputsOf = (role: Role) => {
  const { ours, pastOurs, pastTheirs, theirs } = rounds[role]
  return {
    userCalls: { _tag: "UserCalled", callId: "call-1", line: lines.own, media: {} },
    userAccepts: { _tag: "UserAccepted", media: {} },
    userDeclines: { _tag: "UserDeclined", reason: "declined" },
    userHangsUp: { _tag: "UserHungUp", reason: "normal" },
    userMutes: { _tag: "UserChangedMedia", media: { send: { microphone: "muted" } } },
    userSharesScreen: { _tag: "UserChangedMedia", media: { send: { screen: "on" } } },
    userHolds: { _tag: "UserChangedMedia", media: { hold: true } },
    userRestartsIce: { _tag: "UserRestartedIce" },

    peerOffers: { _tag: "PeerOffered", sdp: theirOffer, negotiation: 0, ...own },
    /** Another first offer in the same call. */
    peerOffersAnew: { _tag: "PeerOffered", sdp: anew, negotiation: 0, ...own },
    /** In a call of its own, from a line before ours, from one after it, and from one that names neither. */
    peerCallsLower: { _tag: "PeerOffered", sdp: offerOf(42, 1), negotiation: 0, ...other, line: lines.lower },
    peerCallsHigher: { _tag: "PeerOffered", sdp: offerOf(42, 1), negotiation: 0, ...other },
    peerCallsPlainly: { _tag: "PeerOffered", sdp: offerOf(42, 1), callId: "call-9", aware: false },
    /** Of the next round, the same with new ICE credentials, one that has been, and one after the next. */
    peerOffersRound: { _tag: "PeerOffered", sdp: sdpOf("theirs"), negotiation: theirs, ...own },
    peerOffersRestart: { _tag: "PeerOffered", sdp: sdpOf("theirs3"), negotiation: theirs, ...own },
    peerOffersPast: { _tag: "PeerOffered", sdp: sdpOf("theirs"), negotiation: pastTheirs, ...own },
    peerOffersLater: { _tag: "PeerOffered", sdp: sdpOf("theirs"), negotiation: theirs + 2, ...own },
    peerOffersNoRound: { _tag: "PeerOffered", sdp: anew, ...own },
    otherLineOffersRound: { _tag: "PeerOffered", sdp: sdpOf("theirs"), negotiation: theirs, ...otherLine },
    /** Our own first offer comes back. */
    peerEchoes: { _tag: "PeerOffered", sdp: sdpOf("ours"), negotiation: 0, ...own },

    peerAnswers: { _tag: "PeerAnswered", sdp: sdpOf("theirs"), negotiation: 0, ...own },
    peerAnswersNameless: { _tag: "PeerAnswered", sdp: sdpOf("theirs"), aware: false },
    peerAnswersOther: { _tag: "PeerAnswered", sdp: sdpOf("theirs"), negotiation: 0, ...other },
    otherLineAnswers: { _tag: "PeerAnswered", sdp: sdpOf("theirs"), negotiation: 0, ...otherLine },
    peerAnswersRound: { _tag: "PeerAnswered", sdp: sdpOf("theirs"), negotiation: ours, ...own },
    peerAnswersPast: { _tag: "PeerAnswered", sdp: sdpOf("theirs"), negotiation: pastOurs, ...own },
    otherLineAnswersRound: { _tag: "PeerAnswered", sdp: sdpOf("theirs"), negotiation: ours, ...otherLine },

    /** Of the first round, of the last that brought in credentials, and of the peer's next offer. */
    peerTricklesFirst: { _tag: "PeerTrickled", candidate: candidate(9), negotiation: 0, ...own },
    peerTricklesCurrent: { _tag: "PeerTrickled", candidate: candidate(9), negotiation: 2, ...own },
    peerTricklesAhead: { _tag: "PeerTrickled", candidate: candidate(9), negotiation: theirs, ...own },
    peerTricklesOther: { _tag: "PeerTrickled", candidate: candidate(9), negotiation: 0, ...other },
    otherLineTrickles: { _tag: "PeerTrickled", candidate: candidate(9), negotiation: 0, ...otherLine },

    peerHangsUp: { _tag: "PeerHungUp", reason: "normal", ...own },
    peerHangsUpOther: { _tag: "PeerHungUp", reason: "normal", ...other },
    otherLineHangsUp: { _tag: "PeerHungUp", reason: "declined", ...otherLine },
    peerHasOurAnswer: { _tag: "PeerHungUp", reason: "answered_elsewhere", byUs: true, ...own },
    /** From a device that names nothing. */
    namelessTrickles: { _tag: "PeerTrickled", candidate: candidate(9), aware: false },
    namelessHangsUp: { _tag: "PeerHungUp", reason: "declined", aware: false },
    peerRestarts: { _tag: "PeerRestarted", line: lines.theirs },
    otherLineRestarts: { _tag: "PeerRestarted", line: lines.other },
    peerGarbles: { _tag: "PeerGarbled", ...own },
    peerGarblesOther: { _tag: "PeerGarbled", ...other },
    otherLineGarbles: { _tag: "PeerGarbled", ...otherLine },
    namelessGarbles: { _tag: "PeerGarbled", aware: false },

    engineOffered: { _tag: "EngineOffered", operation: live, sdp: sdpOf("ours") },
    engineOfferedLate: { _tag: "EngineOffered", operation: late, sdp: sdpOf("ours") },
    engineAnswered: { _tag: "EngineAnswered", operation: live, sdp: sdpOf("ours") },
    engineAnsweredLate: { _tag: "EngineAnswered", operation: late, sdp: sdpOf("ours") },
    engineApplied: { _tag: "EngineApplied", operation: live },
    engineAppliedLate: { _tag: "EngineApplied", operation: late },
    engineRolledBack: { _tag: "EngineRolledBack", operation: live },
    engineRolledBackLate: { _tag: "EngineRolledBack", operation: late },
    engineRefused: { _tag: "EngineRefused", operation: live, failure },
    engineRefusedLate: { _tag: "EngineRefused", operation: late, failure },
    engineTookTooLong: { _tag: "EngineRefused", operation: live, failure: { ...failure, reason: "Timeout" } },
    engineTrickled: { _tag: "EngineTrickled", candidate: candidate(2), ufrag: "ours" },
    /** For credentials that no description has brought yet. */
    engineTrickledAhead: { _tag: "EngineTrickled", candidate: candidate(2), ufrag: "ours3" },
    engineNeedsRound: { _tag: "EngineNeedsNegotiation" },
    engineUp: { _tag: "EngineUp" },
    engineInterrupted: { _tag: "EngineInterrupted" },
    engineLost: { _tag: "EngineLost", failure: { ...failure, operation: "link", reason: "IceFailed" } },
    engineFailed: { _tag: "EngineFailed", failure },
    engineClosed: { _tag: "EngineClosed" },

    ringFires: { _tag: "TimerFired", timer: "ring", token: live },
    connectFires: { _tag: "TimerFired", timer: "connect", token: mediaTimer },
    reconnectFires: { _tag: "TimerFired", timer: "reconnect", token: mediaTimer },
    negotiationFires: { _tag: "TimerFired", timer: "negotiation", token: live },
    retryFires: { _tag: "TimerFired", timer: "retry", token: live },
    callerGraceFires: { _tag: "TimerFired", timer: "callerGrace", token: graceTimer },
    calleeGraceFires: { _tag: "TimerFired", timer: "calleeGrace", token: graceTimer },
    ringFiresLate: { _tag: "TimerFired", timer: "ring", token: late },
    connectFiresLate: { _tag: "TimerFired", timer: "connect", token: late },
    reconnectFiresLate: { _tag: "TimerFired", timer: "reconnect", token: late },
    negotiationFiresLate: { _tag: "TimerFired", timer: "negotiation", token: late },
    retryFiresLate: { _tag: "TimerFired", timer: "retry", token: late },
    callerGraceFiresLate: { _tag: "TimerFired", timer: "callerGrace", token: late },
    calleeGraceFiresLate: { _tag: "TimerFired", timer: "calleeGrace", token: late }
  } as const satisfies { readonly [name: string]: CallInput }
}

/** Every input, as it comes to a callee. */
export const inputs = inputsOf("callee")
const inputsOfRole = { caller: inputsOf("caller"), callee: inputs } as const

export type InputName = keyof typeof inputs

/** What a peer without delivery fields would say: no call, no line, no round. A session takes its offer to be of its call. */
const plainly = (input: CallInput): CallInput => {
  if (!("aware" in input) || input.callId !== "call-1" || input.line !== lines.theirs) return input
  const { callId: __, line: ___, ...rest } = input
  const said = { ...rest, aware: false }
  if (!("negotiation" in said)) return said._tag === "PeerOffered" ? { ...said, callId: "call-1" } : said
  const { negotiation: ____, ...plainest } = said
  return plainest._tag === "PeerOffered" ? { ...plainest, callId: "call-1" } : plainest
}

/** An input, as it comes in this situation. */
export const inputIn = (situation: Situation, input: InputName): CallInput => {
  const state: CallState = situations[situation]
  const said = inputsOfRole["call" in state ? state.call.role : "callee"][input]
  return "call" in state && !state.call.aware ? plainly(said) : said
}
