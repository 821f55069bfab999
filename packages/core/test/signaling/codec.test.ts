import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { decodeSignaling, encodeSignaling, isDeliveryAware, type SignalingMessage, SignalingLimits } from "../../src/signaling/index.ts"
import { smallSdp } from "./smallSdp.ts"

const host = "candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host"
const sdp = JSON.stringify(smallSdp)
const decode = (json: string) => Result.getOrThrow(decodeSignaling(json))
const encode = (message: SignalingMessage) => Result.getOrThrow(encodeSignaling(message))
const refusal = (result: Result.Result<unknown, { readonly _tag: string; readonly at?: string; readonly expected?: string }>) =>
  Result.isFailure(result) ? [result.failure._tag, result.failure.at, result.failure.expected] : "accepted"

/** Each form of each message, as the crate writes it, byte for byte. */
const forms: ReadonlyArray<readonly [SignalingMessage, string]> = [
  [{ type: "offer", sdp: smallSdp }, `{"type":"offer","sdp":${sdp}}`],
  [{ type: "answer", sdp: smallSdp }, `{"type":"answer","sdp":${sdp}}`],
  [
    { type: "ice_candidate", candidate: host, sdp_mid: "0", sdp_mline_index: 0 },
    `{"type":"ice_candidate","candidate":"${host}","sdp_mid":"0","sdp_mline_index":0}`
  ],
  [{ type: "ice_candidate", candidate: host }, `{"type":"ice_candidate","candidate":"${host}"}`],
  [{ type: "ice_candidate", candidate: "" }, `{"type":"ice_candidate","candidate":""}`],
  [{ type: "hangup" }, `{"type":"hangup"}`],
  [{ type: "hangup", reason: "normal" }, `{"type":"hangup","reason":"normal"}`],
  [{ type: "hangup", reason: "" }, `{"type":"hangup","reason":""}`],
  [
    { type: "hangup", reason: "busy", from: "phone.1", call_id: "c1" },
    `{"type":"hangup","reason":"busy","from":"phone.1","call_id":"c1"}`
  ],
  [
    { type: "ice_candidate", candidate: "", sdp_mid: "0", from: "phone.1", call_id: "c1" },
    `{"type":"ice_candidate","candidate":"","sdp_mid":"0","from":"phone.1","call_id":"c1"}`
  ],
  [{ type: "offer", sdp: smallSdp, call_id: "c1" }, `{"type":"offer","sdp":${sdp},"call_id":"c1"}`],
  [
    { type: "offer", sdp: smallSdp, from: "phone.1", seq: 4, base: 2, call_id: "c1", negotiation: 0, replaces: "c0" },
    `{"type":"offer","sdp":${sdp},"from":"phone.1","seq":4,"base":2,"call_id":"c1","negotiation":0,"replaces":"c0"}`
  ],
  [
    { type: "answer", sdp: smallSdp, from: "phone.1", to: "desk.2", seq: 0, ack: 4294967295, base: 0, call_id: "c1", negotiation: 3 },
    `{"type":"answer","sdp":${sdp},"from":"phone.1","to":"desk.2","seq":0,"ack":4294967295,"base":0,"call_id":"c1","negotiation":3}`
  ],
  [
    { type: "ice_candidate", candidate: host, sdp_mid: "0", sdp_mline_index: 0, from: "phone.1", to: "desk.2", seq: 1, ack: 0, base: 1, call_id: "c1", negotiation: 2 },
    `{"type":"ice_candidate","candidate":"${host}","sdp_mid":"0","sdp_mline_index":0,"from":"phone.1","to":"desk.2","seq":1,"ack":0,"base":1,"call_id":"c1","negotiation":2}`
  ],
  [
    { type: "hangup", reason: "answered_elsewhere", from: "phone.1", seq: 2, base: 0, call_id: "c1", answered_by: "desk.2" },
    `{"type":"hangup","reason":"answered_elsewhere","from":"phone.1","seq":2,"base":0,"call_id":"c1","answered_by":"desk.2"}`
  ],
  [{ type: "ack", from: "phone.1", to: "desk.2", ack: 0 }, `{"type":"ack","from":"phone.1","to":"desk.2","ack":0}`]
]

const types = "offer, answer, ice_candidate, hangup or ack"
const idRule = "1 to 64 visible ASCII characters"
const countRule = "a whole number from 0 to 4294967295"
/** The highest number has no next one, which an acknowledgement would have to name. */
const seqRule = "a whole number from 0 to 4294967294"
const ids = ["from", "to", "call_id", "answered_by", "replaces", "replaced_by"]
const counts = ["seq", "ack", "base", "negotiation"]
const wrongIds = [7, "", "a b", "é", "x".repeat(65), "a\n", {}, [], ["a"], true, false]
const wrongCounts = [-1, 0.5, 4_294_967_296, 2 ** 53, 1e300, "0", "", true, {}, [], [0]]
/** Which fields each type knows. */
const known: { readonly [type: string]: ReadonlyArray<string> } = {
  offer: ["from", "to", "seq", "ack", "base", "call_id", "negotiation", "replaces"],
  answer: ["from", "to", "seq", "ack", "base", "call_id", "negotiation"],
  ice_candidate: ["from", "to", "seq", "ack", "base", "call_id", "negotiation"],
  hangup: ["from", "to", "seq", "ack", "base", "call_id", "answered_by", "replaced_by"]
}
const bare: { readonly [type: string]: object } = {
  offer: { type: "offer", sdp: smallSdp },
  answer: { type: "answer", sdp: smallSdp },
  ice_candidate: { type: "ice_candidate", candidate: "" },
  hangup: { type: "hangup" }
}

describe("a delivery field", () => {
  const all = Object.keys(known).flatMap((type) => [...ids, ...counts].map((field) => ({ type, field })))
  it.each(all)("$field of $type is refused with a wrong value if it is known there, and else lost", ({ field, type }) => {
    const [wrong, expected] = ids.includes(field)
      ? [wrongIds, idRule]
      : field === "seq"
      ? [[...wrongCounts, 4_294_967_295], seqRule]
      : [wrongCounts, countRule]
    for (const value of wrong) {
      const result = decodeSignaling(JSON.stringify({ ...bare[type], [field]: value }))
      if (known[type]?.includes(field)) expect(refusal(result), JSON.stringify(value)).toEqual(["JsonError", field, expected])
      else expect(Result.getOrThrow(result)).toStrictEqual(bare[type])
    }
  })
  it.each(all)("$field of $type is absent when it is null, and zero when it is -0", ({ field, type }) => {
    expect(decode(JSON.stringify({ ...bare[type], [field]: null }))).toStrictEqual(bare[type])
    if (!counts.includes(field)) return
    const zero = decode(JSON.stringify({ ...bare[type], [field]: 1 }).replace(`"${field}":1`, `"${field}":-0`))
    expect(zero).toStrictEqual(known[type]?.includes(field) ? { ...bare[type], [field]: 0 } : bare[type])
  })
})

it("the highest number is one of an acknowledgement, and of no message: none could acknowledge that", () => {
  const highest = 4_294_967_295
  for (const message of [{ type: "hangup", seq: highest - 1, ack: highest, base: highest }, { type: "ack", from: "phone.1", to: "desk.2", ack: highest }]) {
    expect(decode(JSON.stringify(message))).toStrictEqual(message)
  }
  const refused = ["JsonError", "seq", seqRule]
  expect(refusal(decodeSignaling(JSON.stringify({ type: "hangup", seq: highest })))).toEqual(refused)
  expect(refusal(encodeSignaling({ type: "hangup", seq: highest }))).toEqual(refused)
})

describe("an acknowledgement", () => {
  const ack = { type: "ack", from: "phone.1", to: "desk.2", ack: 3 }
  it("has three fields, all of them, and no other", () => {
    expect(decode(JSON.stringify({ ...ack, seq: "x", call_id: 7, sdp: null }))).toStrictEqual(ack)
    for (const [field, expected] of [["from", idRule], ["to", idRule], ["ack", countRule]] as const) {
      for (const value of [undefined, null, ...(field === "ack" ? wrongCounts : wrongIds)]) {
        expect(refusal(decodeSignaling(JSON.stringify({ ...ack, [field]: value }))), JSON.stringify(value)).toEqual(["JsonError", field, expected])
      }
    }
  })
})


describe("a message", () => {
  it.each(forms)("%o is written as the crate writes it", (message, json) => {
    expect(encode(message)).toBe(json)
  })
  it.each(forms)("%o is read from that text", (message, json) => {
    expect(decode(json)).toStrictEqual(message)
  })
  it.each(forms)("%o is written the same whatever the order of its fields", (message, json) => {
    const reversed = Object.fromEntries(Object.entries(message).toReversed()) as unknown as SignalingMessage
    expect(encode(reversed)).toBe(json)
  })
  it("may have space around and between", () => {
    expect(decode(` \n{ "type" : "hangup" ,\t"reason":"normal" }\r\n`)).toStrictEqual({ type: "hangup", reason: "normal" })
  })
  it("counts null as absent, and never writes it", () => {
    const json = `{"type":"ice_candidate","candidate":"${host}","sdp_mid":null,"sdp_mline_index":null,"from":null,"call_id":null}`
    expect(decode(json)).toStrictEqual({ type: "ice_candidate", candidate: host })
    expect(decode(`{"type":"hangup","reason":null}`)).toStrictEqual({ type: "hangup" })
    const nulls = { type: "hangup", reason: null, from: undefined } as unknown as SignalingMessage
    expect(encode(nulls)).toBe(`{"type":"hangup"}`)
  })
  it("loses the fields that nobody knows, read or written", () => {
    const unknown = { type: "hangup", sdp: 7, negotiation: "x", ack: null, nested: { type: "offer" }, constructor: "x", toString: "y" } as unknown as SignalingMessage
    expect(decode(JSON.stringify(unknown))).toStrictEqual({ type: "hangup" })
    expect(encode(unknown)).toBe(`{"type":"hangup"}`)
  })
  it("has a section's index of zero, however it is written", () => {
    expect(decode(`{"type":"ice_candidate","candidate":"","sdp_mline_index":-0}`)).toStrictEqual({
      type: "ice_candidate",
      candidate: "",
      sdp_mline_index: 0
    })
  })
  it("keeps its line endings and every character", () => {
    const odd = `${smallSdp}s=\u2028 "quoted" \\ \t é 😀\r\n`
    expect(decode(encode({ type: "offer", sdp: odd }))).toStrictEqual({ type: "offer", sdp: odd })
    expect(decode(encode({ type: "hangup", reason: "\ud800 lone" }))).toStrictEqual({ type: "hangup", reason: "\ud800 lone" })
  })
})

describe("a message is refused, and told where and why,", () => {
  it.each([
    ["not JSON", "{", "the message", "JSON"],
    ["an empty text", "", "the message", "JSON"],
    ["two values", `{"type":"hangup"}{}`, "the message", "JSON"],
    ["an array", `[{"type":"hangup"}]`, "the message", "a JSON object"],
    ["null", "null", "the message", "a JSON object"],
    ["a text", `"hangup"`, "the message", "a JSON object"],
    ["no type", "{}", "type", types],
    ["another type", `{"type":"restart"}`, "type", types],
    ["a type of another case", `{"type":"Offer","sdp":${sdp}}`, "type", types],
    ["a type that is an object's own", `{"type":"toString"}`, "type", types],
    ["a type in an array", `{"type":["offer"],"sdp":${sdp}}`, "type", types],
    ["an offer without SDP", `{"type":"offer"}`, "sdp", "a string"],
    ["an SDP of null", `{"type":"answer","sdp":null}`, "sdp", "a string"],
    ["an SDP of lines", `{"type":"offer","sdp":["v=0"]}`, "sdp", "a string"],
    ["a candidate missing", `{"type":"ice_candidate"}`, "candidate", "a string"],
    ["a candidate of null", `{"type":"ice_candidate","candidate":null}`, "candidate", "a string"],
    ["a mid of a number", `{"type":"ice_candidate","candidate":"","sdp_mid":0}`, "sdp_mid", "a string"],
    ["an index of text", `{"type":"ice_candidate","candidate":"","sdp_mline_index":"0"}`, "sdp_mline_index", "a number"],
    ["a reason of a number", `{"type":"hangup","reason":7}`, "reason", "text of at most 1024 characters"],
    ["a sender of a number", `{"type":"hangup","from":7}`, "from", "1 to 64 visible ASCII characters"],
    ["an empty sender", `{"type":"hangup","from":""}`, "from", "1 to 64 visible ASCII characters"],
    ["a sender with a space", `{"type":"hangup","from":"a b"}`, "from", "1 to 64 visible ASCII characters"],
    ["a call of an object", `{"type":"hangup","call_id":{}}`, "call_id", "1 to 64 visible ASCII characters"],
    ["a call that is not ASCII", `{"type":"hangup","call_id":"é"}`, "call_id", "1 to 64 visible ASCII characters"]
  ])("%s", (_, json, at, expected) => {
    expect(refusal(decodeSignaling(json))).toEqual(["JsonError", at, expected])
  })
  it.each([`{"type":"offer","sdp":""}`, `{"type":"answer","sdp":"not sdp"}`])("%s, as InvalidSdp", (json) => {
    expect(refusal(decodeSignaling(json))[0]).toBe("InvalidSdp")
  })
  it.each([
    [`{"type":"ice_candidate","candidate":"hello"}`, "candidate"],
    [`{"type":"ice_candidate","candidate":"","sdp_mline_index":65536}`, "sdp_mline_index"],
    [`{"type":"ice_candidate","candidate":"","sdp_mline_index":1.5}`, "sdp_mline_index"],
    [`{"type":"ice_candidate","candidate":"","sdp_mline_index":-1}`, "sdp_mline_index"],
    [`{"type":"ice_candidate","candidate":"","sdp_mline_index":1e999}`, "sdp_mline_index"],
    [`{"type":"ice_candidate","candidate":"","sdp_mid":""}`, "sdp_mid"]
  ])("%s, as InvalidCandidate", (json, at) => {
    expect(refusal(decodeSignaling(json)).slice(0, 2)).toEqual(["InvalidCandidate", at])
  })
  it("when it is written, with the error that reading it would give", () => {
    const wrong = [
      { type: "offer", sdp: "not sdp" },
      { type: "hangup", reason: "x".repeat(1_025) },
      { type: "ice_candidate", candidate: "hello" },
      { type: "nonsense" },
      { type: "hangup", from: "" },
      { type: "hangup", seq: -1 },
      { type: "offer", sdp: smallSdp, negotiation: 0.5 },
      { type: "ack", from: "phone.1", to: "desk.2" }
    ] as unknown as ReadonlyArray<SignalingMessage>
    for (const message of wrong) {
      expect(refusal(encodeSignaling(message))).toEqual(refusal(decodeSignaling(JSON.stringify(message))))
      expect(refusal(encodeSignaling(message))).not.toBe("accepted")
    }
    for (const nothing of [null, undefined, 7, "hangup", []]) {
      expect(refusal(encodeSignaling(nothing as never))[0], String(nothing)).toBe("JsonError")
    }
    expect(refusal(decodeSignaling(undefined as never))).toEqual(["JsonError", "the message", "a string of JSON"])
  })
})

describe("sizes", () => {
  const reason = (length: number): SignalingMessage => ({ type: "hangup", reason: "r".repeat(length) })
  const id = (length: number): SignalingMessage => ({ type: "hangup", from: "f".repeat(length), call_id: "c".repeat(length) })
  it("may be the limits", () => {
    for (const message of [reason(SignalingLimits.reason), id(SignalingLimits.id)]) expect(decode(encode(message))).toStrictEqual(message)
    const padding = " ".repeat(SignalingLimits.message - `{"type":"hangup"}`.length)
    expect(decode(`{"type":"hangup"}${padding}`)).toStrictEqual({ type: "hangup" })
  })
  it("may be no more, read or written", () => {
    for (const message of [reason(SignalingLimits.reason + 1), id(SignalingLimits.id + 1)]) {
      expect(refusal(decodeSignaling(JSON.stringify(message)))[0]).toBe("JsonError")
      expect(refusal(encodeSignaling(message))[0]).toBe("JsonError")
    }
    const padding = " ".repeat(SignalingLimits.message - `{"type":"hangup"}`.length + 1)
    expect(refusal(decodeSignaling(`{"type":"hangup"}${padding}`))).toEqual(["JsonError", "the message", "at most 262144 characters"])
  })
  it("count what is written: an SDP that fits and escapes that do not are refused", () => {
    const sdp = `${smallSdp}a=${"\ud800".repeat(100_000)}`
    expect(refusal(encodeSignaling({ type: "offer", sdp }))).toEqual(["JsonError", "the message", "at most 262144 characters"])
  })
})

it("a message is aware of delivery when it names its sender or its call", () => {
  expect(isDeliveryAware({})).toBe(false)
  expect(isDeliveryAware({ from: "phone.1" })).toBe(true)
  expect(isDeliveryAware({ call_id: "c1" })).toBe(true)
})
