import { describe, expect, it } from "vitest"
import { type CallCommand, type CallInput, type CallState, idle } from "../../src/call/index.ts"
import { runMachine } from "../../src/session/runMachine.ts"
import { inputs, intent, situations } from "../call/situations.ts"
import { inputOfCell, verdicts } from "../call/verdicts.ts"

const started = (state: CallState, perform: (command: CallCommand) => void = () => {}) => {
  const moves: Array<string> = []
  const machine = runMachine(
    state,
    (before, after) => moves.push(`${before._tag} ${after._tag}`),
    (command) => {
      perform(command)
      return undefined
    },
    (settled) => moves.push(...settled.map(({ state }) => `settled ${state._tag}`))
  )
  return { machine, moves }
}

describe("a machine that runs", () => {
  it.each(verdicts.filter(({ verdict }) => verdict === "ignored" || verdict === "rejected"))(
    "holds the very same state after $input in $situation, and does nothing",
    ({ input, situation }) => {
      const { machine, moves } = started(situations[situation], () => {
        throw new Error("nothing was asked")
      })
      expect(machine.dispatch(inputOfCell({ input, situation })).tasks).toEqual([])
      expect(machine.state()).toBe(situations[situation])
      expect(moves).toEqual([])
    }
  )
  it("tells each move before its commands are done, and when all is done", () => {
    const log: Array<string> = []
    const { machine, moves } = started(idle(intent), (command) => log.push(`${command._tag} in ${machine.state()._tag} after ${moves.length}`))
    machine.dispatch(inputs.userCalls)
    expect(log).toEqual(["OpenPeer in CreatingOffer after 1", "CreateOffer in CreatingOffer after 1"])
    expect(moves).toEqual(["Idle CreatingOffer", "settled CreatingOffer"])
  })
  it("goes on when whoever looks on throws, and when something breaks over a command", () => {
    let isBroken = true
    const done: Array<string> = []
    const machine = runMachine(
      idle(intent),
      () => {},
      (command) => {
        if (isBroken) throw new Error("it broke")
        done.push(command._tag)
        return undefined
      },
      () => {},
      () => {
        throw new Error("the disk is full")
      }
    )
    expect(machine.dispatch(inputs.userAccepts).verdict._tag).toBe("Rejected")
    expect(() => machine.dispatch(inputs.userCalls)).toThrow("it broke")
    isBroken = false
    expect(machine.dispatch({ ...inputs.engineRefused, operation: 1 }).verdict._tag).toBe("Moved")
    expect(done).toContain("ClosePeer")
  })
  it("decides a result that comes while commands are done at once, and does what it asks after them", () => {
    const log: Array<string> = []
    const at = (tag: CallCommand["_tag"], input: CallInput) => (command: CallCommand) => {
      log.push(command._tag)
      if (command._tag === tag) machine.dispatch(input)
    }
    const { machine, moves } = started(idle(intent), at("OpenPeer", { ...inputs.engineRefused, operation: 1 }))
    machine.dispatch(inputs.userCalls)
    expect(log).toEqual(["OpenPeer", "CreateOffer", "ClosePeer"])
    expect(moves).toEqual(["Idle CreatingOffer", "CreatingOffer Ending", "settled CreatingOffer", "settled Ending"])
  })
})
