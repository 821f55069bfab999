/** What a line does with a text that comes: it reads it, puts it in order, and gives it to its call. For `CallLine`. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { originOf, ufragOf } from "../call/readSdp.ts"
import { type Addressed, route } from "../call/route.ts"
import type { RtcEngine } from "../engine/RtcEngine.ts"
import { type EnigmaRtcError, JsonError, WebRtcError } from "../EnigmaRtcError.ts"
import { decodeSignaling, type Envelope, readEnvelope } from "../signaling/codec.ts"
import type { Fate } from "../signaling/Delivery.ts"
import type { CallMessage, MessageOf } from "../signaling/SignalingMessage.ts"
import type { Read } from "./Conversation.ts"
import type { Conversations } from "./Conversations.ts"
import type { EarlyMessages } from "./EarlyMessages.ts"
import { type LineCall, type LineCalls, type LiveCall, type PeerMove, ringsNow } from "./LineCalls.ts"
import { notItsOffer } from "./perform.ts"
import { randomId } from "./randomId.ts"
import type { LineReceipt, Receipt } from "./Receipt.ts"
import { fromPeer, inputOf } from "./receiveMessage.ts"
import type { RingingCalls } from "./RingingCalls.ts"
import type { Incoming } from "./SignalingChannel.ts"

/** What a line is made of, as far as texts concern it. */
export interface ReceiverWorld {
  /** The line's name. */
  readonly from: string
  readonly maxCalls: number
  readonly calls: LineCalls
  readonly conversations: Conversations
  readonly early: EarlyMessages
  readonly ringing: RingingCalls<LineCall>
  /** The first engine that takes this offer, of those that may be used. */
  readonly engineFor: (offerSdp: string, mayUse?: (engine: string) => boolean) => RtcEngine["Service"] | undefined
  readonly follows: (move: PeerMove) => boolean
}

/** How many calls of one peer may ring at once, so that no peer takes up the whole line. */
const maxRingingOfPeer = 4

/** How many connections one call may be on, those included that close still: the one that it leaves, and moves that failed. */
const maxConnectionsOfCall = 4

/** How much may be owed to a peer for it to be told still that a call is not taken. */
const mostTurnedAway = 64

export const tooMany = (operation: string, what: string, limit: number) =>
  new WebRtcError({ engine: "core", operation, reason: { _tag: "TooMany", what, limit } })

const stale = (why: string): Receipt => ({ _tag: "Stale", why })
const refused = (error: EnigmaRtcError): Receipt => ({ _tag: "Refused", error })

/** What a text's fate is called, but for one that is given to its call. */
const receiptOfFate = (fate: Exclude<Fate, { readonly _tag: "Arrived" | "Plain" }>): Receipt => {
  switch (fate._tag) {
    case "Acked":
      return { _tag: "Delivered" }
    case "Repeated":
      return { _tag: "Repeated" }
    case "Held":
      return { _tag: "Held", why: "another has to come first" }
    case "Stale":
      return stale(fate.why)
    case "Refused":
      return refused(new JsonError({ at: "seq", expected: `room for it: ${fate.why}` }))
  }
}

/** The line that a message's call is with: a message without a number is not one of a conversation. */
const lineOf = ({ from, seq }: Envelope): string | undefined => (seq === undefined ? undefined : from)

/** What a message's way is decided by. */
const addressOf = (message: CallMessage): Addressed => {
  const line = lineOf(message)
  const replaces = message.type === "offer" && message.call_id !== undefined ? message.replaces : undefined
  return {
    type: message.type,
    ...(message.call_id === undefined ? {} : { callId: message.call_id }),
    ...(line === undefined ? {} : { line }),
    ...(replaces === undefined ? {} : { replaces })
  }
}

export const receiver = (world: ReceiverWorld): (incoming: Incoming) => Effect.Effect<ReadonlyArray<LineReceipt>> => {
  const { calls, conversations, early, engineFor, follows, from, maxCalls, ringing } = world

  /** The engine to go on with where a peer moves a call. */
  const engineToFollowWith = (peer: string, { call, moving }: LiveCall, offerSdp: string) =>
    engineFor(offerSdp, (to) => follows({ peer, callId: call.id, from: moving.current().engine(), to }))

  /** Says at once that a call is not taken, of which there is no session here. */
  const turnAway = (peer: string, callId: string, envelope: Envelope, reason: string) => {
    const conversation = conversations.of(peer)
    calls.remember(peer, callId)
    // Who takes nothing of what it is told is told no more.
    if (conversation.owes > mostTurnedAway) return Effect.void
    conversation.bind(callId, lineOf(envelope))
    return Effect.ignore(
      Effect.andThen(
        conversation.post({ type: "hangup", reason, call_id: callId }),
        Effect.sync(() => conversation.over(callId))
      )
    )
  }

  const ring = (peer: string, message: MessageOf<"offer">): Effect.Effect<Receipt> =>
    Effect.gen(function*() {
      const callId = message.call_id ?? (yield* randomId)
      const full = calls.size() >= maxCalls
      if (full || calls.of(peer).filter(({ call }) => ringsNow(call)).length >= maxRingingOfPeer) {
        yield* turnAway(peer, callId, message, "busy")
        return refused(
          full
            ? tooMany("receive offer", "calls", maxCalls)
            : tooMany("receive offer", "ringing calls of one peer", maxRingingOfPeer)
        )
      }
      const engine = engineFor(message.sdp)
      if (engine === undefined) return yield* refuseKind(peer, callId, message)
      const one = yield* calls.open(peer, callId, engine)
      conversations.of(peer).bind(callId, lineOf(message))
      const receipt = one.take(Result.succeed(message))
      takeEarly(peer, message, one)
      ringing.add(one.call)
      return receipt
    })

  /** No engine of this line takes the offer. */
  const refuseKind = (peer: string, callId: string, message: MessageOf<"offer">) =>
    Effect.as(turnAway(peer, callId, message, "engine_unsupported"), refused(notItsOffer("core", "receive offer")))

  /** A call that takes the place of one that is on: it never rings, and is accepted by itself. */
  const replace = (peer: string, callId: string, message: MessageOf<"offer">, on: LiveCall | undefined): Effect.Effect<Receipt> =>
    Effect.gen(function*() {
      const taken = engineFor(message.sdp)
      if (taken === undefined) return yield* refuseKind(peer, callId, message)
      const unknown = Effect.suspend(() =>
        Effect.as(turnAway(peer, callId, message, "replaced_unknown"), stale("the call that it replaces is not on"))
      )
      if (on === undefined) return yield* unknown
      const engine = engineToFollowWith(peer, on, message.sdp)
      if (engine === undefined) {
        yield* turnAway(peer, callId, message, "declined")
        const why = `this line does not follow ${peer} from ${on.moving.current().engine()} to ${taken.name}`
        return refused(on.moving.notPossible("receive offer", why))
      }
      if (calls.of(peer).filter(({ call }) => call === on.call).length >= maxConnectionsOfCall) {
        yield* turnAway(peer, callId, message, "busy")
        return refused(tooMany("receive offer", "connections of one call", maxConnectionsOfCall))
      }
      const one = yield* calls.replace(on, callId, engine)
      if (one === undefined) return yield* unknown
      conversations.of(peer).bind(callId, lineOf(message))
      const receipt = one.take(Result.succeed(message))
      one.feed({ _tag: "UserAccepted", media: {} })
      return receipt
    })

  const takeEarly = (peer: string, message: CallMessage, one: LiveCall) => {
    for (const kept of early.take(peer, message.call_id)) one.take(Result.succeed(kept))
  }

  /** Both call each other. The machine decides which call goes on; if it is the peer's, ours becomes that one. */
  const collide = (peer: string, message: MessageOf<"offer">, one: LiveCall): Effect.Effect<Receipt> =>
    Effect.map(message.call_id === undefined ? randomId : Effect.succeed(message.call_id), (callId) => {
      const conversation = conversations.of(peer)
      const before = one.id()
      // It may end the call that it meets, whose name is then free.
      conversation.bind(callId, lineOf(message))
      const input = inputOf(message, callId, from)
      const engine = one.replaces === undefined ? engineFor(message.sdp) : engineToFollowWith(peer, one, message.sdp)
      // An offer that no engine takes, or may take, fails with the one that is there, and with it the call that yields.
      const verdict = engine === undefined || input._tag !== "PeerOffered"
        ? one.feed(input)
        : one.withEngine(engine, (abilities) => one.feed({ ...input, ...abilities }))
      if (verdict._tag !== "Moved") {
        conversation.over(callId)
        calls.remember(peer, callId)
        return stale(verdict.why)
      }
      calls.rename(peer, before, callId)
      conversation.over(before)
      takeEarly(peer, message, one)
      return { _tag: "Delivered" }
    })

  const give = (peer: string, message: CallMessage): Effect.Effect<Receipt> =>
    Effect.suspend(() => {
      const callId = message.call_id
      // Ids are no secrets: only the peer that a call is with may speak in it.
      const open = calls.of(peer)
      const way = route(
        addressOf(message),
        open.map(({ id, replaces, state }) => ({ id: id(), state: state(), ...(replaces === undefined ? {} : { replaces }) })),
        (id) => calls.hasEnded(peer, id)
      )
      const isNew = way._tag !== "ToCall" && way._tag !== "Early" && way._tag !== "Stale"
      // Who names no call is known by its offer: one that comes again after the call does not ring again.
      const isNameless = isNew && message.type === "offer" && callId === undefined
      if (isNameless && early.isRepeatedOffer(peer, `${originOf(message.sdp)} ${ufragOf(message.sdp)}`)) {
        return Effect.succeed(stale("the call has ended"))
      }
      if (isNew && message.type === "offer" && (message.negotiation ?? 0) > 0) {
        return Effect.succeed(stale("it is of a call that is not known here"))
      }
      const one = "id" in way ? open.find(({ id }) => id() === way.id) : undefined
      switch (way._tag) {
        case "ToCall": {
          if (one === undefined) return Effect.succeed(stale("there is no such call"))
          const id = one.id()
          const receipt = one.take(Result.succeed(message))
          if (message.type === "answer" && receipt._tag === "Delivered") conversations.of(peer).bind(id, lineOf(message))
          return Effect.succeed(receipt)
        }
        case "Collides":
          // Only an offer collides.
          return one === undefined || message.type !== "offer"
            ? Effect.succeed(stale("there is no such call"))
            : collide(peer, message, one)
        case "Replaces":
        case "ReplacesNone":
          // Only an offer that names its call replaces another.
          return message.type !== "offer" || callId === undefined
            ? Effect.succeed(stale("there is no such call"))
            : replace(peer, callId, message, one)
        case "Rings":
          return message.type === "offer" ? ring(peer, message) : Effect.succeed(stale("there is no such call"))
        case "Early":
          return Effect.succeed<Receipt>(
            (message.type === "ice_candidate" || message.type === "hangup") && early.keep(peer, message)
              ? { _tag: "Held", why: "its offer is not here yet" }
              : stale("its offer is not here, and no more is kept for it")
          )
        case "Stale":
          return Effect.succeed(stale(way.why))
      }
    })

  /** A text that is no message. The call that it is for is told; without that offer or answer it is over. */
  const garbled = (peer: string, envelope: Envelope, error: EnigmaRtcError): Effect.Effect<Receipt> =>
    Effect.suspend(() => {
      const { call_id: callId, type } = envelope
      const one = callId === undefined ? calls.of(peer).at(-1) : calls.find(peer, callId)
      if (one !== undefined) {
        one.take(Result.fail(error))
        if (type === "offer" || type === "answer") one.feed({ _tag: "PeerGarbled", ...fromPeer(envelope) })
        return Effect.succeed(refused(error))
      }
      const isUnknownOffer = type === "offer" && callId !== undefined && !calls.hasEnded(peer, callId)
      if (!isUnknownOffer || lineOf(envelope) === undefined) return Effect.succeed(refused(error))
      return Effect.as(turnAway(peer, callId, envelope, "protocol_error"), refused(error))
    })

  const giveOut = (peer: string, envelope: Envelope, read: Read): Effect.Effect<LineReceipt> => {
    const receipt = Result.isFailure(read)
      ? garbled(peer, envelope, read.failure)
      : read.success.type === "ack"
      ? Effect.succeed(stale("an acknowledgement without its line"))
      : give(peer, read.success)
    return receipt.pipe(
      // Something of the app, or of this library, has broken over it: the line goes on, and so does what came with it.
      Effect.catchDefect((cause) =>
        Effect.succeed(
          refused(new WebRtcError({ engine: "core", operation: "receive", reason: { _tag: "Refused" }, cause }))
        )
      ),
      Effect.map((told) => receiptOf(peer, envelope.call_id, told))
    )
  }

  const receive = ({ peer, text }: Incoming): Effect.Effect<ReadonlyArray<LineReceipt>> =>
    Effect.suspend(() => {
      const read = decodeSignaling(text)
      const envelope: Envelope = Result.isSuccess(read) ? read.success : readEnvelope(text)
      const { arrived, fate, superseded } = conversations.of(peer).receive(envelope, read, text.length)
      for (const line of superseded) {
        // The newest first: nobody goes on with a connection that is over, too.
        for (const one of calls.of(peer).toReversed()) one.feed({ _tag: "PeerRestarted", line })
      }
      const isGivenOut = fate._tag === "Arrived" || fate._tag === "Plain"
      const first = isGivenOut ? [] : [receiptOf(peer, envelope.call_id, receiptOfFate(fate))]
      return Effect.map(
        Effect.forEach(arrived, (one) => giveOut(peer, one.envelope, one.body)),
        (given) => [...first, ...given]
      )
    })

  // What comes is the transport's: it may be anything.
  return (incoming) =>
    Effect.suspend(() => {
      const { peer, text } = (incoming ?? {}) as Partial<Incoming>
      if (typeof peer === "string" && typeof text === "string") return receive({ peer, text })
      return Effect.succeed([notAText(typeof peer === "string" ? peer : "")])
    }).pipe(Effect.catchDefect(() => Effect.succeed([notAText("")])))
}

const notAText = (peer: string): LineReceipt =>
  receiptOf(peer, undefined, refused(new JsonError({ at: "the channel", expected: "a peer's name and a text" })))
const receiptOf = (peer: string, callId: string | undefined, receipt: Receipt): LineReceipt => ({
  peer,
  ...(callId === undefined ? {} : { callId }),
  receipt
})
