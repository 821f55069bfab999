/** Takes out of inputs and states what is nobody's business, so that replay still says the same. For traces. */
import { endReasons } from "../call/EndReason.ts"
import { slots } from "../call/MediaIntent.ts"
import { type CallTrace, headerOf } from "./CallTrace.ts"
import { makePseudonyms, redactName } from "./Pseudonyms.ts"
import { redactCandidate } from "./redactCandidate.ts"
import { redactSdp } from "./redactSdp.ts"

/** Redacts values of one trace, one after another. */
export type Redactor = <A>(value: A) => A

/**
 * Fields of inputs and states that hold names: ids, lines, enumerations. The text of any other field is replaced, so
 * that a field that is added to the machine leaks nothing before somebody has thought about it.
 */
const names = new Set<string>([
  "_tag", "trace", "callId", "id", "engine", "operation", "role", "by", "timer", "preferCodec", "sdpMid", "slot",
  "line", "own", "from", "to", "peer", "device", "replaces", "answeredBy", "hungUp", ...slots
])
const descriptions = new Set(["sdp", "offer", "answer"])
const knownReasons: ReadonlySet<string> = new Set(endReasons)

/**
 * A redactor for one trace. The same text has the same replacement in all of it, as long as it is among the last 1,024 of its kind.
 *
 * Replaced: in descriptions and candidates all but media, ports and structure; reasons that are not `endReasons`, by
 * `other`; the messages of errors, by nothing. Kept: ids and the names of lines, which are no secrets and are compared
 * by their order, unless they look like an address; the session id and version of a description, which are random.
 */
export const makeRedactor = (): Redactor => {
  const pseudonyms = makePseudonyms()
  const redactText = (field: string, within: string, text: string): string => {
    // An error's reason is the name of one of a few.
    if (within === "failure") return field === "message" ? "" : redactName(pseudonyms, text)
    if (field === "candidate") return redactCandidate(pseudonyms, text)
    if (field === "reason") return knownReasons.has(text) ? text : "other"
    if (/ufrag|usernameFragment/i.test(field)) return pseudonyms.ufrag(text)
    if (/pwd|password/i.test(field)) return pseudonyms.pwd(text)
    if (descriptions.has(field) || text.startsWith("v=0") || text.includes("\n")) return redactSdp(pseudonyms, text)
    if (names.has(field)) return redactName(pseudonyms, text)
    // A session's id and version, as the mark of an offer.
    return /^[\d ]*$/.test(text) ? text : pseudonyms.word("text", text)
  }
  const redact = (field: string, within: string, value: unknown): unknown => {
    if (typeof value === "string") return redactText(field, within, value)
    if (Array.isArray(value)) return value.map((item: unknown) => redact(field, within, item))
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        // What is no field of ours came with the app's own objects.
        .filter(([name]) => /^_?[A-Za-z]\w{0,63}$/.test(name))
        .map(([name, inner]) => [name, redact(name, field, inner)])
    )
  }
  // Texts are replaced by texts, and nothing else is changed that the machine knows of.
  return <A>(value: A) => redact("", "", value) as A
}

/** A trace that was recorded with its secrets, without them. */
export const redactTrace = (trace: CallTrace): CallTrace => {
  const redact = makeRedactor()
  const { callId, engine, initial } = redact(headerOf(trace))
  return {
    ...(callId === undefined ? {} : { callId }),
    ...(engine === undefined ? {} : { engine }),
    initial,
    entries: trace.entries.map((entry) => ({ ...entry, input: redact(entry.input) }))
  }
}
