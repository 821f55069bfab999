import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeSignaling, encodeSignaling } from "../../src/signaling/index.ts"
import { seeded } from "../seed.ts"
import { almostMessages, messages } from "./messages.ts"

describe("for every message", () => {
  it("what is written is read as the same message, by anyone", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const json = Result.getOrThrow(encodeSignaling(message))
        expect(Result.getOrThrow(decodeSignaling(json))).toStrictEqual(message)
        expect(JSON.parse(json)).toStrictEqual(message)
      }),
      seeded("decode after encode", 1_000)
    )
  })
  it("what is read is written as the same text, whoever wrote it", () => {
    fc.assert(
      fc.property(messages, fc.boolean(), (message, reverse) => {
        const entries = Object.entries(message)
        const foreign = JSON.stringify(Object.fromEntries(reverse ? entries.toReversed() : entries), null, 2)
        const canonical = Result.getOrThrow(encodeSignaling(Result.getOrThrow(decodeSignaling(foreign))))
        expect(canonical).toBe(Result.getOrThrow(encodeSignaling(message)))
        expect(Result.getOrThrow(encodeSignaling(Result.getOrThrow(decodeSignaling(canonical))))).toBe(canonical)
      }),
      seeded("encode after decode", 500)
    )
  })
})

it("what is almost a message is refused, or read as one that survives the way there and back", () => {
  let accepted = 0
  let refused = 0
  fc.assert(
    fc.property(almostMessages, (value) => {
      const decoded = decodeSignaling(JSON.stringify(value))
      if (Result.isFailure(decoded)) {
        refused++
        return
      }
      accepted++
      expect(Result.getOrThrow(decodeSignaling(Result.getOrThrow(encodeSignaling(decoded.success))))).toStrictEqual(decoded.success)
    }),
    seeded("almost messages", 2_000)
  )
  // The property has seen both, and enough of each.
  expect(Math.min(accepted, refused)).toBeGreaterThan(100)
})
