import { describe, expect, it } from "vitest"
import { changeIntent, needsNegotiation, step } from "../../src/call/index.ts"
import { inputs, intent, live, situations } from "./situations.ts"

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
  it("that changes while it rings is what the engine is opened with", () => {
    const muted = step(situations.ringing, inputs.userMutes)
    if (muted._tag !== "Moved") throw new Error(muted.why)
    const opened = step(muted.state, { _tag: "UserAccepted", media: { send: { camera: "off" } } })
    expect(opened._tag === "Moved" && opened.commands).toContainEqual({
      _tag: "OpenPeer",
      operation: live + 1,
      intent: { ...intent, send: { microphone: "muted", camera: "off", screen: "off" } }
    })
  })
})
