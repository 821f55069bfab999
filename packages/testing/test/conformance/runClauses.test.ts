/** How an engine is judged, with the mock in the engine's place. */
import { RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"
import { clauses, type EngineUnderTest, runClauses, unknownGaps } from "../../src/conformance/index.ts"
import { mockUnderTest } from "../../src/conformance/mockUnderTest.ts"
import { onAnswer } from "./mutants/Mutant.ts"
import { virtually } from "./virtually.ts"

const mute = onAnswer((sdp) => sdp.replaceAll(/^a=setup:.*\r\n/gm, ""))
const verdictOf = async (engine: EngineUnderTest, id: (typeof clauses)[number]["id"]) => {
  const [result] = await virtually(runClauses(engine, { only: [id] }))
  return result?.verdict
}

describe("a clause", () => {
  it("that is broken is told with its number, its sentence, and what was expected and found", async () => {
    const verdict = await verdictOf(mockUnderTest({}, mute()), "ENG-207")
    expect(verdict).toMatchObject({
      _tag: "Broken",
      error: {
        message: "ENG-207 an answer says who begins DTLS: active or passive (RFC 8842 section 5.3): expected a=setup:active or passive, one for all sections, found none",
        cause: { _tag: "Violation", found: "none" }
      }
    })
  })

  it("that is broken as a known gap says is one, with its reason", async () => {
    const engine = { ...mockUnderTest({}, mute()), knownGaps: { "ENG-207": "it is shy" } }
    expect(await verdictOf(engine, "ENG-207")).toMatchObject({ _tag: "KnownGap", why: "it is shy", error: { message: expect.stringContaining("found none") as unknown } })
  })

  it("that is kept though it is a known gap is an error of its own", async () => {
    expect(await verdictOf({ ...mockUnderTest(), knownGaps: { "ENG-207": "it is shy" } }, "ENG-207")).toEqual({ _tag: "StaleGap", why: "it is shy" })
  })

  it("that capabilities exclude is no gap", async () => {
    const engine = { ...mockUnderTest({ iceRestart: false }), knownGaps: { "ENG-800": "it is shy" } }
    expect(await verdictOf(engine, "ENG-800")).toEqual({ _tag: "StaleGap", why: "it is shy" })
  })

  it("is broken and no gap where the suite itself was not given what it needs", async () => {
    const { path: _, ...without } = mockUnderTest()
    expect(await verdictOf({ ...without, knownGaps: { "ENG-404": "it is shy" } }, "ENG-404")).toMatchObject({ _tag: "Broken" })
    const closed = { ...mockUnderTest(), left: Layer.effect(RtcEngine, Effect.fail(new Error("no device"))), knownGaps: { "ENG-101": "it is shy" } }
    expect(await verdictOf(closed, "ENG-101")).toMatchObject({
      _tag: "Broken",
      error: { message: expect.stringContaining("the suite needs the layer `left`, and has its failure: Error: no device") as unknown }
    })
  })

  it("is skipped by the capabilities that it needs or that exclude it, and by nothing else", async () => {
    const results = await virtually(runClauses(mockUnderTest({ rollback: false })))
    const skipped = results.flatMap(({ clause, verdict }) => (verdict._tag === "Skipped" ? [[clause.id, verdict.why]] : []))
    const expected = clauses.flatMap(({ id, lacks, needs }) =>
      needs.includes("rollback") ? [[id, "without rollback"]] : lacks !== undefined && lacks !== "rollback" ? [[id, `with ${lacks}`]] : [])
    expect(skipped).toEqual(expected)
    expect(results.filter(({ verdict }) => verdict._tag === "Broken")).toEqual([])
  })

  for (const field of ["media", "path", "resources"] as const) {
    it(`that needs \`${field}\` is broken, not skipped, when the engine's author gives none`, async () => {
      const { [field]: _, ...engine } = mockUnderTest()
      const results = await virtually(runClauses(engine))
      const broken = results.flatMap(({ verdict }) => (verdict._tag === "Broken" ? [verdict.error.message] : []))
      expect(broken.length).toBeGreaterThan(1)
      for (const message of broken) expect(message).toContain(`the suite needs \`${field}\``)
    })
  }

  it("is not asked of an engine that lacks what its check needs: any one capability", async () => {
    for (const capability of ["media", "data", "codecPreference", "renegotiation", "iceRestart", "remoteCandidates"] as const) {
      const results = await virtually(runClauses(mockUnderTest({ [capability]: false })))
      expect(results.flatMap(({ verdict }) => (verdict._tag === "Broken" ? [verdict.error.message] : []))).toEqual([])
    }
  }, 30_000)

  it("whose check never settles is broken at its limit", async () => {
    const stuck = mockUnderTest({}, (engine) => ({ ...engine, open: () => Effect.never }))
    expect(await verdictOf(stuck, "ENG-101")).toMatchObject({
      _tag: "Broken",
      error: { message: expect.stringContaining("expected all of it within 40000 ms, found it still runs, or closes; it waited for the engine to open") as unknown }
    })
  })

  it("whose engine never closes is broken at its limit, too", async () => {
    const stuck = mockUnderTest({}, (engine) => ({
      ...engine,
      open: (...args) => Effect.andThen(Effect.addFinalizer(() => Effect.never), engine.open(...args))
    }))
    expect(await verdictOf(stuck, "ENG-103")).toMatchObject({
      _tag: "Broken",
      error: { message: expect.stringContaining("it waited for the closing when fresh to settle") as unknown }
    })
  })

  it("whose engine dies of a defect is broken, with what it died of", async () => {
    const dying = mockUnderTest({}, (engine) => ({ ...engine, open: () => Effect.die(new Error("a bug")) }))
    expect(await verdictOf(dying, "ENG-101")).toMatchObject({ _tag: "Broken", error: { message: expect.stringContaining("a bug") as unknown } })
  })
})

describe("known gaps", () => {
  it("that no clause has are told", () => {
    const engine = { ...mockUnderTest(), knownGaps: { "ENG-207": "why", "ENG-1": "why" } }
    expect(unknownGaps(engine)).toEqual(["ENG-1"])
  })
  it("that no clause has keep the engine from being checked", async () => {
    await expect(virtually(runClauses({ ...mockUnderTest(), knownGaps: { "ENG-1": "why" } }))).rejects.toThrow("knownGaps names what is no clause: ENG-1")
  })
})

describe("the clauses", () => {
  it("have numbers of their own, in order, and are told apart by their sentences", () => {
    const numbers = clauses.map(({ id }) => Number(id.slice(4)))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(new Set(clauses.map(({ says }) => says)).size).toBe(clauses.length)
  })
})
