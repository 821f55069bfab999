import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, changeIntent, needsNegotiation, step } from "../../src/call/index.ts"
import { inputs, intent, live, situations } from "./situations.ts"

const after = (state: CallState, input: CallInput) => {
  const verdict = step(state, input)
  if (verdict._tag !== "Moved") throw new Error(`${state._tag} ${input._tag}: ${verdict._tag}, ${verdict.why}`)
  return verdict
}

describe("media intent", () => {
  it("changes what is named, and keeps what is not", () => {
    expect(changeIntent(intent, { send: { camera: "off" } })).toEqual({
      ...intent,
      send: { microphone: "on", camera: "off", screen: "off" }
    })
  })
  it.each([
    [{ send: { microphone: "muted" } }, false],
    [{ send: { microphone: "on" } }, false],
    [{}, false],
    [{ send: { microphone: "off" } }, true],
    [{ send: { screen: "muted" } }, true],
    [{ receive: { camera: false } }, true],
    [{ hold: true }, true],
    [{ data: true }, true],
    [{ preferCodec: "opus" }, true]
  ] as const)("%o needs a new round: %s", (change, needs) => {
    expect(needsNegotiation(intent, changeIntent(intent, change))).toBe(needs)
  })
  it.each([
    ["opus", "opus", false],
    ["opus", "OPUS", false],
    ["opus", ["Opus"], false],
    [["PCMU", "VP9"], ["pcmu", "vp9"], false],
    [["PCMU", "VP9"], ["VP9", "PCMU"], true],
    [["PCMU", "VP9"], ["PCMU"], true],
    ["opus", ["opus", "VP9"], true],
    ["opus", [], true],
    [[], [], false]
  ] as const)("a codec of %j instead of %j needs a new round: %s", (before, after, needs) => {
    expect(needsNegotiation({ ...intent, preferCodec: before }, { ...intent, preferCodec: after })).toBe(needs)
  })
  it("that names no codec is the same as one with an empty list of them", () => {
    expect(needsNegotiation(intent, { ...intent, preferCodec: [] })).toBe(false)
  })
})

describe("SIG-24: what a user wants of the media", () => {
  it("while it rings is what the engine is opened with", () => {
    const muted = step(situations.ringing, inputs.userMutes)
    if (muted._tag !== "Moved") throw new Error(muted.why)
    const opened = step(muted.state, { _tag: "UserAccepted", media: { send: { camera: "off" } } })
    expect(opened._tag === "Moved" && opened.commands).toContainEqual({
      _tag: "OpenPeer",
      operation: live + 1,
      intent: { ...intent, send: { microphone: "muted", camera: "off", screen: "off" } }
    })
  })
  it("while the offer is made, and while it rings at the peer, is applied at once, and offered when the call is connected", () => {
    let state: CallState = situations.waiting
    for (const input of [inputs.userSharesScreen, inputs.peerAnswers] as const) state = after(state, input).state
    const connected = after(state, { _tag: "EngineApplied", operation: live + 1 })
    expect(connected.commands.at(-1)).toMatchObject({ _tag: "CreateOffer", iceRestart: false })
    expect(connected.state).toMatchObject({ call: { intent: { send: { screen: "on" } } } })
  })
  it("is what the engine is opened anew with, when our call is given up for the peer's", () => {
    for (const start of [situations.creating, situations.waiting]) {
      const yielded = after(after(start, inputs.userSharesScreen).state, inputs.peerCallsLower)
      expect(yielded.commands).toContainEqual({ _tag: "ReopenPeer", operation: expect.any(Number), intent: changeIntent(intent, { send: { screen: "on" } }) })
      expect(yielded.state).toMatchObject({ call: { wants: { round: false, restart: false } } })
    }
  })
  it("is still wanted when its offer was taken back, was refused, or waits for a connection that is interrupted", () => {
    for (const [situation, input] of [["calleeOut", inputs.peerOffersRound], ["callerCreating", inputs.engineRefused], ["callerOut", inputs.engineLost]] as const) {
      const state = after(after(situations[situation], inputs.userSharesScreen).state, input).state
      expect(state, situation).toMatchObject({ call: { intent: { send: { screen: "on" } }, wants: { round: true } } })
    }
  })
})
