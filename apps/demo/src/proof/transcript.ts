/** Prints a call as a person likes to read it. */
import { styleText } from "node:util"
import type { CallStats, PathEnd, RtpFigures } from "@enigma-rtc/core"
import type { CallProof, EndProof, Moment } from "./CallProof.ts"

const dim = (text: string) => styleText("dim", text)
const bold = (text: string) => styleText("bold", text)

/** What opens the transcript, before anything has happened. */
export const opening = (): string => `\n${bold("alice calls bob: two Node peers over werift, on loopback")}\n`

/** One line, as it happens. */
export const momentLine = ({ atMs, text, what, who }: Moment): string => {
  const mark = { state: "→", event: "·", data: "✉" }[what]
  const said = what === "state" ? bold(text) : text
  return `  ${dim(`${String(Math.round(atMs)).padStart(5)} ms`)}  ${styleText(who === "alice" ? "cyan" : "magenta", who.padEnd(5))}  ${mark} ${said}`
}

const pathEnd = ({ address, port, protocol, type }: PathEnd): string => `${type} ${address}:${port}/${protocol}`

const figures = (all: ReadonlyArray<RtpFigures>): string =>
  all
    .map(({ bytes, mimeType = "?", packets }) => `${mimeType.split("/")[1] ?? mimeType} ${packets} packets, ${(bytes / 1024).toFixed(1)} KiB`)
    .join(" · ")

const end = ({ name, states, stats }: EndProof): ReadonlyArray<string> => [
  `  ${bold(name)}`,
  `    states    ${states.join(" → ")}`,
  `    path      ${path(stats)}`,
  `    sent      ${figures(stats.sent)}`,
  `    received  ${figures(stats.received)}`
]

const path = ({ path: pair, roundTripTimeMs }: CallStats): string =>
  pair === undefined
    ? "none"
    : `${pathEnd(pair.local)} ↔ ${pathEnd(pair.remote)}${roundTripTimeMs === undefined ? "" : `, ${roundTripTimeMs.toFixed(1)} ms round trip`}`

/** What the call has shown in all. */
export const summary = (proof: CallProof): string => {
  const width = Math.max(...proof.claims.map(({ says }) => says.length))
  return [
    "",
    ...proof.ends.flatMap(end),
    "",
    `  ${bold("connected")} ${Math.round(proof.connectedAfterMs)} ms after the call, with ${proof.messages} signaling messages in all`,
    "",
    ...proof.claims.map(({ holds, says, seen }) =>
      `  ${holds ? styleText("green", "✓") : styleText("red", "✗")} ${says.padEnd(width)}  ${dim(seen)}`
    ),
    ""
  ].join("\n")
}
