/** What the conformance tests have found, read out of vitest's report. For the matrix, and for `npm test`. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./workspace.ts"

/** What became of a clause, or of a play: `broken` is what no known gap explains. */
export type Outcome = "kept" | "known gap" | "unsteady" | "skipped" | "broken"

export interface Found {
  /** `ENG-200`, or `INT-1`. */
  readonly id: string
  readonly level: "must" | "should" | undefined
  readonly says: string
  readonly outcome: Outcome
  /** Why it is skipped, or a gap. */
  readonly why: string | undefined
}

/** What was found of one engine. */
export interface EngineFound {
  readonly engine: string
  readonly clauses: ReadonlyArray<Found>
}

/** What was found of one pair of engines, over one link. */
export interface PairFound {
  readonly pair: string
  readonly link: string
  readonly plays: ReadonlyArray<Found>
}

export interface ConformanceResults {
  readonly engines: ReadonlyArray<EngineFound>
  readonly pairs: ReadonlyArray<PairFound>
}

/** The part of vitest's JSON report that is read. */
export interface VitestReport {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{
      readonly ancestorTitles: ReadonlyArray<string>
      readonly title: string
      readonly status: string
    }>
  }>
}

const clauseTitle = /^(ENG-\d+) (must|should): (.*?)(?: \[(skipped|known gap): (.*)\])?$/
const playTitle = /^(INT-\d+) over a link (.*?): (.*?)(?: \[(skipped|unsteady): (.*)\])?$/
const engineTitle = /^engine contract: (.*)$/
const pairTitle = /^calls between (.*)$/

const outcomeOf = (status: string, mark: string | undefined): Outcome => {
  if (mark === "skipped") return "skipped"
  if (status !== "passed") return "broken"
  return mark === "known gap" || mark === "unsteady" ? mark : "kept"
}

/** `200` of `ENG-200`. */
export const numberOf = ({ id }: Found): number => Number(id.slice(id.indexOf("-") + 1))
const sorted = (found: ReadonlyArray<Found>) => found.toSorted((a, b) => numberOf(a) - numberOf(b))

/** Puts a report in order. */
export const readReport = ({ testResults }: VitestReport): ConformanceResults => {
  const engines = new Map<string, Array<Found>>()
  const pairs = new Map<string, { readonly pair: string; readonly link: string; readonly plays: Array<Found> }>()
  for (const { ancestorTitles, status, title } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const [engine] = ancestorTitles.flatMap((ancestor) => engineTitle.exec(ancestor)?.[1] ?? [])
    const [, id, level, says = "", mark, why] = clauseTitle.exec(title) ?? []
    if (engine !== undefined && id !== undefined) {
      const found = engines.get(engine) ?? []
      engines.set(engine, found)
      // The pattern matches only these two words.
      found.push({ id, level: level as "must" | "should", says, outcome: outcomeOf(status, mark), why })
    }
    const [, pair] = pairTitle.exec(ancestorTitles[0] ?? "") ?? []
    const [, play, link = "", plays = "", skipped, because] = playTitle.exec(title) ?? []
    if (pair !== undefined && play !== undefined) {
      const key = JSON.stringify([pair, link])
      const found = pairs.get(key) ?? { pair, link, plays: [] }
      pairs.set(key, found)
      found.plays.push({ id: play, level: undefined, says: plays, outcome: outcomeOf(status, skipped), why: because })
    }
  }
  return {
    engines: [...engines].map(([engine, clauses]) => ({ engine, clauses: sorted(clauses) })),
    pairs: [...pairs.values()].map((found) => ({ ...found, plays: sorted(found.plays) }))
  }
}

/** Where the conformance tests are, each with the report that it leaves behind. */
export const conformanceTests: ReadonlyArray<{ readonly folder: string; readonly report: string; readonly filters: ReadonlyArray<string> }> = [
  { folder: "apps/conformance", report: "apps/conformance/.vitest/conformance.json", filters: [] },
  { folder: "packages/engine-browser", report: "packages/engine-browser/.vitest/conformance.json", filters: ["conformance"] },
  { folder: "apps/sfu-calls", report: "apps/sfu-calls/.vitest/conformance.json", filters: ["conformance", "interop"] }
]

/** What tries the way to an engine elsewhere, and no engine of its own. */
const isOnTheWay = (name: string): boolean => name.includes("served from afar")

/** The results of the last run. Throws when there was none. */
export const readResults = (): ConformanceResults => {
  // The files are vitest's own.
  const reports = conformanceTests.map(({ report }) => JSON.parse(readFileSync(join(root, report), "utf8")) as VitestReport)
  const { engines, pairs } = readReport({ testResults: reports.flatMap(({ testResults }) => testResults) })
  return { engines: engines.filter(({ engine }) => !isOnTheWay(engine)), pairs: pairs.filter(({ pair }) => !isOnTheWay(pair)) }
}
