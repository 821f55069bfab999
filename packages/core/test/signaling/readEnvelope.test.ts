import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeSignaling, encodeSignaling, readEnvelope, SignalingLimits } from "../../src/signaling/index.ts"
import { seeded } from "../seed.ts"
import { almostMessages, messages } from "./messages.ts"
import { smallSdp } from "./smallSdp.ts"

const fields = { from: "phone.1", to: "desk.2", seq: 7, ack: 3, base: 5, call_id: "c1" }
const names = ["type", ...Object.keys(fields)]
const isRefused = (json: string) => Result.isFailure(decodeSignaling(json))
/** What stands around a message that was read. */
const around = (message: object) => Object.fromEntries(Object.entries(message).filter(([name]) => names.includes(name)))

describe("what is around a message is read (R2)", () => {
  it("as the message itself tells it, when it can be read", () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(readEnvelope(Result.getOrThrow(encodeSignaling(message)))).toStrictEqual(around(message))
      }),
      seeded("envelope of a message", 500)
    )
  })
  it.each([
    ["an offer whose SDP is none", { type: "offer", sdp: "not sdp" }],
    ["an answer without SDP", { type: "answer" }],
    ["a candidate that is none", { type: "ice_candidate", candidate: "hello" }],
    ["a candidate of a section that is none", { type: "ice_candidate", candidate: "", sdp_mline_index: 70_000 }],
    ["a hangup with a wrong reason", { type: "hangup", reason: 5 }],
    ["a message with a wrong round", { type: "offer", sdp: smallSdp, negotiation: -1 }],
    ["a message that replaces nothing", { type: "offer", sdp: smallSdp, replaces: "" }],
    ["a type that only later versions know", { type: "restart", anything: { deep: [1, 2] } }],
    ["a type that is an object's own", { type: "toString" }],
    ["an empty type", { type: "" }]
  ])("of %s, which is refused", (_, body) => {
    const json = JSON.stringify({ ...body, ...fields })
    expect(isRefused(json)).toBe(true)
    expect(readEnvelope(json)).toStrictEqual({ type: body.type, ...fields })
  })
  it("of one whose type is no text, or missing", () => {
    for (const type of [undefined, null, 5, ["offer"], {}]) {
      const json = JSON.stringify({ type, ...fields })
      expect(isRefused(json)).toBe(true)
      expect(readEnvelope(json)).toStrictEqual(fields)
    }
  })
  it.each(Object.keys(fields))("without %s where that is wrong, missing or null", (name) => {
    const wrong: ReadonlyArray<unknown> = typeof fields[name as keyof typeof fields] === "string"
      ? [undefined, null, "", "a b", "é", "x".repeat(65), 5, {}, ["phone.1"], true]
      : [undefined, null, -1, 0.5, 4_294_967_296, "7", {}, [7], true]
    for (const value of wrong) {
      const json = JSON.stringify({ type: "hangup", ...fields, [name]: value })
      const { [name as keyof typeof fields]: _, ...others } = fields
      expect(readEnvelope(json), JSON.stringify(value)).toStrictEqual({ type: "hangup", ...others })
    }
  })
  it("with zero for -0, and with the largest number", () => {
    expect(readEnvelope(`{"type":"x","from":"a","seq":-0,"ack":-0,"base":4294967295}`)).toStrictEqual({ type: "x", from: "a", seq: 0, ack: 0, base: 4_294_967_295 })
    expect(Object.is(readEnvelope(`{"seq":-0}`).seq, 0)).toBe(true)
  })
})

describe("how long a text may be:", () => {
  const padded = (length: number) => {
    const json = JSON.stringify({ type: "offer", sdp: "", ...fields })
    return json.replace(`"sdp":""`, `"sdp":"${"x".repeat(length - json.length)}"`)
  }
  it.each([SignalingLimits.message, SignalingLimits.message + 1, 2 ** 20])("of %i characters its envelope is read, whatever it is", (length) => {
    const json = padded(length)
    expect(json).toHaveLength(length)
    expect(isRefused(json)).toBe(true)
    expect(readEnvelope(json)).toStrictEqual({ type: "offer", ...fields })
  })
  it.each([2 ** 20 + 1, 2 ** 21])("of %i characters nothing of it is", (length) => {
    expect(readEnvelope(padded(length))).toStrictEqual({})
  })
})

describe("nothing is read of what two readers could read in two ways, or is no object:", () => {
  const rest = JSON.stringify(fields).slice(1)
  it.each([
    ["a repeated type", `{"type":"hangup","type":"offer",${rest}`],
    ["a repeated number", `{"type":"hangup","seq":1,${rest}`],
    ["a repeated sender, once escaped", `{"type":"hangup","\\u0066rom":"x.1",${rest}`],
    ["a repeated unknown field", `{"x":1,"x":1,${rest}`],
    ["__proto__", `{"type":"hangup","__proto__":{"from":"eve.1"},${rest}`],
    ["__proto__, escaped", `{"type":"hangup","\\u005f_proto__":null,${rest}`],
    ["an array", `[${JSON.stringify(fields)}]`],
    ["null", "null"],
    ["a text", `"from"`],
    ["two values", `${JSON.stringify(fields)}{}`],
    ["a part", JSON.stringify(fields).slice(0, -1)],
    ["nothing", ""],
    ["deep nesting", "[".repeat(200_000)]
  ])("%s", (_, json) => {
    expect(readEnvelope(json)).toStrictEqual({})
  })
  it("what is inherited, or stands inside", () => {
    expect(readEnvelope(`{"x":{"from":"eve.1","seq":1},"constructor":{"seq":1}}`)).toStrictEqual({})
    for (const nothing of [undefined, null, 5, {}]) expect(readEnvelope(nothing as never)).toStrictEqual({})
  })
})

it("what is almost a message has the envelope of the message, wherever that can be read, and never throws", () => {
  let read = 0
  let refused = 0
  fc.assert(
    fc.property(almostMessages, (value) => {
      const json = JSON.stringify(value)
      const envelope = readEnvelope(json)
      for (const [name, told] of Object.entries(envelope)) {
        expect(names).toContain(name)
        expect(told).toBe(value[name] === 0 ? 0 : value[name])
      }
      const decoded = decodeSignaling(json)
      if (Result.isFailure(decoded)) {
        refused++
        return
      }
      read++
      // An acknowledgement has three fields; what else it carries counts for nothing.
      if (decoded.success.type !== "ack") expect(envelope).toStrictEqual(around(decoded.success))
    }),
    seeded("envelope of almost messages", 2_000)
  )
  expect(Math.min(read, refused)).toBeGreaterThan(100)
})
