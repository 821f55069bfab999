import { describe, expect, it } from "vitest"
import { type CallState, step, transitions } from "../../src/call/index.ts"
import { inputs, situations, timersOf, wordsOf } from "./situations.ts"
import { inputOfCell, verdicts } from "./verdicts.ts"
import { wordOf } from "./wordOf.ts"

describe("every input in every situation has the verdict that is written down", () => {
  it.each(verdicts)("$situation, $input: $verdict $commands", ({ commands, input, situation, verdict }) => {
    const state: CallState = situations[situation]
    const before = structuredClone(state)
    const got = step(state, inputOfCell({ input, situation }))
    switch (got._tag) {
      case "Moved":
        expect([wordsOf(got.state), got.commands.map(wordOf).join(" ")]).toEqual([verdict, commands])
        break
      case "Ignored":
        expect("ignored").toBe(verdict)
        expect(got.why).toMatch(/\w/)
        break
      case "Rejected":
        expect("rejected").toBe(verdict)
        expect(got.why).toMatch(/\w/)
    }
    // A verdict changes no state that somebody holds.
    expect(state).toEqual(before)
  })
})

describe("the expectations leave nothing out", () => {
  it("name all 175 cells of the table", () => {
    const cells = new Set(verdicts.map((cell) => `${situations[cell.situation]._tag} ${inputOfCell(cell)._tag}`))
    const table = Object.entries(transitions).flatMap(([state, row]) => Object.keys(row).map((input) => `${state} ${input}`))
    expect(table).toHaveLength(175)
    expect([...cells].toSorted()).toEqual(table.toSorted())
  })
  it("name every situation and every input, once", () => {
    const named = new Set(verdicts.map(({ input, situation }) => `${situation} ${input}`))
    expect(named.size).toBe(Object.keys(situations).length * Object.keys(inputs).length)
    expect(verdicts).toHaveLength(named.size)
  })
  it("name commands only where a move is", () => {
    const wrong = verdicts.filter(({ commands, verdict }) => commands !== "" && (verdict === "ignored" || verdict === "rejected"))
    expect(wrong).toEqual([])
  })
})

describe("the situations are ones that a call can be in", () => {
  const all = Object.entries<CallState>(situations)
  it.each(all)("%s is plain JSON, and gave each of its timers and operations a number of its own", (_, state) => {
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
    const numbers = timersOf(state).map(([, token]) => token)
    if ("operation" in state) numbers.push(state.operation)
    if ("phase" in state && "operation" in state.phase) numbers.push(state.phase.operation)
    if (state._tag === "Connected" && "operation" in state.negotiation) numbers.push(state.negotiation.operation)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const number of numbers) expect(number).toBeLessThanOrEqual("call" in state ? state.call.serial : 0)
  })
})
