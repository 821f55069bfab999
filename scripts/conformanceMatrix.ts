/** Draws what the conformance tests have found: as the page in docs, and for a terminal. */
import { join } from "node:path"
import { type ConformanceResults, type EngineFound, type Found, numberOf, type Outcome, type PairFound } from "./conformanceResults.ts"
import { readManifest, root } from "./workspace.ts"

/** An engine's stack, as a reader would look for it, in the order of the columns. */
interface Stack {
  readonly engine: string
  readonly stack: string
  /** Where the npm packages are installed whose versions count; none for our own mock. */
  readonly installedAt?: ReadonlyArray<string>
  /** Of a browser: the one that it was last tried with. */
  readonly version?: string
  readonly published: boolean
}

/** What every call of engine-sfu goes through, whatever it runs on. */
const sfu = ["packages/engine-sfu/node_modules/mediasoup-client", "apps/sfu/node_modules/mediasoup"]

const stacks: ReadonlyArray<Stack> = [
  { engine: "mock", stack: "none: `MockEngine` of `@enigma-rtc/testing`", published: true },
  { engine: "werift", stack: "werift, in `@enigma-rtc/engine-werift`", installedAt: ["packages/engine-werift/node_modules/werift"], published: true },
  { engine: "chromium", stack: "Chromium, in `@enigma-rtc/engine-browser`", version: "156", published: true },
  { engine: "firefox", stack: "Firefox ESR, in `@enigma-rtc/engine-browser`", version: "153", published: true },
  {
    engine: "sfu, Node",
    stack: "mediasoup-client over werift, in `@enigma-rtc/engine-sfu`, through `apps/sfu`",
    installedAt: ["packages/engine-sfu/node_modules/werift", ...sfu],
    published: true
  },
  { engine: "sfu, Chromium", stack: "mediasoup-client in Chromium, in `@enigma-rtc/engine-sfu`, through `apps/sfu`", version: "156", installedAt: sfu, published: true },
  { engine: "sfu, Firefox", stack: "mediasoup-client in Firefox ESR, in `@enigma-rtc/engine-sfu`, through `apps/sfu`", version: "153", installedAt: sfu, published: true },
  { engine: "wrtc", stack: "libwebrtc, by @roamhq/wrtc", installedAt: ["apps/conformance/node_modules/@roamhq/wrtc"], published: false },
  { engine: "node-datachannel", stack: "libdatachannel, by node-datachannel", installedAt: ["apps/conformance/node_modules/node-datachannel"], published: false }
]

/** The version of the stack; of a stack that is made of several, each with its name but the browser's. */
const versionOf = ({ installedAt = [], version }: Stack): string => {
  const installed = installedAt.map((folder) => readManifest(join(root, folder, "package.json")))
  const isOne = installed.length + (version === undefined ? 0 : 1) === 1
  return [...(version === undefined ? [] : [version]), ...installed.map(({ name, version }) => (isOne ? version : `${name} ${version}`))].join(", ")
}

const marks: { readonly [O in Outcome]: string } = { kept: "✓", "known gap": "gap", unsteady: "≈", skipped: "–", broken: "✗" }

const count = (found: ReadonlyArray<Found>, outcome: Outcome, level?: Found["level"]): number =>
  found.filter((one) => one.outcome === outcome && (level === undefined || one.level === level)).length

const row = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`
const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [row(head), row(head.map((_, i) => (i < 2 ? "---" : ":-:"))), ...rows.map(row)].join("\n")

/** The engines that were checked, in the order of the columns. */
const columns = ({ engines }: ConformanceResults): ReadonlyArray<EngineFound> => {
  const unknown = engines.find(({ engine }) => !stacks.some((stack) => stack.engine === engine))
  if (unknown !== undefined) throw new Error(`The matrix knows no engine "${unknown.engine}": add its stack.`)
  return stacks.flatMap((stack) => engines.filter(({ engine }) => engine === stack.engine))
}

const overview = (engines: ReadonlyArray<EngineFound>) =>
  table(
    ["engine", "stack", "version", "must", "should", "known gaps", "skipped"],
    engines.map(({ clauses, engine }) => {
      const stack = stacks.find((one) => one.engine === engine) ?? { engine, stack: "", published: false }
      const kept = (level: "must" | "should") => {
        const asked = clauses.filter((one) => one.level === level && one.outcome !== "skipped").length
        return `${count(clauses, "kept", level)} of ${asked}`
      }
      return [
        stack.published ? `**${engine}**` : engine,
        stack.stack,
        versionOf(stack),
        kept("must"),
        kept("should"),
        String(count(clauses, "known gap")),
        String(count(clauses, "skipped"))
      ]
    })
  )

/** What the hundreds of the clauses' numbers are about. */
const chapters: ReadonlyArray<string> = [
  "",
  "Opening and closing, and every operation",
  "Descriptions",
  "Candidates",
  "The link",
  "Media",
  "Data channels",
  "Rounds of offer and answer",
  "ICE restarts",
  "Figures, events, and what is left open"
]

const clauseTables = (engines: ReadonlyArray<EngineFound>) =>
  chapters.flatMap((chapter, hundred) => {
    const found = (engines[0]?.clauses ?? []).filter((clause) => Math.floor(numberOf(clause) / 100) === hundred)
    const rows = found.map(({ id, level, says }) => [
      id,
      `${level === "should" ? "*should:* " : ""}${says}`,
      ...engines.map(({ clauses }) => marks[clauses.find((one) => one.id === id)?.outcome ?? "broken"])
    ])
    return found.length === 0 ? [] : [`### ${chapter}`, "", table(["clause", "", ...engines.map(({ engine }) => engine)], rows), ""]
  }).join("\n").trimEnd()

const gaps = (engines: ReadonlyArray<EngineFound>) =>
  engines.flatMap(({ clauses, engine }) =>
    clauses.filter(({ outcome }) => outcome === "known gap").map(({ id, why }) => `- **${engine}**, ${id}: ${why}`)
  ).join("\n") || "None."

const skips = (engines: ReadonlyArray<EngineFound>) =>
  engines.flatMap(({ clauses, engine }) => {
    const by = Map.groupBy(clauses.filter(({ outcome, why = "" }) => outcome === "skipped" && why.startsWith("without")), ({ why }) => why ?? "")
    return [...by].map(([why, found]) => `- **${engine}**, ${why}: ${found.map(({ id }) => id).join(", ")}`)
  }).join("\n") || "None."

const outcomes = (found: PairFound) => found.plays.map(({ outcome }) => marks[outcome])

/** ≈ and why, once for each pair and play. */
const unsteady = (pairs: ReadonlyArray<PairFound>): ReadonlyArray<string> => {
  const told = pairs.flatMap(({ pair, plays }) =>
    plays.flatMap(({ id, outcome, why }) => (outcome === "unsteady" ? [`- **${pair}**, ${id}: ${why}`] : [])))
  return told.length === 0 ? [] : ["", "≈ does not always succeed, and is played without a verdict:", "", ...new Set(told)]
}

const interop = (pairs: ReadonlyArray<PairFound>) => {
  const sorted = pairs.toSorted((a, b) => a.pair.localeCompare(b.pair))
  const plays = sorted[0]?.plays ?? []
  return [
    table(["engines", "signaling", ...plays.map(({ id }) => id)], sorted.map((found) => [found.pair, found.link, ...outcomes(found)])),
    "",
    ...plays.map(({ id, says }) => `- ${id}: ${says}.`),
    ...unsteady(sorted)
  ].join("\n")
}

/** The page. It says what was measured, without times, so that two runs agree. */
export const conformancePage = (results: ConformanceResults): string => {
  const engines = columns(results)
  const [first] = engines
  const musts = first?.clauses.filter(({ level }) => level === "must").length ?? 0
  return `# Engine conformance

Written by \`npm run conformance\`, which checks every engine against the contract between core and an engine:
${first?.clauses.length ?? 0} clauses, ${musts} of them *must* (calls fail without it), the others *should* (they are worse without it). Every
connection is a real one, over loopback; what a stack's users would see is what is checked.

✓ kept · **gap** a known one, explained below: the check is run, and must fail, until the line goes · – skipped, because the
engine says that it lacks a capability. Engines in bold are published; the others are adapters of this repository
(\`apps/conformance/src/engines\`) over stacks that the port was not made for; what fails there is tried once more, since native
threads race on a busy machine. How to check an engine of your own is told in
[writing-an-engine.md](writing-an-engine.md).

## Engines

${overview(engines)}

## Clauses

Those that are not marked as *should* are *must*.

${clauseTables(engines)}

## Known gaps

${gaps(engines)}

## Skipped, by capability

Beside those about what an engine without a capability must do, which are not asked of one that has it:

${skips(engines)}

## Calls between engines

Whole calls between two engines, through core's lines and the real codec. A link repeats, delays, reorders or loses what is
signaled, as a seed decides. In pages it is decoded pictures and the energy of sound that count, in Node packets.

${interop(results.pairs)}
`
}

const pad = (text: string, width: number) => text + " ".repeat(Math.max(0, width - text.length))

/** The same for a terminal: the clauses that are not kept by all, and what is wrong. */
export const conformanceSummary = (results: ConformanceResults): string => {
  const engines = columns(results)
  const width = Math.max(...engines.map(({ engine }) => engine.length)) + 2
  const line = (first: string, cells: ReadonlyArray<string>) => `${pad(first, 9)}${cells.map((cell) => pad(cell, width)).join("")}`
  const all = engines[0]?.clauses ?? []
  const inEach = (id: string) => engines.map(({ clauses }) => marks[clauses.find((one) => one.id === id)?.outcome ?? "broken"])
  const total = (outcome: Outcome) => engines.map(({ clauses }) => String(count(clauses, outcome)))
  return [
    line("", engines.map(({ engine }) => engine)),
    ...all.map(({ id, level, says }) => `${line(id, inEach(id))}${level}: ${says}`),
    "",
    line("kept", total("kept")),
    line("gaps", total("known gap")),
    line("skipped", total("skipped")),
    line("broken", total("broken")),
    "",
    ...results.pairs.map((found) => `${pad(found.pair, 32)}${outcomes(found).join(" ")}   ${found.link}`)
  ].join("\n")
}
