import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CallTrace, decodeTrace, encodeTrace, recordAnew, replay, shortestWayTo, shrink } from "../../src/trace/index.ts"
import { seeded } from "../seed.ts"
import { traces, wholeCall } from "./stories.ts"

const tagsOf = (trace: CallTrace) => trace.entries.map(({ input }) => input._tag)
const changed = (index: number, state: string): CallTrace => ({
  ...wholeCall,
  entries: wholeCall.entries.map((entry, i) => (i === index ? { ...entry, state } : entry))
})

describe("a replay", () => {
  it("says what was recorded, from the text of the trace too, with the same commands each time", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const once = replay(trace)
        const again = replay(Result.getOrThrow(decodeTrace(encodeTrace(trace))))
        expect(once.difference).toBeUndefined()
        expect(again.entries.map(({ state, verdict }) => [state, verdict])).toEqual(once.entries.map(({ state, verdict }) => [state, verdict]))
      }),
      seeded("replay", 100)
    )
  })
  it("tells what each input did to the call", () => {
    const { entries, state } = replay(wholeCall)
    expect(entries.map(({ verdict }) => (verdict._tag === "Moved" ? verdict.commands.map(({ _tag }) => _tag).join(" ") : verdict._tag))).toEqual([
      "", "OpenPeer CreateOffer", "SendOffer StartTimer", "Rejected", "SendCandidates", "StopTimer SendHangup ApplyAnswer", "Ignored",
      "StartTimer", "StopTimer Emit", "ClosePeer", "Emit"
    ])
    expect(state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
    expect(entries[1]?.before._tag).toBe("Idle")
  })
  it("names the first entry where the machine decides otherwise", () => {
    expect(replay(changed(5, "Connected")).difference).toEqual({
      index: 5,
      recorded: { verdict: "Moved", state: "Connected" },
      replayed: { verdict: "Moved", state: "WaitingAnswer" }
    })
  })
  it("takes another reason for the same verdict", () => {
    const entries = wholeCall.entries.map((entry) => (entry.why === undefined ? entry : { ...entry, why: "in other words" }))
    expect(replay({ ...wholeCall, entries }).difference).toBeUndefined()
  })
  it("tells an input that the machine cannot read, and goes on", () => {
    const [first] = wholeCall.entries
    const text = encodeTrace({ ...wholeCall, entries: first === undefined ? [] : [first, first] })
    const damaged = text.replace(/("input":)\{.*?\}\}\}/, "$1{\"_tag\":\"PeerOffered\"}")
    const { difference, entries } = replay(Result.getOrThrow(decodeTrace(damaged)))
    expect(entries.map(({ verdict }) => verdict._tag)).toEqual(["Broken", "Moved"])
    expect(difference).toMatchObject({ index: 0, replayed: { verdict: "Broken", state: "Idle" } })
  })
  it("can be recorded anew", () => {
    const anew = recordAnew(changed(5, "Connected"))
    expect(anew).toEqual(wholeCall)
  })
})

const endsUp = (trace: CallTrace) => replay(trace).state._tag === "Ended"

describe("shrinking", () => {
  it("leaves the few entries that matter, recorded as they are now", () => {
    const shrunk = shrink(wholeCall, (trace) => replay(trace).entries.some(({ state }) => state._tag === "Connected"))
    expect(shrunk?.isMinimal).toBe(true)
    expect(shrunk === undefined ? [] : tagsOf(shrunk.trace)).toEqual(["UserCalled", "EngineOffered", "PeerAnswered", "EngineApplied"])
    expect(shrunk === undefined ? undefined : replay(shrunk.trace).difference).toBeUndefined()
  })
  it("leaves nothing that could be left out, and gives the same answer each time", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const shrunk = shrink(trace, endsUp)
        expect(shrink(trace, endsUp)).toEqual(shrunk)
        expect(shrunk !== undefined).toBe(endsUp(trace))
        if (shrunk === undefined) return
        expect(endsUp(shrunk.trace)).toBe(true)
        expect(shrunk.isMinimal).toBe(true)
        for (const left of shrunk.trace.entries) {
          expect(endsUp({ ...trace, entries: shrunk.trace.entries.filter((entry) => entry !== left) })).toBe(false)
        }
      }),
      seeded("shrink", 100)
    )
  })
  it("can leave nothing at all", () => {
    expect(shrink(wholeCall, () => true)?.trace.entries).toEqual([])
  })
  it("is 1-minimal when entries count, not order", () => {
    const wanted = new Set(["UserAccepted", "EngineUp", "EngineClosed"])
    const shrunk = shrink(wholeCall, (trace) => [...wanted].every((tag) => tagsOf(trace).includes(tag as "EngineUp")))
    expect(shrunk === undefined ? [] : tagsOf(shrunk.trace)).toEqual([...wanted])
    // What is left was decided in other states, and is recorded anew.
    expect(shrunk?.trace.entries.map(({ state, verdict }) => `${verdict} ${state}`)).toEqual(["Rejected Idle", "Ignored Idle", "Ignored Idle"])
  })
  it("stops after so many tries, with what it has", () => {
    let tries = 0
    const shrunk = shrink(wholeCall, (trace) => {
      tries++
      return endsUp(trace)
    }, { maxTries: 3 })
    expect(tries).toBeLessThanOrEqual(3)
    expect(shrunk).toMatchObject({ tries: 3, isMinimal: false })
    expect(shrunk !== undefined && endsUp(shrunk.trace)).toBe(true)
  })
  it("finds the shortest way to a moment", () => {
    const shrunk = shortestWayTo(wholeCall, wholeCall.entries.length - 1)
    expect(shrunk === undefined ? [] : tagsOf(shrunk.trace)).toEqual(["UserCalled", "EngineOffered", "PeerHungUp", "EngineClosed"])
    expect(shortestWayTo({ ...wholeCall, entries: [] }, -1)?.trace.entries).toEqual([])
  })
})
