/** Writes `docs/state-machine.md` from the transition table itself. */
import { cellTables, stateDiagram, transitions } from "@enigma-rtc/core/call"
import { toAnchor } from "./markdown.ts"

const diagram = () => `\`\`\`mermaid\n${stateDiagram(transitions)}\n\`\`\``

/** A page with the diagram drawn between its marks. */
export const withDiagram = (page: string): string =>
  page.replace(/(<!-- state-diagram: [^]*? -->\n)[^]*?(<!-- \/state-diagram -->)/, (_, from, to) => `${from}\n${diagram()}\n\n${to}`)

export const stateMachine = (): string => {
  const rows = Object.entries(transitions)
  const inputs = Object.keys(transitions.Idle)
  const cells = rows.flatMap(([, row]) => Object.values(row))
  const branches = cells.flat()
  const count = (key: string) => branches.filter((branch) => key in branch).length
  return `# The call's state machine

A call is one of ${rows.length} states, and everything that can happen to it is one of ${inputs.length} inputs: what the user
does, what the peer sends, what the engine reports and which timer fires. \`step(state, input)\` of \`@enigma-rtc/core/call\`
decides all ${cells.length} cells, each written out: ${branches.length} branches, of which ${count("to")} move, ${count("ignore")} are
ignored and ${count("reject")} are rejected. The diagram and the tables below are drawn from the table that runs.

## How to read a verdict

- **Moved** (\`→ **State**\` or \`stays\`, then \`/\` and what is done, in order). *stays* means that the state keeps its name; what
  it carries may change.
- **Ignored** (\`ignored\`, and why): legal, and without meaning here, such as a candidate after hangup. Nothing happens.
- **Rejected** (\`**rejected**\`, and why): illegal here. The state does not move, and who asked gets an \`InvalidState\` that names
  the state, the operation and what is possible instead.

A cell may have several branches. They are tried from the top; *words in italics* are the condition of a branch, and the last
branch has none. For the states' and inputs' own data see [\`@enigma-rtc/core/call\`](api.md#${toAnchor("@enigma-rtc/core/call")}).

## Diagram

Every move that leads to another state.

${diagram()}

## All cells

${rows.map(([state]) => `[${state}](#${toAnchor(state)})`).join(" · ")}

${cellTables(transitions)}
`
}
