import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CallState, SignalingMessage } from "../../src/schema.ts"
import { decodeSignaling, encodeSignaling } from "../../src/signaling/index.ts"
import { situations } from "../call/situations.ts"
import { seeded } from "../seed.ts"
import { almostMessages, messages } from "./messages.ts"

const decode = Schema.decodeUnknownResult(SignalingMessage)
const encode = Schema.encodeUnknownResult(SignalingMessage)

describe("the schema of a message", () => {
  it("reads and writes every message as the codec does", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const json = Result.getOrThrow(encodeSignaling(message))
        expect(Result.getOrThrow(decode(JSON.parse(json)))).toStrictEqual(Result.getOrThrow(decodeSignaling(json)))
        expect(Result.getOrThrow(encode(message))).toStrictEqual(JSON.parse(json))
      }),
      seeded("schema and codec", 300)
    )
  })
  it("accepts and refuses as the codec does, with the same value", () => {
    let accepted = 0
    let refused = 0
    fc.assert(
      fc.property(almostMessages, (value) => {
        const byCodec = decodeSignaling(JSON.stringify(value))
        const bySchema = decode(value)
        expect(Result.isSuccess(bySchema)).toBe(Result.isSuccess(byCodec))
        if (Result.isSuccess(byCodec) && Result.isSuccess(bySchema)) {
          expect(bySchema.success).toStrictEqual(byCodec.success)
          accepted++
        } else refused++
      }),
      seeded("schema and codec on almost messages", 2_000)
    )
    expect(Math.min(accepted, refused)).toBeGreaterThan(100)
  })
  it("counts null as absent", () => {
    expect(decode({ type: "hangup", reason: null, from: null })).toEqual(Result.succeed({ type: "hangup" }))
  })
  it("refuses the highest number for a message, and takes it for an acknowledgement", () => {
    expect(Result.isFailure(decode({ type: "hangup", seq: 2 ** 32 - 1 }))).toBe(true)
    expect(Result.isFailure(encode({ type: "hangup", seq: 2 ** 32 - 1 }))).toBe(true)
    expect(decode({ type: "hangup", seq: 2 ** 32 - 2, ack: 2 ** 32 - 1 })).toEqual(Result.succeed({ type: "hangup", seq: 2 ** 32 - 2, ack: 2 ** 32 - 1 }))
  })
  it("refuses what is no object", () => {
    for (const value of [null, "hangup", 7, [], undefined]) expect(Result.isFailure(decode(value))).toBe(true)
  })
})

describe("the schema of a state", () => {
  const failure = { engine: "mock", operation: "createOffer", reason: "Timeout", message: "it did not settle" }
  const states: ReadonlyArray<readonly [string, unknown]> = [
    ...Object.entries(situations),
    ["endingFailed", { ...situations.ending, reason: "engine_error", failure }],
    ["idleWithCodecs", { ...situations.idle, intent: { ...situations.idle.intent, preferCodec: ["PCMU", "VP9"] } }],
    ["idleWithCodec", { ...situations.idle, intent: { ...situations.idle.intent, preferCodec: "opus" }, early: [{ callId: "c1", candidate: { candidate: "" } }, { candidate: { candidate: "" } }] }]
  ]
  it.each(states)("takes %s through JSON and back", (_, state) => {
    const json = JSON.stringify(Result.getOrThrow(Schema.encodeUnknownResult(CallState)(state)))
    expect(Result.getOrThrow(Schema.decodeUnknownResult(CallState)(JSON.parse(json)))).toStrictEqual(state)
  })
  it.each([
    { _tag: "Nowhere" },
    { ...situations.waiting, phase: { _tag: "Ringing", timer: 1, early: [] } },
    { ...situations.callerStable, call: undefined },
    { ...situations.callerStable, media: {} },
    { ...situations.callerStable, negotiation: { _tag: "Creating", operation: 1 } },
    { ...situations.callerStable, negotiation: { _tag: "Waiting" } },
    { ...situations.callerStable, local: { ufrag: "abcd" } },
    { ...situations.calleeStable, remote: { ufrag: "abcd", negotiation: 0, described: 0 } },
    { ...situations.calleeStable, queued: { sdp: "v=0" } },
    { ...situations.calleeStable, early: [{ candidate: { candidate: "" } }] },
    { ...situations.callerGrace, media: { _tag: "Interrupted", grace: 1 } },
    { ...situations.idle, abilities: { renegotiates: true } },
    { ...situations.idle, hungUp: [7] },
    { ...situations.creating, call: { ...situations.creating.call, role: "both" } },
    { ...situations.creating, call: { ...situations.creating.call, wants: {} } },
    { ...situations.idle, intent: { ...situations.idle.intent, preferCodec: [7] } },
    { ...situations.calleeStable, call: { ...situations.calleeStable.call, remoteOrigin: 41 } },
    { ...situations.ringing, offered: { audio: true } },
    { _tag: "Ended", by: "nobody", reason: "normal" }
  ])("refuses %o", (state) => {
    expect(Result.isFailure(Schema.decodeUnknownResult(CallState)(state))).toBe(true)
  })
})
