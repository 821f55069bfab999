/** Turns what a peer sends into an input of the machine. */
import * as Result from "effect/Result"
import type { CallInput } from "../call/CallInput.ts"
import { type InvalidCandidate, type EnigmaRtcError, JsonError } from "../EnigmaRtcError.ts"
import { checkSignaling, decodeSignaling } from "../signaling/codec.ts"
import { candidateOf, checkCandidate, type IceCandidate } from "../signaling/iceCandidate.ts"
import { isDeliveryAware, type SignalingMessage } from "../signaling/SignalingMessage.ts"

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

/** The input that a message is. An offer that names no call is of the session's. */
export const inputOf = (message: SignalingMessage, callId: string): CallInput => {
  const from = {
    aware: isDeliveryAware(message),
    ...(message.call_id === undefined ? {} : { callId: message.call_id })
  }
  switch (message.type) {
    case "offer":
      return { _tag: "PeerOffered", sdp: message.sdp, callId, ...from }
    case "answer":
      return { _tag: "PeerAnswered", sdp: message.sdp, ...from }
    case "ice_candidate":
      return { _tag: "PeerTrickled", candidate: candidateOf(message), ...from }
    case "hangup":
      return { _tag: "PeerHungUp", reason: message.reason ?? "normal", ...from }
  }
}
