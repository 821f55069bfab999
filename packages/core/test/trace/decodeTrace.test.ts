import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeTrace, encodeTrace, TraceLimits } from "../../src/trace/index.ts"
import { seeded } from "../seed.ts"
import { traces, wholeCall } from "./stories.ts"

const text = encodeTrace(wholeCall)
const [header = "", first = "", second = ""] = text.split("\n")
const faultOf = (text: string): string => {
  const decoded = decodeTrace(text)
  return Result.isFailure(decoded) ? `${decoded.failure._tag} at ${decoded.failure.at}: ${decoded.failure.expected}` : "accepted"
}
const withField = (line: string, field: string, value: unknown) =>
  JSON.stringify({ ...(JSON.parse(line) as object), [field]: value })
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`

describe("a trace's text", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        expect(Result.getOrThrow(decodeTrace(encodeTrace(trace)))).toEqual(trace)
      }),
      seeded("trace round trip", 100)
    )
  })
  it("is a header, and then a line for each input", () => {
    const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line) as object)
    expect(lines[0]).toMatchObject({ trace: "enigma-rtc", version: 1, callId: "call-1", engine: "test", initial: { _tag: "Idle" } })
    expect(lines[4]).toEqual({
      atMs: 375,
      input: { _tag: "UserAccepted", media: {} },
      verdict: "Rejected",
      why: "no call is coming in",
      state: "WaitingAnswer"
    })
    expect(lines).toHaveLength(wholeCall.entries.length + 1)
  })
  it("may have no entries, no last line feed, Windows line endings, and fields that are unknown", () => {
    expect(faultOf(header)).toBe("accepted")
    expect(faultOf(text.replaceAll("\n", "\r\n"))).toBe("accepted")
    expect(faultOf([withField(header, "later", 1), withField(first, "later", {})].join("\n"))).toBe("accepted")
  })
})

describe("a text that is no trace is refused by its line, and what was expected", () => {
  it.each([
    ["nothing", "", "line 1, the line: JSON"],
    ["no JSON", "v=0", "line 1, the line: JSON"],
    ["an array", "[]", "line 1, the line: a JSON object"],
    ["no header", first, "line 1, trace: \"enigma-rtc\""],
    ["a later version", withField(header, "version", 2), "line 1, version: 1"],
    ["a first state that nobody knows", withField(header, "initial", { _tag: "Dreaming" }), "line 1, initial: a state that this version knows"],
    ["a first state that every object has", withField(header, "initial", { _tag: "constructor" }), "line 1, initial: a state that this version knows"],
    ["an empty line within", `${header}\n\n${first}`, "line 2, the line: JSON"],
    ["half a line", `${header}\n${first}\n${second.slice(0, 20)}`, "line 3, the line: JSON"],
    ["an entry without time", `${header}\n${withField(first, "atMs", undefined)}`, "line 2, atMs: milliseconds, from 0"],
    ["a time before the beginning", `${header}\n${withField(first, "atMs", -1)}`, "line 2, atMs: milliseconds, from 0"],
    ["an input that nobody knows", `${header}\n${withField(first, "input", { _tag: "toString" })}`, "line 2, input: an input that this version knows"],
    ["an input of the wrong type", `${header}\n${withField(first, "input", { _tag: "PeerOffered", sdp: 1 })}`, "line 2, input.sdp: text"],
    ["a candidate without its line", `${header}\n${withField(first, "input", { _tag: "EngineTrickled", candidate: {} })}`, "line 2, input.candidate: an object with a candidate"],
    ["another verdict", `${header}\n${withField(first, "verdict", "Broken")}`, "line 2, verdict: Moved, Ignored or Rejected"],
    ["a state with a line feed in its name", `${header}\n${withField(first, "state", "Id\nle")}`, "line 2, state: 1 to 64 visible ASCII characters"],
    ["a __proto__ key", `${header}\n{"__proto__":{},${first.slice(1)}`, "line 2, __proto__: no such key"],
    ["an escaped one, deep inside", `${header}\n${first.replace("\"media\":{", "\"media\":{\"x\":[{\"\\u005f_proto__\":1}],")}`, "line 2, __proto__: no such key"],
    ["too many levels", `${header}\n{"x":${deep(100_000)},${first.slice(1)}`, "line 2, the object: at most 32 levels"],
    ["too long a line", `${header}\n{"x":"${"x".repeat(TraceLimits.line)}",${first.slice(1)}`, `line 2, the line: at most ${TraceLimits.line} characters`],
    ["too many entries", `${header}${"\n1".repeat(TraceLimits.entries + 1)}`, `the trace: at most ${TraceLimits.entries} entries`],
    ["too long a text", " ".repeat(TraceLimits.text + 1), `the trace: at most ${TraceLimits.text} characters`]
  ])("%s", (_, text, fault) => {
    expect(faultOf(text)).toBe(`JsonError at ${fault}`)
  })
  it("and any text at all gives an answer that does not echo it", () => {
    const piece = fc.oneof(fc.constantFrom(header, first, second, "\n", "{", "null", "\u0000"), fc.string({ unit: "binary" }), fc.json())
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.boolean(), (pieces, lines) => {
        const told = faultOf(`${pieces.join(lines ? "\n" : "")}hidden`)
        expect(told).not.toContain("hidden")
      }),
      seeded("hostile trace", 1_000)
    )
  })
})
