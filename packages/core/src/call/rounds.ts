/** The states of a call that is connected: its media, and its rounds of offer and answer. For the transition table. */
import type { InputOf, OfRound } from "./CallInput.ts"
import type {
  AnsweringNegotiation,
  Call,
  Connected,
  CreatingNegotiation,
  IceGeneration,
  InterruptedMedia,
  OutNegotiation,
  PeerOffer,
  Wants
} from "./CallState.ts"
import {
  type Answering,
  type Applying,
  cannotRenegotiate,
  cannotRestartIce,
  type Connecting,
  isRestarting,
  type InRound,
  type Interrupted,
  type Up
} from "./guards.ts"
import type { MediaChange } from "./MediaIntent.ts"
import { numbered, wantsNothing, withLaterMedia } from "./nextStates.ts"
import { ufragOf } from "./readSdp.ts"

const withoutGrace = ({ grace: _, ...media }: InterruptedMedia): InterruptedMedia => media

/** The next number of this end: above all that either end has used, even for a caller and odd for a callee. */
const nextNumber = ({ negotiation, role }: Call): number => {
  const next = negotiation + 1
  return next % 2 === (role === "caller" ? 0 : 1) ? next : next + 1
}
/** The credentials of a description: those before it, or, if it has others, those that its round brings in. */
const generationOf = (before: IceGeneration, sdp: string, negotiation: number): IceGeneration => {
  const ufrag = ufragOf(sdp)
  return ufrag === before.ufrag ? before : { ufrag, negotiation }
}
/**
 * The engine is given a remote description. Candidates of earlier rounds will not be wanted any more; and if it brings
 * new credentials, ICE is restarted by it, and need not be restarted by us.
 */
const describedBy = (state: Connected, { negotiation, sdp }: PeerOffer): Connected => {
  const generation = generationOf(state.remote, sdp, negotiation)
  const next = {
    ...state,
    remote: { ...state.remote, ...generation, described: negotiation },
    early: state.early.filter((one) => one.negotiation > negotiation)
  }
  if (generation.negotiation === state.remote.negotiation) return next
  const call = { ...next.call, wants: { ...next.call.wants, restart: false } }
  return { ...next, call, media: next.media._tag === "Interrupted" ? withoutGrace(next.media) : next.media }
}

const creatingRound = (state: Connected): Connected => {
  const call = numbered(state.call)
  return {
    ...state,
    call: { ...call, wants: wantsNothing },
    negotiation: { _tag: "Creating", operation: call.serial, brings: call.wants, found: [] }
  }
}
const answeringRound = ({ queued: _, ...state }: Connected, offer: PeerOffer): Connected => {
  const call = numbered(state.call)
  return describedBy({
    ...state,
    call,
    negotiation: { _tag: "Answering", operation: call.serial, offer, found: [] }
  }, offer)
}
/**
 * What comes when a round is over, or none has been: an offer of the peer's that waits is answered, then what this end
 * still wants is offered, then all is stable.
 */
const nextRound = (state: Connected): Connected => {
  if (state.queued !== undefined) return answeringRound(state, state.queued)
  const { restart, round } = state.call.wants
  if ((round || restart) && !cannotRenegotiate(state)) return creatingRound(state)
  return { ...state, negotiation: { _tag: "Stable" } }
}
/** Wants a round: now, if none is under way. */
const wanting = (state: Connected, wants: Partial<Wants>): Connected => {
  const next = { ...state, call: { ...state.call, wants: { ...state.call.wants, ...wants } } }
  return next.negotiation._tag === "Stable" ? nextRound(next) : next
}

export const wantingMedia = (state: Connected, input: { readonly media: MediaChange }): Connected =>
  wanting(withLaterMedia(state, input), {})
export const wantingRound = (state: Connected): Connected => wanting(state, { round: true })
export const wantingRestart = (state: Connected): Connected => wanting(state, { restart: true })

// From the first round.

const firstRound = (state: Applying | Answering, local: string, remote: string): Omit<Connected, "media"> => {
  const { negotiation, role } = state.call
  return {
    _tag: "Connected",
    // Whatever end-of-candidates waited has been sent, or never will be.
    call: { ...state.call, unsentEnds: [] },
    negotiation: { _tag: "Stable" },
    local: { ufrag: local, negotiation },
    remote: { ufrag: remote, negotiation, described: negotiation, offered: role === "callee" ? negotiation : -1 },
    early: []
  }
}
const begunUp = (first: Omit<Connected, "media">): Connected => nextRound({ ...first, media: { _tag: "Up" } })
const begunConnecting = (first: Omit<Connected, "media">): Connected => {
  const call = numbered(first.call)
  return nextRound({ ...first, call, media: { _tag: "Connecting", timer: call.serial } })
}
const firstApplied = (state: Applying) => {
  const { early, queued, remoteUfrag } = state.phase
  const first = { ...firstRound(state, ufragOf(state.offer), remoteUfrag), early }
  return queued === undefined
    ? first
    : {
      ...first,
      queued,
      call: { ...first.call, negotiation: queued.negotiation },
      remote: { ...first.remote, offered: queued.negotiation }
    }
}
const firstAnswered = (state: Answering, { sdp }: InputOf<"EngineAnswered">) =>
  firstRound(state, ufragOf(sdp), ufragOf(state.offer))
export const appliedUp = (state: Applying): Connected => begunUp(firstApplied(state))
export const appliedConnecting = (state: Applying): Connected => begunConnecting(firstApplied(state))
export const answeredUp = (state: Answering, input: InputOf<"EngineAnswered">): Connected =>
  begunUp(firstAnswered(state, input))
export const answeredConnecting = (state: Answering, input: InputOf<"EngineAnswered">): Connected =>
  begunConnecting(firstAnswered(state, input))

// Media.

export const upAgain = (state: Connecting | Interrupted): Up => ({
  ...state,
  call: { ...state.call, wants: { ...state.call.wants, restart: false } },
  media: { _tag: "Up" }
})
const interrupted = (state: Connected): Interrupted => {
  const call = numbered(state.call)
  return { ...state, call, media: { _tag: "Interrupted", timer: call.serial } }
}
/** ICE is left to itself for a while. Who cannot restart it only waits. */
export const inGrace = (state: Interrupted): Interrupted => {
  if (cannotRestartIce(state) || isRestarting(state)) return state
  const call = numbered(state.call)
  return { ...state, call, media: { ...state.media, grace: call.serial } }
}
export const interruptedInGrace = (state: Connected): Interrupted => inGrace(interrupted(state))
export const interruptedRestarting = (state: Connected): Connected => wantingRestart(interrupted(state))
export const restartingNow = (state: Interrupted): Connected => wantingRestart({ ...state, media: withoutGrace(state.media) })

// Rounds.

const seen = (state: Connected, offer: PeerOffer): Connected => ({
  ...state,
  call: { ...state.call, negotiation: Math.max(state.call.negotiation, offer.negotiation) },
  remote: { ...state.remote, offered: offer.negotiation }
})
const offerOf = ({ negotiation = 0, sdp }: InputOf<"PeerOffered">): PeerOffer => ({ sdp, negotiation })
export const answeringPeer = (state: Connected, input: InputOf<"PeerOffered">): Connected =>
  answeringRound(seen(state, offerOf(input)), offerOf(input))
export const queueing = (state: Connected, input: InputOf<"PeerOffered">): Connected => ({
  ...seen(state, offerOf(input)),
  queued: offerOf(input)
})
/** The peer will take its offer back when it sees ours. */
export const overlooking = (state: Connected, input: InputOf<"PeerOffered">): Connected => seen(state, offerOf(input))

const stillWanting = (call: Call, { restart, round }: Wants): Call => ({
  ...call,
  wants: { round: call.wants.round || round, restart: call.wants.restart || restart }
})
/** What our offer was to bring is still wanted. */
const rollingBack = (state: Connected, brings: Wants): Connected => {
  const call = numbered(state.call)
  return { ...state, call: stillWanting(call, brings), negotiation: { _tag: "RollingBack", operation: call.serial } }
}
export const rollingBackUnsent = (state: InRound<CreatingNegotiation>): Connected =>
  rollingBack(state, state.negotiation.brings)
export const rollingBackSent = (state: InRound<OutNegotiation>, input: InputOf<"PeerOffered">): Connected => ({
  ...rollingBack(queueing(state, input), state.negotiation.brings),
  local: state.negotiation.before
})

export const offering = (
  { queued: _, ...state }: InRound<CreatingNegotiation>,
  { sdp }: InputOf<"EngineOffered">
): Connected => {
  const { brings } = state.negotiation
  const number = nextNumber(state.call)
  const call = { ...numbered(state.call), negotiation: number }
  return {
    ...state,
    call,
    local: generationOf(state.local, sdp, number),
    negotiation: { _tag: "Out", number, brings, timer: call.serial, before: state.local }
  }
}
export const applyingRound = (
  state: InRound<OutNegotiation>,
  { sdp }: InputOf<"PeerAnswered">
): Connected => {
  const call = numbered(state.call)
  return describedBy(
    { ...state, call, negotiation: { _tag: "Applying", operation: call.serial } },
    { sdp, negotiation: state.negotiation.number }
  )
}
export const answered = (state: InRound<AnsweringNegotiation>, { sdp }: InputOf<"EngineAnswered">): Connected =>
  nextRound({ ...state, local: generationOf(state.local, sdp, state.negotiation.offer.negotiation) })
export const roundOver = nextRound
/** The engine has made no offer. What it was to bring is still wanted: with the round that waits, or a while later. */
export const refused = (state: InRound<CreatingNegotiation>): Connected => {
  const call = stillWanting(state.call, state.negotiation.brings)
  if (state.queued !== undefined) return answeringRound({ ...state, call }, state.queued)
  const next = numbered(call)
  return { ...state, call: next, negotiation: { _tag: "Stable", retry: next.serial } }
}

// Candidates.

export const withEarly = (state: Connected, { candidate, negotiation = 0 }: OfRound & InputOf<"PeerTrickled">): Connected => ({
  ...state,
  early: [...state.early, { candidate, negotiation }]
})
export const withFound = (
  state: InRound<CreatingNegotiation | AnsweringNegotiation>,
  { candidate, ufrag }: InputOf<"EngineTrickled">
): Connected => ({
  ...state,
  negotiation: { ...state.negotiation, found: [...state.negotiation.found, { candidate, ufrag }] }
})
