import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import type { CallCommand, CallInput, CallState, Observe, RecordedCall } from "../../src/call/index.ts"
import { runMachine } from "../../src/session/runMachine.ts"
import { type CallTrace, decodeTrace, type RecordOptions, recordTrace, replay } from "../../src/trace/index.ts"
import { inputs, situations } from "../call/situations.ts"
import { secretSdp, secretsOf } from "./stories.ts"

const start: CallState = situations.idle
const machineWith = (observe: Observe, perform: (command: CallCommand) => void = () => {}) =>
  runMachine(
    start,
    () => {},
    (command) => {
      perform(command)
      return undefined
    },
    () => {},
    observe
  )

/** A machine that runs, and what it has recorded. */
const recorded = ({ secrets = false, take, ...call }: Partial<RecordedCall> & RecordOptions & { readonly take?: (line: string) => void } = {}, perform?: (command: CallCommand, feed: (input: CallInput) => void) => void) => {
  const lines: Array<string> = []
  const observe = recordTrace(take ?? ((line) => lines.push(line)), { secrets })({ initial: start, callId: "call-1", engine: "test", now: () => 0, ...call })
  const machine = machineWith(observe, (command) => perform?.(command, machine.dispatch))
  const trace = (): CallTrace => Result.getOrThrow(decodeTrace(lines.join("\n")))
  return { machine, lines, trace }
}

describe("a machine that is looked on", () => {
  it("shows every input, the ignored and the rejected ones too, with the state after it", () => {
    const seen: Array<string> = []
    const machine = machineWith((input, verdict, state) => seen.push(`${input._tag} ${verdict._tag} ${state._tag}`))
    machine.dispatch(inputs.userAccepts)
    machine.dispatch(inputs.engineUp)
    machine.dispatch(inputs.userCalls)
    expect(seen).toEqual(["UserAccepted Rejected Idle", "EngineUp Ignored Idle", "UserCalled Moved CreatingOffer"])
  })
  it("shows what comes in while commands are done in the order of decision", () => {
    const { machine, trace } = recorded({}, (command, feed) => {
      if (command._tag === "OpenPeer") feed({ ...inputs.engineRefused, operation: 1 })
      if (command._tag === "ClosePeer") feed(inputs.engineClosed)
    })
    machine.dispatch(inputs.userCalls)
    expect(trace().entries.map(({ input, state }) => [input._tag, state])).toEqual([
      ["UserCalled", "CreatingOffer"], ["EngineRefused", "Ending"], ["EngineClosed", "Ended"]
    ])
    expect(replay(trace()).difference).toBeUndefined()
  })
  it("takes an input from whoever looks on, after the one that is shown", () => {
    const order: Array<string> = []
    let fed = false
    const machine = machineWith((input, _, state) => {
      order.push(`${input._tag} ${state._tag}`)
      if (fed) return
      fed = true
      machine.dispatch(inputs.userHangsUp)
    }, (command) => order.push(command._tag))
    machine.dispatch(inputs.userCalls)
    expect(order).toEqual(["UserCalled CreatingOffer", "UserHungUp Ending", "OpenPeer", "CreateOffer", "ClosePeer"])
    expect(machine.state()._tag).toBe("Ending")
  })
})

describe("a recorded trace", () => {
  it("begins with its header, before anything has happened", () => {
    const { lines } = recorded()
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { trace: "enigma-rtc", version: 1, callId: "call-1", engine: "test", initial: start }
    ])
  })
  it("counts time from its first entry, and never back", () => {
    const times = [5_000, 5_250, 4_000, 6_000]
    const { machine, trace } = recorded({ now: () => times.shift() ?? 0 })
    for (let n = 0; n < 4; n++) machine.dispatch(inputs.engineUp)
    expect(trace().entries.map(({ atMs }) => atMs)).toEqual([0, 250, 250, 1_000])
  })
  it("holds no secret unless asked to", () => {
    const offer: CallInput = { ...inputs.peerOffers, sdp: secretSdp(1) }
    const silent = recorded()
    const open = recorded({ secrets: true })
    for (const { machine } of [silent, open]) machine.dispatch(offer)
    expect(silent.lines.join("")).not.toMatch(/hidden|203\.0\.113/)
    expect(open.trace().entries[0]?.input).toEqual(offer)
    expect(open.lines.join("")).toContain(secretsOf(1).pwd)
  })
  it("does no harm to the call when its reader throws, and goes on", () => {
    let calls = 0
    const { machine } = recorded({
      take: () => {
        calls++
        throw new Error("the disk is full")
      }
    })
    machine.dispatch(inputs.userCalls)
    machine.dispatch(inputs.userHangsUp)
    expect([calls, machine.state()._tag]).toEqual([3, "Ending"])
  })
  it("ends with an input that is no JSON, rather than leave it out", () => {
    const { lines, machine } = recorded({ secrets: true })
    const circle: { hold: boolean; self?: unknown } = { hold: false }
    circle.self = circle
    machine.dispatch({ _tag: "UserChangedMedia", media: circle })
    machine.dispatch(inputs.userCalls)
    expect([lines.length, machine.state()._tag]).toEqual([1, "CreatingOffer"])
  })
})
