/** JSON text to messages and back: strict on what matters, deaf to what is unknown. For lines, and apps that route. */
import * as Result from "effect/Result"
import { type EnigmaRtcError, JsonError } from "../EnigmaRtcError.ts"
import { checkCandidate } from "./iceCandidate.ts"
import { SignalingLimits } from "./limits.ts"
import { checkSdp } from "./sessionDescription.ts"
import type { SignalingMessage } from "./SignalingMessage.ts"

type Fields = { readonly [name: string]: unknown }

const refuse = (at: string, expected: string) => Result.fail(new JsonError({ at, expected }))

/**
 * A field that may be missing; `null` counts as missing, as it does for the crate's `Option`. A value of another kind
 * is the error.
 */
const optional = <A>(
  fields: Fields,
  name: string,
  is: (value: unknown) => value is A,
  expected: string
): Result.Result<A | undefined, JsonError> => {
  const value = fields[name]
  if (value === undefined || value === null) return Result.succeed(undefined)
  return is(value) ? Result.succeed(value) : refuse(name, expected)
}

const isString = (value: unknown): value is string => typeof value === "string"
const isNumber = (value: unknown): value is number => typeof value === "number"
const isReason = (value: unknown): value is string => isString(value) && value.length <= SignalingLimits.reason
const isId = (value: unknown): value is string => isString(value) && /^[\x21-\x7e]{1,64}$/.test(value)

const reasonExpected = `text of at most ${SignalingLimits.reason} characters`
const idExpected = `1 to ${SignalingLimits.id} visible ASCII characters`

/** Exactly the known fields of a message, in the order in which they are written, or what is wrong with one. */
const checkFields = (fields: Fields): Result.Result<SignalingMessage, EnigmaRtcError> => {
  const from = optional(fields, "from", isId, idExpected)
  if (Result.isFailure(from)) return Result.fail(from.failure)
  const callId = optional(fields, "call_id", isId, idExpected)
  if (Result.isFailure(callId)) return Result.fail(callId.failure)
  const delivery = {
    ...(from.success === undefined ? {} : { from: from.success }),
    ...(callId.success === undefined ? {} : { call_id: callId.success })
  }
  const type = fields["type"]
  switch (type) {
    case "offer":
    case "answer": {
      const sdp = fields["sdp"]
      if (!isString(sdp)) return refuse("sdp", "a string")
      return Result.map(checkSdp(sdp), () => ({ type, sdp, ...delivery }))
    }
    case "ice_candidate": {
      const candidate = fields["candidate"]
      if (!isString(candidate)) return refuse("candidate", "a string")
      const mid = optional(fields, "sdp_mid", isString, "a string")
      if (Result.isFailure(mid)) return Result.fail(mid.failure)
      const index = optional(fields, "sdp_mline_index", isNumber, "a number")
      if (Result.isFailure(index)) return Result.fail(index.failure)
      const checked = checkCandidate({
        candidate,
        ...(mid.success === undefined ? {} : { sdpMid: mid.success }),
        ...(index.success === undefined ? {} : { sdpMLineIndex: index.success })
      })
      return Result.map(checked, () => ({
        type,
        candidate,
        ...(mid.success === undefined ? {} : { sdp_mid: mid.success }),
        ...(index.success === undefined ? {} : { sdp_mline_index: index.success }),
        ...delivery
      }))
    }
    case "hangup": {
      const reason = optional(fields, "reason", isReason, reasonExpected)
      if (Result.isFailure(reason)) return Result.fail(reason.failure)
      return Result.succeed({ type, ...(reason.success === undefined ? {} : { reason: reason.success }), ...delivery })
    }
    default:
      return refuse("type", "offer, answer, ice_candidate or hangup")
  }
}

/**
 * How many keys does the outermost object of this text have, repeated ones included? `JSON.parse` keeps the last of
 * two equal keys without a word, and other parsers the first: two ends would read two different messages. The text is
 * known to be valid JSON, so that counting the colons at depth one is enough.
 */
const countKeys = (json: string): number => {
  let depth = 0
  let keys = 0
  for (let i = 0; i < json.length; i++) {
    switch (json.charCodeAt(i)) {
      case 0x22: { // a string: jump to its closing quote, past escaped ones
        let end = i
        let escapes: number
        do {
          end = json.indexOf("\"", end + 1)
          escapes = 0
          while (json.charCodeAt(end - 1 - escapes) === 0x5c) escapes++
        } while (escapes % 2 === 1)
        i = end
        break
      }
      case 0x3a:
        if (depth === 1) keys++
        break
      case 0x7b:
      case 0x5b:
        depth++
        break
      case 0x7d:
      case 0x5d:
        depth--
        break
    }
  }
  return keys
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * Reads one message. Unknown fields are ignored; a known field with a wrong value, a repeated key, a `__proto__` key
 * and anything over `SignalingLimits` are errors that name the field and what was expected, and never echo the text.
 */
export const decodeSignaling = (json: string): Result.Result<SignalingMessage, EnigmaRtcError> => {
  if (typeof json !== "string") return refuse("the message", "a string of JSON")
  if (json.length > SignalingLimits.message) {
    return refuse("the message", `at most ${SignalingLimits.message} characters`)
  }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return refuse("the message", "JSON")
  }
  if (!isObject(value)) return refuse("the message", "a JSON object")
  if (Object.hasOwn(value, "__proto__")) return refuse("__proto__", "no such key")
  if (countKeys(json) !== Object.keys(value).length) return refuse("the message", "each key once")
  return checkFields(value)
}

/** Checks a message that is a value already, as `decodeSignaling` checks text. */
export const checkSignaling = (message: SignalingMessage): Result.Result<SignalingMessage, EnigmaRtcError> =>
  isObject(message) ? checkFields({ ...message }) : refuse("the message", "an object")

/**
 * Writes one message: its known fields, in a fixed order, absent ones left out. The same message always gives the same
 * text. A message that `decodeSignaling` would refuse is the error that it would give.
 */
export const encodeSignaling = (message: SignalingMessage): Result.Result<string, EnigmaRtcError> =>
  Result.flatMap(checkSignaling(message), (checked) => {
    const json = JSON.stringify(checked)
    return json.length <= SignalingLimits.message
      ? Result.succeed(json)
      : refuse("the message", `at most ${SignalingLimits.message} characters`)
  })
