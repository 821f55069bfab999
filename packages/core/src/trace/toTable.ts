/** A replay as a table of plain text, a line for every input. For terminals and bug reports. */
import { labelOf, plain, stateLabelOf, verdictLabelOf } from "./label.ts"
import type { Replay } from "./replay.ts"

const head = ["time", "input", "verdict", "state after", "commands"]

/**
 * The columns are time in seconds, input, verdict, state after, and commands. Session descriptions and candidates
 * are not shown, and every character is visible ASCII. A line in which the machine no longer says what was recorded
 * begins with `!`.
 */
export const toTable = ({ difference, entries }: Replay): string => {
  const rows = entries.map((replayed, index) => {
    const { entry, state, verdict } = replayed
    const differs = index === difference?.index
      ? ` [recorded: ${difference.recorded.verdict} in ${difference.recorded.state}]`
      : ""
    return [
      `${differs === "" ? "" : "! "}${(entry.atMs / 1_000).toFixed(3)}`,
      labelOf(entry.input),
      plain(`${verdictLabelOf(replayed)}${differs}`),
      stateLabelOf(state),
      verdict._tag === "Moved" ? verdict.commands.map(labelOf).join(", ") : ""
    ]
  })
  const all = [head, ...rows]
  const widths = head.map((_, column) => all.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0))
  const lines = all.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ").trimEnd()
  )
  return `${lines.join("\n")}\n`
}
