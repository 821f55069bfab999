/** JSON text to messages and back: strict on what matters, deaf to what is unknown. For lines, and apps that route. */
import * as Result from "effect/Result"
import { type EnigmaRtcError, JsonError } from "../EnigmaRtcError.ts"
import { candidateOf, checkCandidate } from "./iceCandidate.ts"
import { idExpected, isId } from "./id.ts"
import { SignalingLimits } from "./limits.ts"
import { checkSdp } from "./sessionDescription.ts"
import type { SignalingMessage } from "./SignalingMessage.ts"

type Fields = { readonly [name: string]: unknown }

const refuse = (at: string, expected: string) => Result.fail(new JsonError({ at, expected }))

const isString = (value: unknown): value is string => typeof value === "string"
const id = [isId, idExpected] as const

/** What each field must be; how SDP and candidates are written is checked by their own grammars. */
const fieldRules: { readonly [name: string]: readonly [is: (value: unknown) => boolean, expected: string] } = {
  sdp: [isString, "a string"],
  candidate: [isString, "a string"],
  sdp_mid: [isString, "a string"],
  sdp_mline_index: [(value) => typeof value === "number", "a number"],
  reason: [
    (value) => isString(value) && value.length <= SignalingLimits.reason,
    `text of at most ${SignalingLimits.reason} characters`
  ],
  from: id,
  call_id: id
}

const delivery = ["from", "call_id"]
/** The fields of each message in the order in which they are written. The first is required where it is named below. */
const fieldsOf: { readonly [T in SignalingMessage["type"]]: ReadonlyArray<string> } = {
  offer: ["sdp", ...delivery],
  answer: ["sdp", ...delivery],
  ice_candidate: ["candidate", "sdp_mid", "sdp_mline_index", ...delivery],
  hangup: ["reason", ...delivery]
}
const required = ["sdp", "candidate"]

const isType = (type: unknown): type is SignalingMessage["type"] => isString(type) && Object.hasOwn(fieldsOf, type)

/** Exactly the known fields of a message, in the order in which they are written, or what is wrong with one. */
const checkFields = (fields: Fields): Result.Result<SignalingMessage, EnigmaRtcError> => {
  const { type } = fields
  if (!isType(type)) return refuse("type", "offer, answer, ice_candidate or hangup")
  const known: { [name: string]: unknown } = { type }
  for (const name of fieldsOf[type]) {
    const value = fields[name]
    // `null` counts as missing, as it does for the crate's `Option`.
    if ((value === undefined || value === null) && !required.includes(name)) continue
    const [is, expected] = fieldRules[name] ?? id
    if (!is(value)) return refuse(name, expected)
    // JSON has a -0, which nobody means.
    known[name] = value === 0 ? 0 : value
  }
  // Every field has just been checked to be what its type says.
  const message = known as unknown as SignalingMessage
  switch (message.type) {
    case "offer":
    case "answer":
      return Result.map(checkSdp(message.sdp), () => message)
    case "ice_candidate":
      return Result.map(checkCandidate(candidateOf(message)), () => message)
    case "hangup":
      return Result.succeed(message)
  }
}

/**
 * How many keys does the outermost object of this text have, repeated ones included? `JSON.parse` keeps the last of
 * two equal keys without a word, and other parsers the first: two ends would read two different messages. The text is
 * known to be valid JSON, so that it is enough to count the colons at depth one, outside of strings.
 */
const countKeys = (json: string): number => {
  let depth = 0
  let keys = 0
  for (const char of json.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, "")) {
    if (char === "{" || char === "[") depth++
    else if (char === "}" || char === "]") depth--
    else if (char === ":" && depth === 1) keys++
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

/**
 * What a text that is no message still tells: its type, and the call that it names, so that the call can be told that
 * it was spoken to in vain.
 */
export const readAddress = (json: string): { readonly type?: string; readonly callId?: string } => {
  try {
    const value: unknown = json.length <= SignalingLimits.message ? JSON.parse(json) : undefined
    if (!isObject(value)) return {}
    const { call_id: callId, type } = value
    return { ...(isString(type) ? { type } : {}), ...(isId(callId) ? { callId } : {}) }
  } catch {
    return {}
  }
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
