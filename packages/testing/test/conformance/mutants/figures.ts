/** Faults in figures and events, and what is left open. */
import type { CallStats, EngineEvent, RtpFigures } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Engine, type Mutant, onPeer, type Plant, type Seen } from "./Mutant.ts"

const onStats = (change: (stats: CallStats, seen: Seen, nowMs: number) => CallStats): Plant =>
  onPeer((peer, seen) => ({
    stats: Effect.flatMap(peer.stats, (stats) => Effect.map(Clock.currentTimeMillis, (nowMs) => change(stats, seen, nowMs)))
  }))

const counting = (figures: ReadonlyArray<RtpFigures>, packets: number) => figures.map((one) => ({ ...one, packets, bytes: packets * 100 }))

/** Opens one more connection that nobody closes. */
const leak = (engine: Engine, ...args: Parameters<Engine["open"]>) => Effect.flatMap(Scope.make(), (scope) => Scope.provide(engine.open(...args), scope))

export const figures: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-900",
    fault: "counts a packet before there are any",
    says: /expected no path and no packets, found some/,
    plant: onStats((stats, { wasUp }) => (wasUp() ? stats : { ...stats, sent: [{ slot: "microphone", packets: 1, bytes: 1 }] }))
  },
  {
    clause: "ENG-901",
    fault: "takes its own end of the path for the far end's",
    says: /expected one path, from both ends within 5000 ms, found \d+ to \d+, and \d+ to \d+/,
    plant: onStats((stats, { side }) =>
      stats.path === undefined || side === "right" ? stats : { ...stats, path: { local: stats.path.remote, remote: stats.path.local } })
  },
  {
    clause: "ENG-902",
    fault: "does not count what it sends",
    says: /expected more packets sent for the microphone within 5000 ms/,
    plant: onStats((stats) => ({ ...stats, sent: counting(stats.sent, 0) }))
  },
  {
    clause: "ENG-902",
    fault: "gives the round trip in microseconds",
    says: /expected plausible figures, found a round trip of/,
    plant: onStats((stats) => ({ ...stats, roundTripTimeMs: 20_000 }))
  },
  {
    clause: "ENG-902",
    fault: "gives the round trip in seconds",
    says: /expected plausible figures, found a round trip of 0.0004 ms/,
    plant: onStats((stats) => ({ ...stats, roundTripTimeMs: 0.000_4 }))
  },
  {
    clause: "ENG-903",
    fault: "counts what it would have sent",
    says: /expected \d+ packets, found \d+/,
    plant: onStats((stats, { wasUp }, nowMs) => (wasUp() ? { ...stats, sent: counting(stats.sent, Math.floor(nowMs)) } : stats))
  }
]

export const events: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-910",
    fault: "forgets the events that nobody reads",
    says: /expected Link up among the events, found none within 5 s/,
    plant: () => (engine) => ({
      ...engine,
      open: (config, intent) =>
        Effect.gen(function*() {
          const peer = yield* engine.open(config, intent)
          const queue = yield* Queue.unbounded<EngineEvent, Cause.Done>()
          let isRead = false
          const pump = Stream.runForEach(peer.events, (event) => Effect.sync(() => { if (isRead) Queue.offerUnsafe(queue, event) }))
          yield* Effect.forkDetach(Effect.andThen(pump, Effect.sync(() => Queue.endUnsafe(queue))))
          const events = Stream.suspend(() => {
            isRead = true
            return Stream.fromQueue(queue)
          })
          return { ...peer, events }
        })
    })
  },
  {
    clause: "ENG-911",
    fault: "tells every reader all from the beginning",
    says: /expected Link connecting once, found/,
    plant: onPeer((peer) => {
      const told: Array<EngineEvent> = []
      return {
        events: Stream.suspend(() =>
          Stream.concat(
            Stream.fromIterable([...told]),
            Stream.tap(peer.events, (event) => Effect.sync(() => told.push(event)))
          ))
      }
    })
  },
  {
    clause: "ENG-912",
    fault: "keeps a reader waiting who comes after the end",
    says: /expected the events to end for a later reader, found they go on/,
    plant: onPeer((peer, { isClosed }) => ({ events: Stream.suspend(() => (isClosed() ? Stream.never : peer.events)) }))
  }
]

export const leaks: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-920",
    fault: "leaves something open of every connection",
    says: /expected at most \d+ open within 10000 ms, found \d+/,
    plant: () => (engine) => ({ ...engine, open: (...args) => Effect.andThen(leak(engine, ...args), engine.open(...args)) })
  },
  {
    clause: "ENG-921",
    fault: "leaves something open of every call",
    says: /expected at most \d+ open within 10000 ms, found \d+/,
    plant: () => (engine) => ({
      ...engine,
      open: (...args) =>
        Effect.map(engine.open(...args), (peer) => ({
          ...peer,
          applyAnswer: (sdp) => Effect.tap(peer.applyAnswer(sdp), () => leak(engine, ...args))
        }))
    })
  },
  {
    clause: "ENG-922",
    fault: "leaves something open of an opening that is interrupted",
    says: /expected at most \d+ open within 10000 ms, found \d+/,
    plant: () => (engine) => ({
      ...engine,
      open: (...args) =>
        Effect.onInterrupt(Effect.andThen(Effect.sleep(1), engine.open(...args)), () => Effect.ignore(leak(engine, ...args)))
    })
  }
]
