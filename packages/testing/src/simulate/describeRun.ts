/** Tells a simulated run as a table of time, who and what. For who must find out why it failed. */
import type { LinkEntry } from "../link/FaultyLink.ts"
import type { Happening, Simulated } from "./Simulated.ts"

/** A text of the link in a few words: its type, call, numbers and what becomes of it. */
const inWords = ({ arrivals, refused, text, to }: LinkEntry): string => {
  let fields: { readonly [name: string]: unknown } = {}
  try {
    // What lines send is the JSON of an object; whatever else it is has no fields to show.
    fields = JSON.parse(text) as typeof fields
  } catch {
    fields = { type: "no JSON" }
  }
  const shown = ["seq", "ack", "base", "negotiation", "reason"].flatMap((name) => (fields[name] === undefined ? [] : [`${name} ${JSON.stringify(fields[name])}`]))
  const call = typeof fields["call_id"] === "string" ? [`call ${fields["call_id"].slice(-6)}`] : []
  const fate = refused
    ? "refused: the channel is down"
    : arrivals.map((fates) => (fates.length === 0 ? "lost" : `arrives at ${fates.map(({ atMs }) => atMs).join(" and ")}`)).join("; ") || "nobody is there"
  return `→ ${to}: ${[String(fields["type"]), ...call, ...shown].join(", ")} — ${fate}`
}

/** The run as lines of text: what broke, what chance did, and all that was seen, in order of virtual time. */
export const describeRun = ({ channel, decisions, happenings, scenario, seed, texts, violation }: Simulated): string => {
  const sent = texts.map((entry) => ({ atMs: entry.atMs, who: entry.from, what: inWords(entry) }))
  // Sorting keeps the order of equal times: what was done comes before what was sent for it.
  const rows = [...happenings, ...sent].toSorted((a, b) => a.atMs - b.atMs)
  const table = (lines: ReadonlyArray<Happening>) =>
    lines.map(({ atMs, what, who }) => `${String(Math.round(atMs)).padStart(8)} ms  ${who.padEnd(10)}  ${what}`)
  return [
    `seed ${seed}, ${channel}, ${scenario}`,
    violation === undefined ? "nothing was wrong" : `broken at ${violation.atMs} ms: ${violation.says}\n  ${violation.invariant}: ${violation.found}`,
    `what chance did (${decisions.length}):`,
    ...table(decisions),
    "what happened:",
    ...table(rows)
  ].join("\n")
}
