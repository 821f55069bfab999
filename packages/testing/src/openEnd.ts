/** One end of a simulated world: a line over a mock engine, its calls, and the user's way to act. For `simulate`. */
import { type CallLine as Line, CallLine, type LineCall, RtcEngine, type RtcEvent, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Decisions } from "./Decisions.ts"
import type { FaultyLink } from "./FaultyLink.ts"
import type { MockOperation } from "./Faults.ts"
import { MockEngine } from "./MockEngine.ts"
import type { JoinableNetwork } from "./MockNetwork.ts"
import { breakable, type Scenario, type StageEnd } from "./Stage.ts"
import type { WorldCall, WorldEnd } from "./World.ts"

/** A call, with what its user needs. */
interface FollowedCall extends WorldCall {
  readonly call: LineCall
}

/** An end at work. */
export interface SimulatedEnd extends WorldEnd, StageEnd {
  readonly calls: ReadonlyArray<FollowedCall>
  readonly line: Line
  /** From now on its engine does nothing wrong. */
  readonly mendEngine: () => void
}

export interface EndPlace {
  readonly name: string
  readonly other: string
  readonly device: string
  /** The first session id of its engine. */
  readonly session: number
  readonly link: FaultyLink
  readonly network: JoinableNetwork
  readonly decisions: Decisions
  readonly scenario: Scenario
  readonly nowMs: () => number
  readonly onRinging: (end: SimulatedEnd, call: LineCall) => void
}

const fixedLatencyMs = 3
const slowestMs = 8

/** How long each operation takes, and whether it is one of those that fail. */
const makeMock = ({ decisions, name, network, nowMs, scenario, session }: EndPlace) => {
  const { chancesOf, happens } = decisions
  const random = chancesOf(`engine of ${name}`)
  const varies = happens({ id: `engine of ${name} varies`, atMs: 0, who: name, what: `its engine takes 1 to ${slowestMs} ms for each operation` })
  let planted: "fail" | "never" | undefined
  let healthy = false
  const counts = new Map<MockOperation, number>()
  const next = (operation: MockOperation): "never" | { readonly fail: unknown } | undefined => {
    // By operation: one operation more or less of another kind changes nothing here.
    const matter = `${operation} ${counts.get(operation) ?? 0}`
    counts.set(operation, (counts.get(operation) ?? 0) + 1)
    const chance = random.of(matter).next()
    if (healthy || !breakable.some((one) => one === operation)) return undefined
    const how = planted ?? (chance < scenario.engineFailure ? "fail" : chance < scenario.engineFailure + scenario.engineHang ? "never" : undefined)
    if (how === undefined) return undefined
    const wasPlanted = planted !== undefined
    planted = undefined
    const what = `its engine's ${operation} ${how === "fail" ? "fails" : "never settles"}`
    // What a user's action has planted is that action's decision.
    if (!wasPlanted && !happens({ id: `engine of ${name}, ${matter}`, atMs: nowMs(), who: name, what })) return undefined
    return how === "never" ? how : { fail: new Error(`planted: ${operation} fails`) }
  }
  const mock = MockEngine.make({
    session,
    network,
    host: name,
    candidates: 2,
    faults: { next },
    latencyMs: () => (varies ? random.int(1, slowestMs) : fixedLatencyMs)
  })
  return {
    mock,
    breakEngine: (how: "fail" | "never") => {
      planted = how
    },
    mendEngine: () => {
      healthy = true
    }
  }
}

const isLive = (call: WorldCall) => call.state._tag !== "Ended" && call.state._tag !== "Ending"

/** Opens an end, which lives as long as its scope. */
export const openEnd = (place: EndPlace): Effect.Effect<SimulatedEnd, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { device, link, name, onRinging, other } = place
    const { breakEngine, mendEngine, mock } = makeMock(place)
    const line = yield* CallLine.make({ device, channel: yield* link.join(name), config: { enableVideo: false } }).pipe(
      Effect.provideService(RtcEngine, mock.engine)
    )
    const scope = yield* Effect.scope
    const calls: Array<FollowedCall> = []
    const follow = (call: LineCall) => {
      const events: Array<RtcEvent> = []
      calls.push({
        call,
        events,
        peer: call.peer,
        get id() {
          return call.id
        },
        // A session's state is there without waiting.
        get state() {
          return Effect.runSync(call.state)
        }
      })
      const read = Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event)))
      return Effect.forkIn(read, scope, { startImmediately: true })
    }
    const end: SimulatedEnd = {
      name,
      other,
      line,
      mock,
      calls,
      call: Effect.tap(line.call(other), follow),
      live: () => calls.findLast(isLive)?.call,
      isConnected: () => calls.some(({ state }) => state._tag === "Connected" && state.media._tag === "Up"),
      breakEngine,
      mendEngine
    }
    yield* Effect.forkScoped(
      Stream.runForEach(line.incoming, (call) => Effect.andThen(follow(call), Effect.sync(() => onRinging(end, call)))),
      { startImmediately: true }
    )
    return end
  })
