/** JSON lines to a trace: strict on its form, and safe on any text. For replay, which gets files from anywhere. */
import * as Result from "effect/Result"
import type { CallInput } from "../call/CallInput.ts"
import type { CallState } from "../call/CallState.ts"
import { transitions } from "../call/transitions.ts"
import { JsonError } from "../EnigmaRtcError.ts"
import { type CallTrace, type TraceEntry, TraceLimits } from "./CallTrace.ts"

type Fields = { readonly [name: string]: unknown }
type Rule = readonly [is: (value: unknown) => boolean, expected: string]
/** What is wrong with a value: where in it, and what was expected. */
type Fault = readonly [at: string, expected: string]

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const isString = (value: unknown): value is string => typeof value === "string"
const isName = (value: unknown): value is string => isString(value) && /^[!-~]{1,64}$/.test(value)
const optional = ([is, expected]: Rule): Rule => [(value) => value === undefined || is(value), expected]
const hasTagOf = (known: object) => (value: unknown): boolean =>
  isObject(value) && isString(value["_tag"]) && Object.hasOwn(known, value["_tag"])

const text: Rule = [isString, "text"]
const name: Rule = [isName, "1 to 64 visible ASCII characters"]
const number: Rule = [Number.isInteger, "a whole number"]
const flag: Rule = [(value) => typeof value === "boolean", "true or false"]

const headerRules: { readonly [field: string]: Rule } = {
  trace: [(value) => value === "enigma-rtc", "\"enigma-rtc\""],
  version: [(value) => value === 1, "1"],
  callId: optional(text),
  engine: optional(text),
  initial: [hasTagOf(transitions), "a state that this version knows"]
}
const entryRules: { readonly [field: string]: Rule } = {
  atMs: [(value) => Number.isFinite(value) && Number(value) >= 0, "milliseconds, from 0"],
  // Every row of the table has a cell for every input.
  input: [hasTagOf(transitions.Idle), "an input that this version knows"],
  verdict: [(value) => value === "Moved" || value === "Ignored" || value === "Rejected", "Moved, Ignored or Rejected"],
  why: optional(text),
  state: name
}
/** What a field of an input is, in whichever input it stands. What is missing, replay finds out. */
const inputRules: { readonly [field: string]: Rule } = {
  sdp: optional(text),
  callId: optional(text),
  reason: optional(text),
  timer: optional(text),
  line: optional(text),
  ufrag: optional(text),
  aware: optional(flag),
  byUs: optional(flag),
  negotiation: optional(number),
  operation: optional(number),
  token: optional(number),
  media: optional([isObject, "an object"]),
  abilities: optional([isObject, "an object"]),
  candidate: optional([(value) => isObject(value) && isString(value["candidate"]), "an object with a candidate"]),
  failure: optional([(value) => isObject(value) && Object.values(value).every(isString), "an object of texts"])
}

const check = (fields: Fields, rules: { readonly [field: string]: Rule }, at: string): Fault | undefined => {
  for (const [field, [is, expected]] of Object.entries(rules)) {
    if (!is(fields[field])) return [`${at}${field}`, expected]
  }
  return undefined
}

/** Looks at every key, without recursion: a hostile text may nest deeper than the stack is. */
const checkKeys = (whole: unknown): Fault | undefined => {
  const todo: Array<readonly [value: unknown, depth: number]> = [[whole, 1]]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [value, depth] = next
    if (typeof value !== "object" || value === null) continue
    if (depth > TraceLimits.depth) return ["the object", `at most ${TraceLimits.depth} levels`]
    if (Object.hasOwn(value, "__proto__")) return ["__proto__", "no such key"]
    for (const inner of Object.values(value)) todo.push([inner, depth + 1])
  }
  return undefined
}

const refuse = (line: number, [at, expected]: Fault) =>
  Result.fail(new JsonError({ at: `line ${line}, ${at}`, expected }))

const readLine = (
  line: string,
  number: number,
  rules: { readonly [field: string]: Rule }
): Result.Result<Fields, JsonError> => {
  if (line.length > TraceLimits.line) return refuse(number, ["the line", `at most ${TraceLimits.line} characters`])
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return refuse(number, ["the line", "JSON"])
  }
  if (!isObject(value)) return refuse(number, ["the line", "a JSON object"])
  const { input } = value
  const fault = checkKeys(value) ?? check(value, rules, "") ??
    (rules === entryRules && isObject(input) ? check(input, inputRules, "input.") : undefined)
  return fault === undefined ? Result.succeed(value) : refuse(number, fault)
}

const readEntry = ({ atMs, input, state, verdict, why }: Fields): TraceEntry => ({
  // `entryRules` has been kept, and `inputRules`. What an input lacks, `replay` tells.
  atMs: atMs as number,
  input: input as CallInput,
  verdict: verdict as TraceEntry["verdict"],
  ...(why === undefined ? {} : { why: why as string }),
  state: state as string
})

/**
 * Reads a trace. Unknown fields of the header and of entries are left out; anything else that is not as it should be,
 * a `__proto__` key, and anything over `TraceLimits` are errors that name the line and what was expected, and never
 * echo the text. Inputs and states of later versions are refused by their names.
 */
export const decodeTrace = (text: string): Result.Result<CallTrace, JsonError> => {
  if (typeof text !== "string") return Result.fail(new JsonError({ at: "the trace", expected: "text" }))
  if (text.length > TraceLimits.text) {
    return Result.fail(new JsonError({ at: "the trace", expected: `at most ${TraceLimits.text} characters` }))
  }
  // One more than may be: a text of nothing but line feeds is not held as millions of lines.
  const lines = text.trimEnd().split("\n", TraceLimits.entries + 2)
  const [first = "", ...rest] = lines
  if (rest.length > TraceLimits.entries) {
    return Result.fail(new JsonError({ at: "the trace", expected: `at most ${TraceLimits.entries} entries` }))
  }
  const header = readLine(first, 1, headerRules)
  if (Result.isFailure(header)) return Result.fail(header.failure)
  const entries: Array<TraceEntry> = []
  for (const [i, line] of rest.entries()) {
    const entry = readLine(line, i + 2, entryRules)
    if (Result.isFailure(entry)) return Result.fail(entry.failure)
    entries.push(readEntry(entry.success))
  }
  const { callId, engine, initial } = header.success
  return Result.succeed({
    // `headerRules` has been kept. What the state lacks, `replay` tells.
    ...(callId === undefined ? {} : { callId: callId as string }),
    ...(engine === undefined ? {} : { engine: engine as string }),
    initial: initial as CallState,
    entries
  })
}
