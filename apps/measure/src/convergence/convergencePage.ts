/** Writes docs/convergence.md from what was measured. */
import { type Column, columns, limitMs, longestMs, rows } from "./cells.ts"
import { figuresOf, type Outcome, type StackOutcome, together } from "./outcomes.ts"
import { faultsOfOurs, inMs, inSeconds } from "./report.ts"

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly system: string
}

const table = (head: ReadonlyArray<string>, body: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const cellOf = (stack: StackOutcome, row: string, column: Column) => stack.cells.find((cell) => cell.row === row && cell.column === column)

const share = (outcome: Outcome | undefined, later: boolean): string => {
  if (outcome === undefined) return "–"
  const { converged, convergedLater, trials } = figuresOf(outcome)
  const n = later ? convergedLater : converged
  return trials === 100 || trials === 0 ? String(n) : `${n} / ${trials}`
}

/** The figures that the page begins with: for each cell the script's and ours. */
const headline = (stack: StackOutcome): string =>
  table(
    ["", ...columns.flatMap((column) => [`${column}: script`, "ours"])],
    rows.map(({ name }) => [
      name,
      ...columns.flatMap((column) => {
        const cell = cellOf(stack, name, column)
        return [share(cell?.script, false), `**${share(cell?.ours, true)}**`]
      })
    ])
  )

const details = (stack: StackOutcome): string =>
  table(
    ["channel", "users", `script: in ${inSeconds(limitMs)}`, "median", "95 %", "errors", `ours: in ${inSeconds(limitMs)}`, `in ${inSeconds(longestMs)}`, "median", "95 %", "slowest", "errors"],
    stack.cells.map(({ column, ours, row, script }) => {
      const [a, b] = [figuresOf(script), figuresOf(ours)]
      return [
        row, column, share(script, false), inMs(a.medianMs), inMs(a.p95Ms), String(a.errors),
        share(ours, false), share(ours, true), inMs(b.medianMs), inMs(b.p95Ms), inMs(b.slowestMs), String(b.errors)
      ]
    })
  )

const mostOften = (counts: Readonly<Record<string, number>>, count: number): string =>
  Object.entries(counts).toSorted(([, a], [, b]) => b - a).slice(0, count).map(([text, n]) => `- ${n} × \`${text.replaceAll("`", "'")}\``).join("\n")

const stackChapter = (stack: StackOutcome): string => {
  const script = together(stack, "script")
  const late = faultsOfOurs(stack)
  return [
    `## ${stack.title}`,
    headline(stack),
    `<details><summary>Times and errors</summary>`,
    details(stack),
    ...(Object.keys(script.missing).length === 0 ? [] : [`What the script lacked after ${inSeconds(limitMs)}:`, mostOften(script.missing, 6)]),
    ...(Object.keys(script.errors).length === 0 ? [] : ["What its handlers threw:", mostOften(script.errors, 6)]),
    ...(late === "" ? [] : [`Ours, beyond ${inSeconds(limitMs)}:`, `\`\`\`\n${late}\n\`\`\``]),
    "</details>"
  ].join("\n\n")
}

export const convergencePage = (stacks: ReadonlyArray<StackOutcome>, machine: Machine): string => {
  const [first] = stacks
  const trials = first?.trials ?? 0
  return `# Convergence

Two ends, a channel between them, and a question: do both come to the same call? The script that W3C WebRTC prints for
this, ["perfect negotiation"](https://www.w3.org/TR/webrtc/#perfect-negotiation-example), against two \`CallLine\`s, over
the same faults, in one run. Written by \`npm run convergence\`.

![Share of trials that converged, script against enigma-rtc](convergence.svg)

The figures are of ${trials} trials a cell and contestant: how many converged, the script within ${inSeconds(limitMs)} and ours within
${inSeconds(longestMs)}, since what is lost is sent again after 0.5 s, 1 s, 2 s and 4 s. How many of ours took longer than
${inSeconds(limitMs)} is below each table.

${stacks.map(stackChapter).join("\n\n")}

## What is measured

**Converged**: ICE and DTLS are connected at both ends, both signaling states are \`stable\`, every transceiver is negotiated
(it has a \`mid\` and a \`currentDirection\`), both ends say the same of each section, and what an end wants to send it may.
That is read from the connections themselves, for both contestants alike, every 5 ms; it has to hold for 120 ms, so that
no late message undoes it.

**Users**: *one side calls*; *both call at once*, in the same turn of the event loop; *both renegotiate at once*: in a call
that is up, over a good channel until then, both add a video track. The script does what is printed: a callee that has not
called sends nothing. Ours answers with its microphone.

**Channel**: \`faultyLink\` of \`@enigma-rtc/testing\`, with the same seed for both contestants: the n-th text from one end to
the other has the same fate. Jitter is 0 to 50 ms for each text, evenly, so that texts overtake each other.

**Errors** of the script: what its handlers catch and print. Of ours: \`MessageRefused\` and \`NegotiationFailed\` events,
operations of the engine that fail (but for those on a connection that is being closed), operations of the user that fail,
calls that end. Of both: whatever nobody has caught.

**Times** run from the first move, or from the tracks that are added, to the state that then held. They are of the trials
that converged. The stack's own work is in them.

**Played** one trial at a time, contestants in turns, in a new page or process for each cell, after a call of each
contestant that is not counted. Tracks of a tone and a canvas in the browsers; in werift no packets are sent. No STUN
server, loopback only for werift. Which end is polite, and whose line sorts lower, changes from trial to trial.

${machine.cores} cores (${machine.processor}), ${machine.system}; ${stacks.map(({ title }) => title).join("; ")}; seed ${first?.seed ?? 0}.

## Again

\`\`\`sh
npm run convergence                                   # everything: this page, and the plot
npm run convergence -- --stack werift --trials 20     # one stack; writes nothing
npm run convergence -- --row "20 % loss + jitter" --column "both call at once" --seed 7
\`\`\`
`
}
