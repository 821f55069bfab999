import { describe, expect, it } from "@effect/vitest"
import type { Incoming } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { type FaultyLinkOptions, faultyLink, seededRandom } from "../src/index.ts"
import { seeded } from "./seed.ts"
import { settle } from "./settle.ts"

/** A link between ann and bob, and what bob got. */
const opened = (options: FaultyLinkOptions) =>
  Effect.gen(function*() {
    const link = faultyLink(options)
    const ann = yield* link.join("ann")
    const bob = yield* link.join("bob")
    const got: Array<string> = []
    const read = (incoming: Stream.Stream<Incoming, unknown>, into: Array<string>) =>
      Effect.forkScoped(Stream.runForEach(incoming, ({ text }) => Effect.sync(() => into.push(text))))
    yield* read(bob.incoming, got)
    yield* settle
    /** Sends that many texts, one each so many milliseconds. */
    const sendMany = (count: number, everyMs = 0) =>
      Effect.forEach(Array.from({ length: count }, (_, i) => String(i)), (text) =>
        Effect.andThen(ann.send(text, "bob"), everyMs === 0 ? Effect.void : TestClock.adjust(everyMs)), { discard: true })
    return { link, ann, bob, got, read, sendMany }
  })
const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i))
const inOrder = (texts: ReadonlyArray<string>) => texts.every((text, i) => i === 0 || Number(texts[i - 1]) <= Number(text))

describe("random numbers of a seed", () => {
  it("are the same each time, others for another seed or name, and do not depend on what was drawn before", () => {
    const draw = (seed: number, name: string) => Array.from({ length: 5 }, seededRandom(seed).of(name).next)
    expect(draw(1, "a")).toEqual(draw(1, "a"))
    for (const [seed, name] of [[2, "a"], [1, "b"], [2 ** 32 + 1, "a"]] as const) expect(draw(seed, name)).not.toEqual(draw(1, "a"))
    const random = seededRandom(1)
    random.next()
    expect(random.of("a").next()).toBe(draw(1, "a")[0])
  })
  it("are spread evenly, within their bounds", () => {
    const { runs, seed } = seeded("even", 20_000)
    const random = seededRandom(seed)
    const drawn = Array.from({ length: runs }, () => random.int(-2, 2))
    for (const n of [-2, -1, 0, 1, 2]) expect(Math.abs(drawn.filter((one) => one === n).length / runs - 0.2)).toBeLessThan(0.02)
    expect(drawn.every((n) => n >= -2 && n <= 2)).toBe(true)
  })
  it("refuse a seed that is no whole number, and nothing to pick from", () => {
    expect(() => seededRandom(0.5)).toThrow(/whole number/)
    expect(() => seededRandom(1).pick([])).toThrow(/nothing to pick/)
  })
})

describe("a link", () => {
  it.effect("without faults delivers every text once, in order, at once", () =>
    Effect.gen(function*() {
      const { got, link, sendMany } = yield* opened({ seed: 1 })
      yield* sendMany(20)
      yield* settle
      expect(got).toEqual(numbers(20))
      expect(link.log[3]).toEqual({ atMs: 0, from: "ann", to: "bob", text: "3", refused: false, arrivals: [[{ atMs: 0, copy: false }]] })
    }))
  it.effect("has the same log for the same seed, and another for another", () =>
    Effect.gen(function*() {
      const { seed } = seeded("same seed, same log", 1)
      const logOf = (seed: number) =>
        Effect.gen(function*() {
          const { got, link, sendMany } = yield* opened({ seed, lossProbability: 0.3, repeatProbability: 0.3, delay: { minMs: 5, maxMs: 80 } })
          yield* sendMany(100, 3)
          yield* TestClock.adjust(1_000)
          return { got, log: link.log.map(({ arrivals, text }) => ({ text, after: arrivals.map((copies) => copies.length) })) }
        })
      const first = yield* logOf(seed)
      expect(yield* logOf(seed)).toEqual(first)
      expect(yield* logOf(seed + 1)).not.toEqual(first)
    }))
  it.effect("loses and repeats as often as it should", () =>
    Effect.gen(function*() {
      const { runs, seed } = seeded("probabilities", 4_000)
      const { link, sendMany } = yield* opened({ seed, lossProbability: 0.2, repeatProbability: 0.3 })
      yield* sendMany(runs)
      const copies = link.log.map(({ arrivals }) => arrivals[0]?.length ?? 0)
      const share = (count: number) => copies.filter((one) => one === count).length / runs
      expect(Math.abs(share(0) - 0.2)).toBeLessThan(0.04)
      expect(Math.abs(share(2) - 0.8 * 0.3)).toBeLessThan(0.04)
    }))
  it.effect("delays within its bounds, and texts overtake each other", () =>
    Effect.gen(function*() {
      const { got, link, sendMany } = yield* opened({ seed: 7, delay: { minMs: 10, maxMs: 60 } })
      yield* sendMany(200, 1)
      yield* TestClock.adjust(60)
      yield* settle
      const delays = link.log.map(({ arrivals, atMs }) => (arrivals[0]?.[0]?.atMs ?? 0) - atMs)
      expect([Math.min(...delays), Math.max(...delays)]).toEqual([10, 60])
      expect(got).toHaveLength(200)
      expect(inOrder(got)).toBe(false)
    }))
  it.effect("delays without reordering when it is to keep the order", () =>
    Effect.gen(function*() {
      const { got, link, sendMany } = yield* opened({ seed: 7, delay: { minMs: 10, maxMs: 60 }, inOrder: true })
      yield* sendMany(200, 1)
      yield* TestClock.adjust(60)
      yield* settle
      expect(got).toEqual(numbers(200))
      expect(new Set(link.log.map(({ arrivals, atMs }) => (arrivals[0]?.[0]?.atMs ?? 0) - atMs)).size).toBeGreaterThan(5)
    }))
  it.effect("repeats late, also when it keeps the order", () =>
    Effect.gen(function*() {
      const { got, sendMany } = yield* opened({ seed: 3, delay: { minMs: 0, maxMs: 50 }, inOrder: true, repeatProbability: 1 })
      yield* sendMany(50, 1)
      yield* TestClock.adjust(1_000)
      yield* settle
      expect(got).toHaveLength(100)
      expect(numbers(50).every((text) => got.filter((one) => one === text).length === 2)).toBe(true)
      expect(inOrder(got.filter((text, i) => got.indexOf(text) === i))).toBe(true)
      expect(inOrder(got)).toBe(false)
    }))
  it.effect("loses what is sent in a partition, or holds it until the end of it", () =>
    Effect.gen(function*() {
      for (const held of [false, true]) {
        const { got, sendMany } = yield* opened({ seed: 1, partitions: [{ fromMs: 10, toMs: 20, held }] })
        yield* sendMany(15, 1)
        yield* settle
        expect(got).toEqual(numbers(10))
        yield* TestClock.adjust(5)
        yield* settle
        expect(got).toEqual(held ? numbers(15) : numbers(10))
        yield* sendMany(1)
        yield* settle
        expect(got.at(-1)).toBe("0")
      }
    }))
  it.effect("refuses what is sent while a channel is down, and only on that channel", () =>
    Effect.gen(function*() {
      const { ann, bob, got, link } = yield* opened({ seed: 1, crashes: [{ fromMs: 5, toMs: 10, of: "ann" }] })
      yield* ann.send("before", "bob")
      yield* TestClock.adjust(5)
      expect(yield* Effect.flip(ann.send("down", "bob"))).toMatchObject({ _tag: "ChannelClosed", operation: "send" })
      yield* bob.send("the other way", "ann")
      yield* TestClock.adjust(5)
      yield* ann.send("after", "bob")
      yield* settle
      expect(got).toEqual(["before", "after"])
      expect(link.log.map(({ refused }) => refused)).toEqual([false, true, false, false])
    }))
  it.effect("has no more faults once it has healed, and nothing overtakes", () =>
    Effect.gen(function*() {
      const { got, sendMany } = yield* opened({ seed: 1, lossProbability: 1, repeatProbability: 1, delay: { minMs: 5, maxMs: 90 }, healsAtMs: 10 })
      yield* sendMany(20, 1)
      yield* TestClock.adjust(5)
      yield* settle
      expect(got).toEqual(numbers(20).slice(10))
    }))
  it.effect("gets better and worse when it is told to", () =>
    Effect.gen(function*() {
      const { got, link, sendMany } = yield* opened({ seed: 1 })
      link.conditions = { lossProbability: 1 }
      yield* sendMany(3)
      link.conditions = {}
      yield* sendMany(2)
      yield* settle
      expect(got).toEqual(["0", "1"])
    }))
  it.effect("delivers to every channel of a name, each with a fate of its own", () =>
    Effect.gen(function*() {
      const { got, link, read, sendMany } = yield* opened({ seed: 5, lossProbability: 0.5 })
      const scope = yield* Scope.make()
      const other: Array<string> = []
      yield* read((yield* Scope.provide(link.join("bob"), scope)).incoming, other)
      yield* sendMany(100)
      yield* settle
      for (const one of [got, other]) expect(Math.abs(one.length - 50)).toBeLessThan(25)
      expect(got).not.toEqual(other)
      yield* Scope.close(scope, Exit.void)
      yield* sendMany(1)
      expect(link.log.at(-1)?.arrivals).toHaveLength(1)
    }))
  it.effect("takes nothing from a channel whose scope is closed, which ends", () =>
    Effect.gen(function*() {
      const link = faultyLink({ seed: 1 })
      const scope = yield* Scope.make()
      const ann = yield* Scope.provide(link.join("ann"), scope)
      yield* Scope.close(scope, Exit.void)
      expect(yield* Stream.runCollect(ann.incoming)).toEqual([])
      expect(yield* Effect.flip(ann.send("x", "bob"))).toMatchObject({ _tag: "ChannelClosed" })
    }))
  it.effect("asks before each fault, and one that is denied changes no other", () =>
    Effect.gen(function*() {
      const faults = (denied: string | undefined) =>
        Effect.gen(function*() {
          const asked: Array<string> = []
          const { link, sendMany } = yield* opened({
            seed: 11,
            lossProbability: 0.3,
            repeatProbability: 0.3,
            delay: { minMs: 0, maxMs: 30 },
            happens: ({ id }) => {
              if (id === denied) return false
              asked.push(id)
              return true
            }
          })
          yield* sendMany(40)
          return { asked, log: link.log }
        })
      const all = yield* faults(undefined)
      const lost = all.asked.find((id) => id.endsWith("lost")) ?? ""
      const without = yield* faults(lost)
      const i = all.log.findIndex(({ arrivals }) => arrivals[0]?.length === 0)
      expect(lost).toBe(`ann>bob#${i} lost`)
      expect(without.log[i]?.arrivals[0]?.length).toBeGreaterThan(0)
      expect(without.log.toSpliced(i, 1)).toEqual(all.log.toSpliced(i, 1))
    }))
})
