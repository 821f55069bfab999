/** The run in a terminal: a line a cell as it is played, and what is wrong with ours, if anything is. */
import { styleText } from "node:util"
import { contestants, limitMs, longestMs } from "./cells.ts"
import { type Cell, figuresOf, type Outcome, type StackOutcome, together } from "./outcomes.ts"

const barWidth = 20

export const inMs = (ms: number | undefined): string => (ms === undefined ? "–" : `${Math.round(ms)} ms`)
export const inSeconds = (ms: number): string => `${ms / 1_000} s`

const bar = ({ converged, trials }: { readonly converged: number; readonly trials: number }): string => {
  const full = trials === 0 ? 0 : Math.floor((converged / trials) * barWidth)
  return styleText(converged === trials ? "green" : "yellow", "█".repeat(full)) + styleText("dim", "░".repeat(barWidth - full))
}

const side = (outcome: Outcome): string => {
  const figures = figuresOf(outcome)
  const { converged, errors, medianMs, p95Ms, trials } = figures
  const share = `${bar(figures)} ${String(converged).padStart(4)}/${trials}`
  return `${share} ${inMs(medianMs).padStart(8)} ${inMs(p95Ms).padStart(8)} ${String(errors).padStart(6)}`
}

const sideWidth = barWidth + 6 + 3 + 9 + 9 + 7

export const header = (title: string): string =>
  [
    `\n${styleText("bold", title.padEnd(46))} ${"W3C script".padEnd(sideWidth)}  ours`,
    `${"".padEnd(46)} ${
      [0, 1].map(() => `converged in ${inSeconds(limitMs)}`.padEnd(barWidth + 9) + "  median      95 % errors").join("   ")
    }`
  ].join("\n")

export const cellLine = ({ column, ours, row, script }: Cell): string =>
  `${row.padEnd(20)} ${column.padEnd(25)} ${side(script)}   ${side(ours)}`

/** What is to be known of ours beyond its figures: whatever took longer, was missing, or failed. */
export const faultsOfOurs = (stack: StackOutcome): string => {
  const lines: Array<string> = []
  for (const { column, ours, row } of stack.cells) {
    const late = ours.times.filter((time) => time === null || time > limitMs)
    const cell = `${stack.title}, ${row}, ${column}`
    if (late.length > 0) {
      lines.push(`${cell}: later than ${inSeconds(limitMs)}: ${late.map((time) => (time === null ? `not in ${inSeconds(longestMs)}` : inMs(time))).join(", ")}`)
      for (const [text, n] of Object.entries(ours.missing)) lines.push(`  ${n} x missing after ${inSeconds(limitMs)}: ${text}`)
    }
    for (const [text, n] of Object.entries(ours.errors)) lines.push(`${cell}: ${n} x ${text}`)
  }
  return lines.join("\n")
}

export const summary = (stack: StackOutcome): string =>
  contestants.map((contestant) => {
    const { converged, convergedLater, errors, trials } = figuresOf(together(stack, contestant))
    const later = contestant === "ours" ? `, ${convergedLater} in ${inSeconds(longestMs)}` : ""
    return `${contestant === "ours" ? "ours" : "script"}: ${converged} of ${trials} in ${inSeconds(limitMs)}${later}, ${errors} errors`
  }).join("; ")
