/** A room of six, each in a place of its own: pages of two browsers, and four processes. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { afterAll, expect, it } from "vitest"
import { until } from "../src/calls.ts"
import { type Member, openGroup } from "../src/group.ts"
import type { CallReport } from "../src/Member.ts"
import { serveForPages } from "../src/serveForPages.ts"

const { close, server, url } = await serveForPages()
afterAll(close)

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))

const callsWith = (one: Member, other: Member) => one.calls().filter(({ peer }) => peer === other.name)

/** Every member has one call with each of the others, and hears and sees it: something new, twice. */
const receiveEachOther = (members: ReadonlyArray<Member>) =>
  Effect.forEach(members, (one) =>
    Effect.forEach(members.filter((other) => other !== one), (other) => {
      const live = () => callsWith(one, other).filter(({ state }) => state === "Up")
      const untilNew = Effect.suspend(() => {
        const [before] = live()
        return until(`${one.name} hears and sees ${other.name}`, Effect.sync(() => {
          const [now, ...more] = live()
          return now !== undefined && more.length === 0 && now.microphone > (before?.microphone ?? 0) && now.camera > (before?.camera ?? 0)
        }), 30_000, () => callsWith(one, other))
      })
      return Effect.andThen(untilNew, untilNew)
    }, { concurrency: "unbounded" }), { concurrency: "unbounded", discard: true })

/** Every interruption that they have told of calls with each other. */
const interruptions = (members: ReadonlyArray<Member>) =>
  members.flatMap((one) => members.flatMap((other) => callsWith(one, other).flatMap((call) => Array.from({ length: call.interruptions }, () => `${one.name} of ${other.name}`))))

it("six in pages and processes of their own receive each other, over two transports each; one is killed, one comes late, and all else goes on", scoped(Effect.gen(function*() {
  const start = openGroup(url)
  const places = [["chromium", "chromium"], ["firefox", "firefox"], ["a", "node"], ["b", "node"], ["c", "node"], ["d", "node"], ["late", "node"]] as const
  const all = yield* Effect.forEach(places, ([name, place]) => start(name, place), { concurrency: 3 })
  const [killed, late] = [all[5], all[6]]
  if (killed?.pid === undefined || late === undefined) return expect.unreachable()
  const six = all.slice(0, 6)
  yield* Effect.forEach(six, ({ join }) => join, { discard: true })
  yield* receiveEachOther(six)
  // Whatever the number of calls, each sends its microphone and its camera once, and receives the others'.
  expect(yield* server.figures).toMatchObject({ peers: 6, transports: 12, producers: 12, consumers: 60, dataProducers: 30, dataConsumers: 30 })

  const five = six.slice(0, 5)
  const before = interruptions(five)
  process.kill(killed.pid, "SIGKILL")
  // 5 s of silence are an interruption; 10 s more, as these calls are configured, their end.
  const killedCalls = () => five.map((one) => callsWith(one, killed))
  const told = (is: (call: CallReport) => boolean) =>
    Effect.sync(() => five.every((one) => callsWith(one, killed).every(is)))
  yield* until("the five are told of the interruption", told(({ interruptions }) => interruptions === 1), 10_000, killedCalls)
  yield* receiveEachOther(five)
  yield* until("their calls to it are over", told(({ state }) => state.startsWith("Ended")), 20_000, killedCalls)
  expect(new Set(five.flatMap((one) => callsWith(one, killed).map(({ state }) => state)))).toEqual(new Set(["Ended: ice_failed"]))
  yield* until("its stay is over", Effect.map(server.figures, ({ peers, transports }) => peers === 5 && transports === 10), 30_000)

  expect(interruptions(five)).toEqual(before)
  yield* late.join
  yield* receiveEachOther([...five, late])
  expect(interruptions(five)).toEqual(before)
  expect(yield* server.figures).toMatchObject({ peers: 6, transports: 12 })
})), 240_000)
