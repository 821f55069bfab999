/** Turns what a peer sends into an input of the machine. */
import * as Result from "effect/Result"
import type { CallInput, FromPeer } from "../call/CallInput.ts"
import { type InvalidCandidate, type EnigmaRtcError, JsonError } from "../EnigmaRtcError.ts"
import { checkSignaling, decodeSignaling } from "../signaling/codec.ts"
import { candidateOf, checkCandidate, type IceCandidate } from "../signaling/iceCandidate.ts"
import { type CallMessage, type DeliveryFields, isDeliveryAware, type SignalingMessage } from "../signaling/SignalingMessage.ts"

/** Reads text, or checks a value. */
export const readMessage = (
  message: string | SignalingMessage
): Result.Result<SignalingMessage, EnigmaRtcError> =>
  typeof message === "string" ? decodeSignaling(message) : checkSignaling(message)

/** Reads a candidate as apps have it: a value, or the JSON of its message. */
export const readCandidate = (
  candidate: string | IceCandidate
): Result.Result<IceCandidate, InvalidCandidate | JsonError> => {
  if (typeof candidate !== "string") return checkCandidate(candidate)
  const decoded = decodeSignaling(candidate)
  if (Result.isFailure(decoded)) {
    const { failure } = decoded
    // A text that is another kind of message has errors of its own; here it is no candidate.
    return failure._tag === "JsonError" || failure._tag === "InvalidCandidate"
      ? Result.fail(failure)
      : Result.fail(new JsonError({ at: "type", expected: "ice_candidate" }))
  }
  return decoded.success.type === "ice_candidate"
    ? Result.succeed(candidateOf(decoded.success))
    : Result.fail(new JsonError({ at: "type", expected: "ice_candidate" }))
}

/** What the fields around a message tell of its peer. */
export const fromPeer = (fields: DeliveryFields): FromPeer => ({
  aware: isDeliveryAware(fields),
  ...(fields.call_id === undefined ? {} : { callId: fields.call_id }),
  ...(fields.from === undefined ? {} : { line: fields.from })
})

/** The input that a message is. An offer that names no call is of the session's. `own` is our own line, if we have one. */
export const inputOf = (message: CallMessage, callId: string, own: string | undefined): CallInput => {
  const from = fromPeer(message)
  const round = "negotiation" in message && message.negotiation !== undefined ? { negotiation: message.negotiation } : {}
  switch (message.type) {
    case "offer":
      return { _tag: "PeerOffered", sdp: message.sdp, callId, ...from, ...round }
    case "answer":
      return { _tag: "PeerAnswered", sdp: message.sdp, ...from, ...round }
    case "ice_candidate":
      return { _tag: "PeerTrickled", candidate: candidateOf(message), ...from, ...round }
    case "hangup": {
      const { answered_by: by, reason = "normal" } = message
      return { _tag: "PeerHungUp", reason, ...from, ...(by !== undefined && by === own ? { byUs: true } : {}) }
    }
  }
}
