import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeSignaling, encodeSignaling, SignalingLimits } from "../../src/signaling/index.ts"
import { seeded } from "../seed.ts"
import { smallSdp } from "./smallSdp.ts"

const refused = (json: string) => Result.isFailure(decodeSignaling(json))
const at = (json: string) => {
  const decoded = decodeSignaling(json)
  return Result.isFailure(decoded) && "at" in decoded.failure ? `${decoded.failure.at}: ${decoded.failure.expected}` : "accepted"
}
const offer = Result.getOrThrow(encodeSignaling({ type: "offer", sdp: smallSdp, from: "phone.1", to: "desk.2", seq: 3, ack: 2, base: 1, call_id: "c1", negotiation: 0, replaces: "c0" }))
const hangup = `{"type":"hangup","reason":"normal"}`
const ack = `{"type":"ack","from":"phone.1","to":"desk.2","ack":3}`

describe("a key that stands twice is refused", () => {
  it.each([
    ["plainly", `{"type":"hangup","type":"hangup"}`],
    ["with another value", `{"type":"offer","type":"hangup"}`],
    ["with an escaped letter", `{"type":"hangup","\\u0074ype":"hangup"}`],
    ["with every letter escaped", `{"type":"hangup","\\u0074\\u0079\\u0070\\u0065":"hangup"}`],
    ["unknown as it is", `{"type":"hangup","x":1,"x":2}`],
    ["empty as it is", `{"":1,"type":"hangup","":2}`],
    ["around an object", `{"a":{"b":1},"type":"hangup","a":[":"]}`],
    ["behind texts that look like keys", `{"a":"\\":\\\\","type":"hangup","a":"\\\\"}`],
    ["as __proto__", `{"type":"hangup","__proto__":1,"__proto__":2}`]
  ])("%s", (_, json) => {
    expect(at(json)).toMatch(/each key once|no such key/)
  })
})

describe("what only looks like a repeated key is accepted", () => {
  it.each([
    ["keys of objects inside", `{"type":"hangup","x":{"type":1,"y":{"type":2}},"z":[{"type":3},{"type":4}]}`],
    ["a key repeated in an unknown object inside", `{"type":"hangup","x":{"a":1,"a":2}}`],
    ["colons in texts", `{"type":"hangup","reason":"a:b:\\"c\\":{[\\\\"}`],
    ["brackets in texts", `{"type":"hangup","x":"}]}]","y":"{[{["}`],
    ["backslashes at the end of texts", `{"type":"hangup","x":"\\\\","y":"\\\\\\\\","z":"\\\\\\""}`],
    ["keys with quotes and colons", `{"type":"hangup","a\\":b":1,"a\\\\":2}`],
    ["keys that differ in case", `{"type":"hangup","Type":"offer"}`]
  ])("%s", (_, json) => {
    expect(at(json)).toBe("accepted")
  })
  it("escaped keys, when they stand once", () => {
    expect(decodeSignaling(`{"\\u0074ype":"\\u0068angup"}`)).toEqual(Result.succeed({ type: "hangup" }))
  })
})

describe("a prototype is no field", () => {
  it.each([`{"type":"hangup","__proto__":{"reason":"evil"}}`, `{"__proto__":{"type":"hangup"}}`, `{"type":"hangup","\\u005f_proto__":null}`])(
    "%s is refused",
    (json) => {
      expect(at(json)).toBe("__proto__: no such key")
    }
  )
  it("and nothing inherited is read as one", () => {
    expect(at(`{"constructor":{"prototype":{"type":"hangup"}}}`)).toMatch(/^type/)
    expect(decodeSignaling(`{"type":"hangup","constructor":1,"hasOwnProperty":2,"x":{"__proto__":{}}}`)).toEqual(
      Result.succeed({ type: "hangup" })
    )
    expect(({} as { reason?: unknown }).reason).toBeUndefined()
  })
})

describe("hostile text is refused, and does no harm", () => {
  it.each([
    ["open arrays", "[".repeat(200_000)],
    ["open objects", `{"a":`.repeat(50_000)],
    ["nested arrays", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["nested objects", `${`{"type":`.repeat(20_000)}1${"}".repeat(20_000)}`],
    ["an array of zeros", `[${"0,".repeat(100_000)}0]`],
    ["backslashes", `{"type":"${"\\".repeat(200_000)}"}`],
    ["escaped quotes", `{"type":"${"\\\"".repeat(100_000)}"}`],
    ["many keys", `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":0`).join()}}`],
    ["a megabyte", " ".repeat(2 ** 20)],
    ["a NUL", "\0"],
    ["NaN", "NaN"],
    ["a comment", `{"type":"hangup"/**/}`],
    ["single quotes", `{'type':'hangup'}`],
    ["a trailing comma", `{"type":"hangup",}`],
    ["a byte-order mark", `\ufeff${hangup}`]
  ])("%s", (_, json) => {
    expect(refused(json)).toBe(true)
  })
  it("deep nesting in a field that nobody knows is passed over", () => {
    const deep = `{"type":"hangup","x":${"[".repeat(50_000)}${"]".repeat(50_000)}}`
    expect(decodeSignaling(deep)).toEqual(Result.succeed({ type: "hangup" }))
  })
  it("a message that is cut off at any place", () => {
    for (const json of [offer, hangup, ack]) {
      for (let end = 0; end < json.length; end++) expect(refused(json.slice(0, end)), json.slice(0, end)).toBe(true)
      for (let start = 1; start < json.length; start++) expect(refused(json.slice(start))).toBe(true)
    }
  })
  it("random characters, and random JSON", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ unit: fc.constantFrom(..."{}[]\":,\\ut0hangupe".split("")), maxLength: 60 }))
    const value = fc.json().filter((json) => !/^\s*\{/.test(json) || !/"type":"(offer|answer|ice_candidate|hangup|ack)"/.test(json))
    fc.assert(fc.property(fc.oneof(text, value), refused), seeded("random text", 3_000))
  })
  it("a message with one character changed is refused, or read as a message that can be written", () => {
    fc.assert(
      fc.property(fc.nat(), fc.string({ unit: "binary", minLength: 0, maxLength: 2 }), fc.constantFrom(offer, hangup, ack), (where, by, json) => {
        const i = where % json.length
        const decoded = decodeSignaling(json.slice(0, i) + by + json.slice(i + 1))
        if (Result.isFailure(decoded)) return
        const again = decodeSignaling(Result.getOrThrow(encodeSignaling(decoded.success)))
        expect(again).toEqual(decoded)
      }),
      seeded("one character changed", 3_000)
    )
  })
})

describe("an error never tells what it was given", () => {
  const marker = "Sw0rdf1sh"
  const huge = marker.repeat(SignalingLimits.message / 8)
  it.each([
    `{"type":"${marker}"}`,
    `{"type":"offer","sdp":"${marker}"}`,
    `{"type":"offer","sdp":"v=0\\r\\no=- 1 1 IN IP4 ${marker}\\r\\ns=-\\r\\nt=${marker}"}`,
    JSON.stringify({ type: "offer", sdp: smallSdp.replace("a=ice-pwd:", `a=ice-pwd:${marker}!`) }),
    JSON.stringify({ type: "answer", sdp: smallSdp.replace("a=ice-ufrag:abcd", `a=x:${marker}`) }),
    JSON.stringify({ type: "answer", sdp: smallSdp.replace("sha-256", marker).replace("00:01", "zz") }),
    `{"type":"ice_candidate","candidate":"${marker}"}`,
    `{"type":"ice_candidate","candidate":"candidate:1 1 udp 1 ${marker}! 9 typ host"}`,
    `{"type":"ice_candidate","candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ ${marker}"}`,
    `{"type":"ice_candidate","candidate":"","sdp_mid":"${marker} "}`,
    `{"type":"ice_candidate","candidate":"","sdp_mline_index":"${marker}"}`,
    `{"type":"hangup","reason":["${marker}"]}`,
    `{"type":"hangup","from":"${marker} "}`,
    `{"type":"hangup","call_id":"${marker} "}`,
    ...["to", "answered_by", "replaced_by"].map((field) => `{"type":"hangup","${field}":"${marker} "}`),
    ...["seq", "ack", "base"].map((field) => `{"type":"hangup","${field}":"${marker}"}`),
    JSON.stringify({ type: "offer", sdp: smallSdp, negotiation: marker }),
    JSON.stringify({ type: "offer", sdp: smallSdp, replaces: `${marker} ` }),
    `{"type":"ack","from":"a","to":"b","ack":"${marker}"}`,
    `{"type":"hangup","${marker}":1,"${marker}":2}`,
    `{"type":"hangup","__proto__":"${marker}"}`,
    marker,
    `{"type":"hangup","reason":"${marker}`,
    huge
  ])("%.80s", (json) => {
    const decoded = decodeSignaling(json)
    if (Result.isSuccess(decoded)) throw new Error("accepted")
    const { failure } = decoded
    const told = [failure.message, String(failure), JSON.stringify(failure), failure.stack, Object.values(failure).join()].join("\n")
    expect(told).not.toContain(marker)
    expect(failure.message).toMatch(/expected \S/)
  })
})
