import { describe, expect, it } from "vitest"
import { type CallCommand, step, transitions } from "../../src/call/index.ts"
import { inputs, situationOf, situations } from "./situations.ts"
import { verdicts } from "./verdicts.ts"

const wordOf = (command: CallCommand): string => {
  switch (command._tag) {
    case "Emit":
      return command.event._tag
    case "StartTimer":
    case "StopTimer":
      return `${command._tag}:${command.timer}`
    default:
      return command._tag
  }
}

describe("every input in every situation has the verdict that is written down", () => {
  it.each(verdicts)("$situation, $input: $verdict $commands", ({ commands, input, situation, verdict }) => {
    const state = situations[situation]
    const before = structuredClone(state)
    const got = step(state, inputs[input])
    switch (got._tag) {
      case "Moved":
        expect([situationOf(got.state), got.commands.map(wordOf).join(" ")]).toEqual([verdict, commands])
        break
      case "Ignored":
        expect(verdict).toBe("ignored")
        expect(got.why).toMatch(/\w/)
        break
      case "Rejected":
        expect(verdict).toBe("rejected")
        expect(got.why).toMatch(/\w/)
    }
    // A verdict changes no state that somebody holds.
    expect(state).toEqual(before)
  })
})

describe("the expectations leave nothing out", () => {
  it("name all 133 cells of the table", () => {
    const cells = new Set(verdicts.map(({ input, situation }) => `${situations[situation]._tag} ${inputs[input]._tag}`))
    const table = Object.entries(transitions).flatMap(([state, row]) => Object.keys(row).map((input) => `${state} ${input}`))
    expect(table).toHaveLength(133)
    expect([...cells].toSorted()).toEqual(table.toSorted())
  })
  it("name every situation and every input", () => {
    expect(verdicts).toHaveLength(Object.keys(situations).length * Object.keys(inputs).length)
  })
  it("name commands only where a move is", () => {
    const wrong = verdicts.filter(({ commands, verdict }) => commands !== "" && (verdict === "ignored" || verdict === "rejected"))
    expect(wrong).toEqual([])
  })
})
