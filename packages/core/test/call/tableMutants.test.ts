/** The table, changed in one place at a time: no guard, branch or command is there that no expectation needs. */
import { describe, expect, it } from "vitest"
import { step, transitions } from "../../src/call/index.ts"
import { situations, wordsOf } from "./situations.ts"
import { inputOfCell, verdicts } from "./verdicts.ts"
import { type Witness, witnesses } from "./witnesses.ts"
import { wordOf } from "./wordOf.ts"

interface Branch {
  when?: (...args: ReadonlyArray<unknown>) => boolean
  emit?: Array<unknown>
}
// The table is data that nobody changes; here it is changed, and put back.
const table = transitions as unknown as { readonly [state: string]: { readonly [input: string]: Array<Branch> } }

const bearsOut = ({ input, state, verdict }: Witness): void => expect(step(state, input)).toMatchObject(verdict)

/** Does every expectation of this cell of the table hold? A machine that throws does not. */
const holds = (tag: string, input: string): boolean => {
  try {
    for (const one of witnesses) if (one.state._tag === tag && one.input._tag === input) bearsOut(one)
    return verdicts.every((cell) => {
      const state = situations[cell.situation]
      const given = inputOfCell(cell)
      if (state._tag !== tag || given._tag !== input) return true
      const got = step(state, given)
      if (got._tag !== "Moved") return got._tag.toLowerCase() === cell.verdict
      return wordsOf(got.state) === cell.verdict && got.commands.map(wordOf).join(" ") === cell.commands
    })
  } catch {
    return false
  }
}

type Change = readonly [name: string, change: () => () => void]

/** Every way to break a cell: a branch that is gone, a guard that always holds, a command that is not asked for. */
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
      `${when === undefined ? "" : `if ${when.name}, `}without ${(command as { readonly name: string }).name}`,
      () => {
        branch.emit = (emit ?? []).filter((_, other) => other !== n)
        return () => {
          branch.emit = emit ?? []
        }
      }
    ])
    return [...guard, ...commands]
  })

const changes = Object.entries(table).flatMap(([state, row]) =>
  Object.entries(row).flatMap(([input, cell]) =>
    changesOf(cell).map(([name, change]) => ({ name: `${state} × ${input}: ${name}`, state, input, change }))
  )
)

describe("each witness holds:", () => {
  it.each(witnesses)("$state._tag × $input._tag: $claim", bearsOut)
})

describe("each of these is noticed:", () => {
  it("the table as it is holds", () => {
    for (const [state, row] of Object.entries(table)) {
      for (const input of Object.keys(row)) expect(holds(state, input), `${state} × ${input}`).toBe(true)
    }
    expect(changes.length).toBeGreaterThan(200)
    expect(new Set(changes.map(({ name }) => name)).size).toBe(changes.length)
  })
  it.each(changes)("$name", ({ change, input, state }) => {
    const restore = change()
    const isNoticed = !holds(state, input)
    restore()
    expect(isNoticed).toBe(true)
  })
})
