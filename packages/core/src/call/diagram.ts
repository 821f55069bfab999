/** Draws the transition table: `docs/state-machine.md` is made of these texts. For the docs build, and for pages. */
import type { Table } from "./table.ts"

type Named = { readonly name: string }
interface Branch {
  readonly when?: Named
  readonly to?: string
  readonly emit?: ReadonlyArray<Named>
  readonly ignore?: string
  readonly reject?: string
}

const branchesOf = (cell: object): ReadonlyArray<Branch> => cell as ReadonlyArray<Branch>

/** `openPeer` as `open peer`. */
const words = (f: Named): string => f.name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** A Mermaid state diagram of every move that leads to another state. */
export const stateDiagram = (table: Table): string => {
  const lines = ["stateDiagram-v2", "  [*] --> Idle"]
  for (const [from, row] of Object.entries(table)) {
    const causes = new Map<string, Set<string>>()
    for (const [input, cell] of Object.entries(row)) {
      for (const branch of branchesOf(cell)) {
        if (branch.to === undefined || branch.to === from) continue
        causes.set(branch.to, (causes.get(branch.to) ?? new Set()).add(input))
      }
    }
    for (const [to, inputs] of causes) lines.push(`  ${from} --> ${to}: ${[...inputs].join(", ")}`)
  }
  return [...lines, "  Ended --> [*]"].join("\n")
}

const describe = (from: string, branch: Branch): string => {
  const when = branch.when === undefined ? "" : `*${words(branch.when)}*: `
  if (branch.ignore !== undefined) return `${when}ignored, ${branch.ignore}`
  if (branch.reject !== undefined) return `${when}**rejected**, ${branch.reject}`
  const to = branch.to === from ? "stays" : `→ **${branch.to}**`
  const emit = (branch.emit ?? []).map(words).join(", ")
  return `${when}${to}${emit === "" ? "" : ` / ${emit}`}`
}

/** Every state × input cell with its verdict, commands and reasons, as a Markdown table for each state. */
export const cellTables = (table: Table): string =>
  Object.entries(table)
    .map(([from, row]) => {
      const lines = Object.entries(row).map(
        ([input, cell]) => `| \`${input}\` | ${branchesOf(cell).map((branch) => describe(from, branch)).join("<br>")} |`
      )
      return [`### ${from}`, "", "| input | verdict |", "|---|---|", ...lines].join("\n")
    })
    .join("\n\n")
