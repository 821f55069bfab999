/** Draws what share of the trials has converged, script against ours, as one SVG that is legible in light and in dark. */
import { columns, limitMs, longestMs, rows } from "./cells.ts"
import { figuresOf, type StackOutcome } from "./outcomes.ts"

const [left, top, width, panelWidth, gap, rowHeight, stackHead] = [166, 112, 940, 208, 56, 26, 28] as const
const panelHeight = rows.length * rowHeight
const stackHeight = stackHead + panelHeight + 26

const style = `
  svg { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
  .back { fill: #ffffff } .text { fill: #1f2328 } .quiet { fill: #59636e } .grid { stroke: #d1d9e0 }
  .gap { stroke: #e3b341 } .script { fill: #ffffff; stroke: #9a6700 } .number { fill: #9a6700 } .ours { fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 } .text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #30363d }
    .gap { stroke: #6b4f10 } .script { fill: #0d1117; stroke: #e3b341 } .number { fill: #e3b341 } .ours { fill: #3fb950 }
  }
  .title { font-size: 17px; font-weight: 600 } .bold { font-weight: 600 } .small { font-size: 11px }
  .number { font-size: 12px; font-weight: 600 }`

const text = (x: number, y: number, classes: string, words: string, anchor = "start") =>
  `<text x="${x}" y="${y}" class="${classes}" text-anchor="${anchor}">${words.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`

const line = (x1: number, x2: number, y1: number, y2: number, classes: string, strokeWidth: number) =>
  `<line x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}" class="${classes}" stroke-width="${strokeWidth}"/>`

const panel = (stack: StackOutcome, column: string, x: number, y: number): ReadonlyArray<string> => {
  const at = (share: number) => Math.round((x + share * panelWidth) * 10) / 10
  const grid = [0, 0.5, 1].flatMap((share) => [
    line(at(share), at(share), y, y + panelHeight, "grid", 1),
    text(at(share), y + panelHeight + 15, "quiet small", `${share * 100} %`, "middle")
  ])
  const marks = rows.flatMap(({ name }, i) => {
    const cell = stack.cells.find((one) => one.row === name && one.column === column)
    if (cell === undefined) return []
    const middle = y + (i + 0.5) * rowHeight
    const [script, ours] = [figuresOf(cell.script), figuresOf(cell.ours)]
    const [scriptAt, oursAt] = [at(script.converged / script.trials), at(ours.convergedLater / ours.trials)]
    const isLess = script.converged < script.trials
    const number = String(Math.round((script.converged / script.trials) * 100))
    // The number keeps out of the way of its row's name.
    const isLow = script.converged / script.trials < 0.12
    return [
      ...(isLess ? [line(scriptAt, oursAt, middle, middle, "gap", 3)] : []),
      // Where both are the same the script is a ring around ours.
      `<circle cx="${scriptAt}" cy="${middle}" r="${isLess ? 5 : 8}" class="script" stroke-width="2"/>`,
      ...(isLess ? [isLow ? text(scriptAt + 10, middle - 5, "number", number) : text(scriptAt - 10, middle + 4.5, "number", number, "end")] : []),
      `<circle cx="${oursAt}" cy="${middle}" r="5" class="ours"/>`,
      ...(ours.convergedLater < ours.trials ? [text(oursAt + 9, middle + 4.5, "ours bold", String(Math.floor((ours.convergedLater / ours.trials) * 100)))] : [])
    ]
  })
  return [...grid, ...marks]
}

export const convergencePlot = (stacks: ReadonlyArray<StackOutcome>): string => {
  const height = top + stacks.length * stackHeight + 16
  const columnAt = (i: number) => left + i * (panelWidth + gap)
  const parts = stacks.flatMap((stack, s) => {
    const y = top + s * stackHeight
    return [
      text(24, y + 12, "text bold", stack.title),
      ...rows.map(({ name }, i) => text(left - 18, y + stackHead + (i + 0.5) * rowHeight + 4.5, "text", name, "end")),
      ...columns.flatMap((column, i) => panel(stack, column, columnAt(i), y + stackHead))
    ]
  })
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">Share of trials that converged: the W3C script against enigma-rtc, by channel and by what users do</title>`,
    `<style>${style}\n</style>`,
    `<rect width="${width}" height="${height}" rx="8" class="back"/>`,
    text(24, 34, "text title", "Do both ends come to the same call?"),
    `<circle cx="31" cy="57" r="5" class="script" stroke-width="2"/>`,
    text(44, 61.5, "text", `W3C “perfect negotiation” script, within ${limitMs / 1_000} s`),
    `<circle cx="391" cy="57" r="5" class="ours"/>`,
    text(404, 61.5, "text", `enigma-rtc, within ${longestMs / 1_000} s: what is lost is sent again`),
    ...columns.map((column, i) => text(columnAt(i), top - 14, "text bold", column)),
    ...parts,
    "</svg>"
  ].join("\n")}\n`
}
