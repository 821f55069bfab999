import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CallInput } from "../../src/call/index.ts"
import { type CallTrace, decodeTrace, encodeTrace, replay, toMermaid, toTable } from "../../src/trace/index.ts"
import { inputs, situations } from "../call/situations.ts"
import { seeded } from "../seed.ts"
import { traces, wholeCall } from "./stories.ts"

const traceOf = (...told: ReadonlyArray<CallInput>): CallTrace => ({
  initial: situations.idle,
  entries: told.map((input, i) => ({ atMs: i * 1_500, input, verdict: "Moved", state: "Idle" }))
})

describe("the table", () => {
  it("has a line for each input, its columns under each other", () => {
    const lines = toTable(replay(wholeCall)).split("\n")
    for (const [column, title] of ["input", "verdict", "state after"].entries()) {
      const at = lines[0]?.indexOf(title) ?? 0
      expect(lines.slice(0, -1).map((line) => line[at - 1]), `column ${column}`).toEqual(lines.slice(0, -1).map(() => " "))
    }
    expect(toTable(replay(traceOf()))).toBe("time  input  verdict  state after  commands\n")
  })
  it("shows time, input, verdict, state and commands, and no payload", () => {
    const lines = toTable(replay(wholeCall)).split("\n")
    expect(lines[0]).toMatch(/^ time {2}input +verdict +state after +commands$/)
    expect(lines[3]).toMatch(
      /^0\.250 {2}EngineOffered \(operation 1\) +moved +WaitingAnswer\/Waiting +SendOffer.*, StartTimer \(timer ring, token 2\)$/
    )
    expect(lines[4]).toMatch(/^0\.375 {2}UserAccepted +rejected: no call is coming in +WaitingAnswer\/Waiting$/)
    expect(lines).toHaveLength(wholeCall.entries.length + 2)
    expect(lines.join("")).not.toMatch(/hidden|203\.0\.113/)
  })
  it("marks the line where the machine decides otherwise than recorded", () => {
    const text = toTable(replay(traceOf(inputs.userMutes, inputs.userCalls, inputs.userCalls)))
    expect(text.split("\n").filter((line) => line.includes("!"))).toEqual([
      expect.stringMatching(/^! 1\.500 {2}UserCalled .*moved \[recorded: Moved in Idle\] +CreatingOffer/)
    ])
  })
})

describe("the Mermaid diagram", () => {
  it("shows who said what to whom, and each new state", () => {
    // What the engine and the peer are told in detail is not what this is about.
    const lines = toMermaid(replay(wholeCall)).split("\n").map((line) => line.replace(/(Call->>(Engine|Peer): \w+) .*/, "$1"))
    expect(lines.slice(0, 15)).toEqual([
      "sequenceDiagram",
      "  participant User",
      "  participant Call",
      "  participant Engine",
      "  participant Peer",
      "  Note over Call: Idle",
      "  User->>Call: UserChangedMedia",
      "  User->>Call: UserCalled (callId call-1, line m.1)",
      "  Note over Call: CreatingOffer",
      "  Call->>Engine: OpenPeer",
      "  Call->>Engine: CreateOffer",
      "  Engine->>Call: EngineOffered (operation 1)",
      "  Note over Call: WaitingAnswer/Waiting",
      "  Call->>Peer: SendOffer",
      "  Call->>Call: StartTimer (timer ring, token 2)"
    ])
    expect(toMermaid(replay(wholeCall))).toContain("  User--xCall: UserAccepted, rejected#58; no call is coming in\n")
  })
})

/** Every line that the diagram may have: fixed words, and a label in which every sign that could mean something is written as its number. */
const grammar =
  /^(sequenceDiagram|  participant (User|Call|Engine|Peer)|  Note over Call: L|  (User|Call|Engine|Peer)(->>|--x)(User|Call|Engine|Peer): L|)$/
const label = /: ([A-Za-z0-9 _.,/()-]|#\d+;)+$/

describe("a payload breaks out of neither", () => {
  const hostile = ["normal\nUser->>Peer: owned", "a;b", "%%{init:{}}%%", "<img/src=x>", "#59;end", "\u001b[31m", "x".repeat(500), "a|b`c\"d'"]
  it.each(hostile)("%j", (text) => {
    const told = replay(traceOf(
      { _tag: "UserCalled", callId: text, media: {} },
      { _tag: "PeerHungUp", reason: text, aware: false },
      { _tag: "EngineFailed", failure: { engine: text, operation: text, reason: text, message: text } },
      { _tag: "EngineClosed" }
    ))
    for (const line of toMermaid(told).split("\n")) expect(line.replace(label, ": L")).toMatch(grammar)
    expect(toTable(told)).toMatch(/^[ -~\n]*$/)
    expect(toTable(told).split("\n")).toHaveLength(6)
  })
  it("nor does any trace that can be read", () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(...hostile, { _tag: "\n" }, { _tag: { toString: 1 } }, { reason: "a\nb" }))
    fc.assert(
      fc.property(traces, fc.dictionary(fc.string({ unit: "binary" }), odd), (trace, fields) => {
        const lines = [
          { ...trace, trace: "enigma-rtc", version: 1, entries: [], initial: { ...fields, ...trace.initial } },
          ...trace.entries.map((entry) => ({ ...entry, input: { ...fields, ...entry.input } }))
        ]
        const decoded = decodeTrace(lines.map((line) => JSON.stringify(line)).join("\n"))
        if (Result.isFailure(decoded)) return
        const told = replay(decoded.success)
        for (const line of toMermaid(told).split("\n")) expect(line.replace(label, ": L")).toMatch(grammar)
        expect(toTable(told)).toMatch(/^[ -~\n]*$/)
        expect(toTable(told).split("\n")).toHaveLength(trace.entries.length + 2)
        expect(encodeTrace(decoded.success)).not.toBe("")
      }),
      seeded("drawings", 100)
    )
  })
})
