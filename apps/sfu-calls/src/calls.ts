/** Lines whose calls go through one room, and calls between them: the stage of this package's tests. */
import { CallLine, type CallState, type LineCall, type RtcConfigInput, RtcEngine, type RtcEvent, type Slot, type WebRtcError } from "@enigma-rtc/core"
import { type NodeRoomOptions, SfuEngine, type SfuRoom } from "@enigma-rtc/engine-sfu/node"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Carry } from "./overPath.ts"
import { arrived, joinRoom, type Server } from "./rig.ts"

const isUp = (state: CallState): boolean => state._tag === "Connected" && state.media._tag === "Up"

/** Waits until something is so, and no longer than a while: then it tells what was found instead. */
export const until = (what: string, is: Effect.Effect<boolean>, withinMs = 10_000, found: () => unknown = () => undefined): Effect.Effect<void> =>
  Effect.gen(function*() {
    for (let waitedMs = 0; !(yield* is); waitedMs += 20) {
      if (waitedMs > withinMs) return yield* Effect.die(new Error(`not within ${withinMs} ms: ${what} ${JSON.stringify(found()) ?? ""}`))
      yield* Effect.sleep(20)
    }
  })

export const untilUp = (call: LineCall, withinMs = 15_000) =>
  Effect.timeoutOrElse(Stream.runHead(Stream.filter(call.changes, isUp)), {
    duration: withinMs,
    orElse: () => Effect.die(new Error(`no media within ${withinMs} ms`))
  })

/** All that a call has told, from now on. */
export const listen = (call: LineCall) =>
  Effect.gen(function*() {
    const events: Array<RtcEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event))), { startImmediately: true })
    /** How much has arrived in a slot, on whatever track. */
    const heard = (slot: Slot) =>
      Effect.map(
        Effect.forEach(events, (event) => (event._tag === "RemoteTrack" && event.track.slot === slot ? arrived(event.track) : Effect.succeed(0))),
        (counts) => counts.reduce((sum, count) => sum + count, 0)
      )
    const untilHeard = (slot: Slot, withinMs?: number) =>
      Effect.gen(function*() {
        const before = yield* heard(slot)
        yield* until(`the ${slot} arrives`, Effect.map(heard(slot), (now) => now > before + 2), withinMs)
      })
    /** Nothing arrives for a while, after what was under way. */
    const isSilent = (slot: Slot) =>
      Effect.gen(function*() {
        yield* Effect.sleep(300)
        const before = yield* heard(slot)
        yield* Effect.sleep(500)
        return (yield* heard(slot)) === before
      })
    const saw = (tag: RtcEvent["_tag"]) => events.filter((event) => event._tag === tag).length
    return { events, heard, untilHeard, isSilent, saw }
  })

/** Somebody in the room, who can be called. */
export interface Line {
  readonly name: string
  readonly line: CallLine
  readonly room: SfuRoom
  /** Loses the connection to the server. */
  readonly drop: Effect.Effect<void>
}

/** What differs for somebody. */
export interface Member {
  readonly options?: Partial<NodeRoomOptions>
  /** What its transports are found over. */
  readonly carry?: Carry
  /** Of its calls. */
  readonly config?: RtcConfigInput
}

/** A line of somebody's, over a room that it has joined. */
export const openLine = (
  relay: ReturnType<typeof memoryRelay>,
  server: Server,
  name: string,
  { carry, config = {}, options }: Member = {}
): Effect.Effect<Line, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { drop, room } = yield* joinRoom(server, "calls", name, options, carry)
    const engine = yield* SfuEngine.make({ room })
    const channel = yield* relay.join(name)
    const line = yield* Effect.provideService(CallLine.make({ device: name, channel, config: { enableData: true, ...config } }), RtcEngine, engine)
    return { line, room, drop, name }
  })

/** One calls, the other accepts, and media is up at both. */
export const connect = (from: CallLine, to: CallLine, name: string) =>
  Effect.gen(function*() {
    const near = yield* from.call(name)
    const far = yield* Effect.flatMap(Stream.runHead(to.incoming), Effect.fromOption)
    const [here, there] = [yield* listen(near), yield* listen(far)]
    yield* far.accept()
    yield* Effect.all([untilUp(near), untilUp(far)], { concurrency: 2 })
    return { near, far, here, there }
  })

/** Alice and Bob, with a call between them. */
export const aliceAndBob = (server: Server, members: { readonly alice?: Member; readonly bob?: Member } = {}) =>
  Effect.gen(function*() {
    const relay = memoryRelay()
    const alice = yield* openLine(relay, server, "alice", members.alice)
    const bob = yield* openLine(relay, server, "bob", members.bob)
    const call = yield* connect(alice.line, bob.line, "bob")
    return { relay, alice, bob, ...call }
  })
