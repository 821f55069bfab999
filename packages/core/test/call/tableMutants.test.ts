/** The table, changed in one place at a time: no guard, branch or command is there that no expectation needs. */
import { describe, expect, it } from "vitest"
import { type CallCommand, step, transitions } from "../../src/call/index.ts"
import { situations, wordsOf } from "./situations.ts"
import { inputOfCell, verdicts } from "./verdicts.ts"

interface Branch {
  when?: (...args: ReadonlyArray<unknown>) => boolean
  emit?: Array<unknown>
}
// The table is data that nobody changes; here it is changed, and put back.
const table = transitions as unknown as { readonly [state: string]: { readonly [input: string]: Array<Branch> } }

const tagOf = (command: CallCommand): string => {
  switch (command._tag) {
    case "Emit":
      return command.event._tag
    case "StartTimer":
    case "StopTimer":
      return `${command._tag}:${command.timer}`
    case "SendHangup":
      if (command.answeredBy !== undefined) return "SendHangup:answered"
      return command.reason === "withdrawn" ? "SendHangup:withdrawn" : "SendHangup"
    default:
      return command._tag
  }
}

/** Does every expectation of this cell of the table hold? A machine that throws does not. */
const holds = (tag: string, input: string): boolean =>
  verdicts.every((cell) => {
    const state = situations[cell.situation]
    const given = inputOfCell(cell)
    if (state._tag !== tag || given._tag !== input) return true
    try {
      const got = step(state, given)
      if (got._tag !== "Moved") return got._tag.toLowerCase() === cell.verdict
      return wordsOf(got.state) === cell.verdict && got.commands.map(tagOf).join(" ") === cell.commands
    } catch {
      return false
    }
  })

type Change = readonly [name: string, change: () => () => void]

/** Every way to break a cell: a branch that is gone, a guard that always or never holds, a command that is not asked for. */
const changesOf = (cell: Array<Branch>): ReadonlyArray<Change> =>
  cell.flatMap((branch, i): ReadonlyArray<Change> => {
    const { emit, when } = branch
    const guard: ReadonlyArray<Change> = when === undefined ? [] : [
      [`without ${when.name}`, () => {
        cell.splice(i, 1)
        return () => cell.splice(i, 0, branch)
      }],
      [`with ${when.name} always`, () => {
        branch.when = () => true
        return () => {
          branch.when = when
        }
      }]
    ]
    const commands = (emit ?? []).map((command, n): Change => [
      `without ${(command as { readonly name: string }).name}`,
      () => {
        branch.emit = (emit ?? []).filter((_, other) => other !== n)
        return () => {
          branch.emit = emit ?? []
        }
      }
    ])
    return [...guard, ...commands]
  })

/** Changes that nobody could see, each with its reason. */
const unseen: ReadonlyArray<string> = []

describe("each of these is noticed:", () => {
  const changes = Object.entries(table).flatMap(([state, row]) =>
    Object.entries(row).flatMap(([input, cell]) =>
      changesOf(cell).map(([name, change]) => ({ name: `${state} × ${input} ${name}`, state, input, change }))
    )
  )
  it("the table as it is holds", () => {
    for (const [state, row] of Object.entries(table)) for (const input of Object.keys(row)) expect(holds(state, input), `${state} × ${input}`).toBe(true)
    expect(changes.length).toBeGreaterThan(200)
  })
  it.each(changes.filter(({ name }) => !unseen.includes(name)))("$name", ({ change, input, state }) => {
    const restore = change()
    const isNoticed = !holds(state, input)
    restore()
    expect(isNoticed).toBe(true)
  })
})
