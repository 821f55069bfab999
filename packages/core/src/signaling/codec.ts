/** JSON text to messages and back: strict on what matters, deaf to what is unknown. For lines, and apps that route. */
import * as Result from "effect/Result"
import { type EnigmaRtcError, JsonError } from "../EnigmaRtcError.ts"
import { candidateOf, checkCandidate } from "./iceCandidate.ts"
import { idExpected, isId } from "./id.ts"
import { SignalingLimits } from "./limits.ts"
import { checkSdp } from "./sessionDescription.ts"
import type { DeliveryFields, SignalingMessage } from "./SignalingMessage.ts"

type Fields = { readonly [name: string]: unknown }

const refuse = (at: string, expected: string) => Result.fail(new JsonError({ at, expected }))

const isString = (value: unknown): value is string => typeof value === "string"
const id = [isId, idExpected] as const
const number = [
  (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= SignalingLimits.number,
  `a whole number from 0 to ${SignalingLimits.number}`
] as const

/** The highest number has no next one, which an acknowledgement would have to name. */
const seqNumber = [
  (value: unknown) => number[0](value) && value < SignalingLimits.number,
  `a whole number from 0 to ${SignalingLimits.number - 1}`
] as const

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
  to: id,
  seq: seqNumber,
  ack: number,
  base: number,
  call_id: id,
  negotiation: number,
  answered_by: id,
  replaces: id,
  replaced_by: id
}

const delivery = ["from", "to", "seq", "ack", "base", "call_id"]
/** The fields of each message in the order in which they are written. The first is required where it is named below. */
const fieldsOf: { readonly [T in SignalingMessage["type"]]: ReadonlyArray<string> } = {
  offer: ["sdp", ...delivery, "negotiation", "replaces"],
  answer: ["sdp", ...delivery, "negotiation"],
  ice_candidate: ["candidate", "sdp_mid", "sdp_mline_index", ...delivery, "negotiation"],
  hangup: ["reason", ...delivery, "answered_by", "replaced_by"],
  ack: ["from", "to", "ack"]
}
const isRequired = (type: string, name: string): boolean => type === "ack" || name === "sdp" || name === "candidate"

const isType = (type: unknown): type is SignalingMessage["type"] => isString(type) && Object.hasOwn(fieldsOf, type)

/** Exactly the known fields of a message, in the order in which they are written, or what is wrong with one. */
const checkFields = (fields: Fields): Result.Result<SignalingMessage, EnigmaRtcError> => {
  const { type } = fields
  if (!isType(type)) return refuse("type", "offer, answer, ice_candidate, hangup or ack")
  const known: { [name: string]: unknown } = { type }
  for (const name of fieldsOf[type]) {
    const value = fields[name]
    // `null` counts as missing, as it does for the crate's `Option`.
    if ((value === undefined || value === null) && !isRequired(type, name)) continue
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
    case "ack":
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

/** The fields of a text's one object, each of them there once. */
const parse = (json: string, longest: number): Result.Result<Fields, JsonError> => {
  if (typeof json !== "string") return refuse("the message", "a string of JSON")
  if (json.length > longest) return refuse("the message", `at most ${longest} characters`)
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return refuse("the message", "JSON")
  }
  if (!isObject(value)) return refuse("the message", "a JSON object")
  if (Object.hasOwn(value, "__proto__")) return refuse("__proto__", "no such key")
  return countKeys(json) === Object.keys(value).length ? Result.succeed(value) : refuse("the message", "each key once")
}

/**
 * Reads one message. Unknown fields are ignored; a known field with a wrong value, a repeated key, a `__proto__` key
 * and anything over `SignalingLimits` are errors that name the field and what was expected, and never echo the text.
 */
export const decodeSignaling = (json: string): Result.Result<SignalingMessage, EnigmaRtcError> =>
  Result.flatMap(parse(json, SignalingLimits.message), checkFields)

/** What is around a message: who sent it, in what order, for which call. */
export interface Envelope extends DeliveryFields {
  readonly type?: string
}

/** How long a text may be for its envelope to be read, though no message of this version is so long. */
const longestEnvelope = 4 * SignalingLimits.message

/**
 * Reads what is around a message, whatever the message itself is worth: one that cannot be used, such as one of a type
 * that only later versions know, has its place in the order of things all the same. Fields that are not as they should
 * be are left out, and so are all of a text that `decodeSignaling` would refuse for its JSON.
 */
export const readEnvelope = (json: string): Envelope => {
  const parsed = parse(json, longestEnvelope)
  if (Result.isFailure(parsed)) return {}
  const { type } = parsed.success
  const envelope: { [name: string]: unknown } = isString(type) ? { type } : {}
  for (const name of delivery) {
    const value = parsed.success[name]
    const [is] = fieldRules[name] ?? id
    if (is(value)) envelope[name] = value === 0 ? 0 : value
  }
  return envelope
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
