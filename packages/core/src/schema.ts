/**
 * `@enigma-rtc/core/schema`: Effect Schemas of the messages and of the call's state, for apps that store, log or
 * document them. A property test holds them against the codec on every input that it can think of.
 */
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import type * as Input from "./call/CallInput.ts"
import type * as State from "./call/CallState.ts"
import { candidateOf, checkCandidate } from "./signaling/iceCandidate.ts"
import { SignalingLimits } from "./signaling/limits.ts"
import { checkSdp } from "./signaling/sessionDescription.ts"
import type * as Trace from "./trace/CallTrace.ts"

/** 1 to 64 visible ASCII characters. */
export const Id = Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,64}$/))

/** A session description that engines may see. */
export const Sdp = Schema.String.check(
  Schema.makeFilter((sdp: string) => {
    const checked = checkSdp(sdp)
    return Result.isSuccess(checked) || checked.failure.message
  })
)

/** A field that may be missing; `null` counts as missing, and is never written. */
const optional = <S extends Schema.Top>(schema: S) =>
  Schema.optionalKey(Schema.NullOr(schema)).pipe(
    Schema.decodeTo(
      Schema.optionalKey(Schema.toType(schema)),
      SchemaTransformation.transformOptional({
        decode: Option.filter((value: S["Type"] | null): value is S["Type"] => value !== null),
        encode: (value: Option.Option<S["Type"]>): Option.Option<S["Type"] | null> => value
      })
    )
  )

/** A number in a delivery field. */
const Count = Schema.Number.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum: SignalingLimits.number }))
const delivery = {
  from: optional(Id),
  to: optional(Id),
  seq: optional(Count.check(Schema.isLessThan(SignalingLimits.number))),
  ack: optional(Count),
  base: optional(Count),
  call_id: optional(Id)
}
const negotiation = optional(Count)

/** An SDP offer. */
export const Offer = Schema.Struct({ type: Schema.tag("offer"), sdp: Sdp, ...delivery, negotiation, replaces: optional(Id) })
/** An SDP answer. */
export const Answer = Schema.Struct({ type: Schema.tag("answer"), sdp: Sdp, ...delivery, negotiation })
/** A trickled candidate; an empty one is end-of-candidates. */
export const IceCandidate = Schema.Struct({
  type: Schema.tag("ice_candidate"),
  candidate: Schema.String,
  sdp_mid: optional(Schema.String),
  sdp_mline_index: optional(Schema.Number),
  ...delivery,
  negotiation
}).check(
  Schema.makeFilter((message) => {
    const checked = checkCandidate(candidateOf(message))
    return Result.isSuccess(checked) || checked.failure.message
  })
)
/** The end of a call. */
export const Hangup = Schema.Struct({
  type: Schema.tag("hangup"),
  reason: optional(Schema.String.check(Schema.isMaxLength(SignalingLimits.reason))),
  ...delivery,
  answered_by: optional(Id),
  replaced_by: optional(Id)
})
/** What has arrived of a line's messages. */
export const Ack = Schema.Struct({ type: Schema.tag("ack"), from: Id, to: Id, ack: Count })

/** Any message, as `decodeSignaling` gives it. */
export const SignalingMessage = Schema.Union([Offer, Answer, IceCandidate, Hangup, Ack])

const Sending = Schema.Literals(["off", "muted", "on"])
const Candidate = Schema.Struct({
  candidate: Schema.String,
  sdpMid: Schema.optionalKey(Schema.String),
  sdpMLineIndex: Schema.optionalKey(Schema.Number)
})
const Candidates = Schema.Array(Candidate)

/** What media a call wants. */
export const MediaIntent = Schema.Struct({
  hold: Schema.Boolean,
  data: Schema.Boolean,
  preferCodec: Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  send: Schema.Struct({ microphone: Sending, camera: Sending, screen: Sending }),
  receive: Schema.Struct({ microphone: Schema.Boolean, camera: Schema.Boolean, screen: Schema.Boolean })
})

const Abilities = Schema.Struct({ renegotiates: Schema.Boolean, restartsIce: Schema.Boolean })
const Wants = Schema.Struct({ round: Schema.Boolean, restart: Schema.Boolean })
const Call = Schema.Struct({
  id: Schema.String,
  role: Schema.Literals(["caller", "callee"]),
  intent: MediaIntent,
  abilities: Abilities,
  own: Schema.String,
  line: Schema.optionalKey(Schema.String),
  aware: Schema.Boolean,
  serial: Schema.Number,
  negotiation: Schema.Number,
  wants: Wants,
  unsentEnds: Candidates,
  remoteOrigin: Schema.optionalKey(Schema.String),
  untold: Schema.optionalKey(Schema.Literal(true))
})
const Operation = Schema.Number
const Timer = Schema.Number
const Failure = Schema.Struct({
  engine: Schema.String,
  operation: Schema.String,
  reason: Schema.String,
  message: Schema.String
})
const end = {
  by: Schema.Literals(["local", "remote"]),
  reason: Schema.String,
  failure: Schema.optionalKey(Failure)
}

const IceGeneration = Schema.Struct({ ufrag: Schema.String, negotiation: Schema.Number })
const PeerOffer = Schema.Struct({ sdp: Schema.String, negotiation: Schema.Number })
const RoundCandidates = Schema.Array(Schema.Struct({ negotiation: Schema.Number, candidate: Candidate }))
const Found = Schema.Array(Schema.Struct({ ufrag: Schema.String, candidate: Candidate }))

/** Any state of a call. */
export const CallState = Schema.Union([
  Schema.TaggedStruct("Idle", {
    intent: MediaIntent,
    abilities: Abilities,
    early: Schema.Array(Schema.Struct({ callId: Schema.optionalKey(Schema.String), candidate: Candidate })),
    hungUp: Schema.Array(Schema.String)
  }),
  Schema.TaggedStruct("CreatingOffer", { call: Call, operation: Operation, local: Candidates, early: Candidates }),
  Schema.TaggedStruct("WaitingAnswer", {
    call: Call,
    offer: Schema.String,
    phase: Schema.Union([
      Schema.TaggedStruct("Waiting", { timer: Timer, early: Candidates }),
      Schema.TaggedStruct("Applying", { operation: Operation, up: Schema.Boolean, remoteUfrag: Schema.String, queued: Schema.optionalKey(PeerOffer), early: RoundCandidates })
    ])
  }),
  Schema.TaggedStruct("IncomingOffer", {
    call: Call,
    offer: Schema.String,
    offered: Schema.Struct({ audio: Schema.Boolean, video: Schema.Boolean, data: Schema.Boolean }),
    phase: Schema.Union([
      Schema.TaggedStruct("Ringing", { timer: Timer, early: Candidates }),
      Schema.TaggedStruct("Answering", { operation: Operation, up: Schema.Boolean, local: Candidates })
    ])
  }),
  Schema.TaggedStruct("Connected", {
    call: Call,
    media: Schema.Union([
      Schema.TaggedStruct("Connecting", { timer: Timer }),
      Schema.TaggedStruct("Up", {}),
      Schema.TaggedStruct("Interrupted", { timer: Timer, grace: Schema.optionalKey(Timer) })
    ]),
    negotiation: Schema.Union([
      Schema.TaggedStruct("Stable", { retry: Schema.optionalKey(Timer) }),
      Schema.TaggedStruct("Creating", { operation: Operation, brings: Wants, found: Found }),
      Schema.TaggedStruct("Out", { number: Schema.Number, brings: Wants, timer: Timer, before: IceGeneration }),
      Schema.TaggedStruct("Applying", { operation: Operation }),
      Schema.TaggedStruct("RollingBack", { operation: Operation }),
      Schema.TaggedStruct("Answering", { operation: Operation, offer: PeerOffer, found: Found })
    ]),
    local: IceGeneration,
    remote: Schema.Struct({ ...IceGeneration.fields, described: Schema.Number, offered: Schema.Number }),
    queued: Schema.optionalKey(PeerOffer),
    early: RoundCandidates
  }),
  Schema.TaggedStruct("Ending", end),
  Schema.TaggedStruct("Ended", end)
])

const MediaChange = Schema.Struct({
  hold: Schema.optionalKey(Schema.Boolean),
  data: Schema.optionalKey(Schema.Boolean),
  preferCodec: Schema.optionalKey(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  send: Schema.optionalKey(
    Schema.Struct({
      microphone: Schema.optionalKey(Sending),
      camera: Schema.optionalKey(Sending),
      screen: Schema.optionalKey(Sending)
    })
  ),
  receive: Schema.optionalKey(
    Schema.Struct({
      microphone: Schema.optionalKey(Schema.Boolean),
      camera: Schema.optionalKey(Schema.Boolean),
      screen: Schema.optionalKey(Schema.Boolean)
    })
  )
})
const fromPeer = {
  callId: Schema.optionalKey(Schema.String),
  line: Schema.optionalKey(Schema.String),
  aware: Schema.Boolean
}
const ofRound = { negotiation: Schema.optionalKey(Schema.Number) }

/** Whatever can happen to a call. */
export const CallInput = Schema.Union([
  Schema.TaggedStruct("UserCalled", {
    callId: Schema.String,
    line: Schema.optionalKey(Schema.String),
    media: MediaChange
  }),
  Schema.TaggedStruct("UserAccepted", { media: MediaChange }),
  Schema.TaggedStruct("UserDeclined", { reason: Schema.String }),
  Schema.TaggedStruct("UserHungUp", { reason: Schema.String }),
  Schema.TaggedStruct("UserChangedMedia", { media: MediaChange }),
  Schema.TaggedStruct("UserRestartedIce", {}),
  Schema.TaggedStruct("PeerOffered", {
    sdp: Schema.String,
    ...fromPeer,
    ...ofRound,
    callId: Schema.String,
    abilities: Schema.optionalKey(Abilities)
  }),
  Schema.TaggedStruct("PeerAnswered", { sdp: Schema.String, ...fromPeer, ...ofRound }),
  Schema.TaggedStruct("PeerTrickled", { candidate: Candidate, ...fromPeer, ...ofRound }),
  Schema.TaggedStruct("PeerHungUp", {
    reason: Schema.String,
    byUs: Schema.optionalKey(Schema.Boolean),
    ...fromPeer
  }),
  Schema.TaggedStruct("PeerRestarted", { line: Schema.String }),
  Schema.TaggedStruct("PeerGarbled", { ...fromPeer }),
  Schema.TaggedStruct("EngineOffered", { operation: Operation, sdp: Schema.String }),
  Schema.TaggedStruct("EngineAnswered", { operation: Operation, sdp: Schema.String }),
  Schema.TaggedStruct("EngineApplied", { operation: Operation }),
  Schema.TaggedStruct("EngineRefused", { operation: Operation, failure: Failure }),
  Schema.TaggedStruct("EngineRolledBack", { operation: Operation }),
  Schema.TaggedStruct("EngineTrickled", { ufrag: Schema.String, candidate: Candidate }),
  Schema.TaggedStruct("EngineNeedsNegotiation", {}),
  Schema.TaggedStruct("EngineUp", {}),
  Schema.TaggedStruct("EngineInterrupted", {}),
  Schema.TaggedStruct("EngineLost", { failure: Failure }),
  Schema.TaggedStruct("EngineFailed", { failure: Failure }),
  Schema.TaggedStruct("EngineClosed", {}),
  Schema.TaggedStruct("TimerFired", {
    timer: Schema.Literals(["ring", "connect", "reconnect", "negotiation", "retry", "callerGrace", "calleeGrace"]),
    token: Timer
  })
])

/** The first line of a trace. */
export const TraceHeader = Schema.Struct({
  trace: Schema.Literal("enigma-rtc"),
  version: Schema.Literal(1),
  callId: Schema.optionalKey(Schema.String),
  engine: Schema.optionalKey(Schema.String),
  initial: CallState
})
/** Every other line of a trace: an input, and what the machine said to it. */
export const TraceEntry = Schema.Struct({
  atMs: Schema.Number.check(Schema.isFinite(), Schema.isGreaterThanOrEqualTo(0)),
  input: CallInput,
  verdict: Schema.Literals(["Moved", "Ignored", "Rejected"]),
  why: Schema.optionalKey(Schema.String),
  state: Id
})

// The schema and the type are two descriptions of the same thing: neither may have what the other lacks.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<typeof CallState.Type, State.CallState>
true satisfies Same<typeof CallInput.Type, Input.CallInput>
true satisfies Same<typeof TraceHeader.Type, Trace.TraceHeader>
true satisfies Same<typeof TraceEntry.Type, Trace.TraceEntry>
