/** One end of a simulated world: a line over a mock engine, its calls, and the user's way to act. For `openCast`. */
import { CallLine, type LineCall, RtcEngine, type RtcEvent, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Place, Player } from "./Player.ts"
import { relayEngine, unreliableEngine } from "./unreliableEngine.ts"
import type { WorldCall } from "./World.ts"

/** A call, with what its user needs. */
interface FollowedCall extends WorldCall {
  readonly call: LineCall
}

/** An end that is a line. */
export interface LineEnd extends Player {
  readonly calls: ReadonlyArray<FollowedCall>
  /** Takes its channel away, as when its process is killed, and only then lets it go. */
  readonly kill: Effect.Effect<void>
}

const isLive = (call: WorldCall) => call.state._tag !== "Ended" && call.state._tag !== "Ending"

/** Opens an end, which lives as long as its scope, if it is not killed before. */
export const openEnd = (place: Place): Effect.Effect<LineEnd, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { device, link, name, onRinging, other, user } = place
    const engines = [unreliableEngine(place), unreliableEngine(place, relayEngine)] as const
    const [{ mock }, { mock: relay }] = engines
    // Its calls tell their ends to who looks on, also when the line is gone.
    const scope = yield* Effect.scope
    const life = yield* Scope.fork(scope)
    const connection = yield* Scope.fork(life)
    const channel = yield* Scope.provide(link.join(user), connection)
    const line = yield* CallLine.make({ device, channel, config: { enableVideo: false }, engines: [relay.engine] }).pipe(
      Effect.provideService(RtcEngine, mock.engine),
      Scope.provide(life)
    )
    const calls: Array<FollowedCall> = []
    let isGone = false
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
    const end: LineEnd = {
      name,
      user,
      other,
      mock: {
        get peers() {
          return [...mock.peers, ...relay.peers]
        },
        get errors() {
          return [...mock.errors, ...relay.errors]
        }
      },
      calls,
      namesCalls: true,
      misfits: [],
      get isGone() {
        return isGone
      },
      call: Effect.tap(line.call(other), follow),
      live: () => calls.findLast(isLive)?.call,
      isFree: () => !calls.some(isLive),
      isConnected: () => calls.some(({ state }) => state._tag === "Connected" && state.media._tag === "Up"),
      hangUps: () => calls.flatMap(({ call, state }) => (state._tag === "Connected" ? [call.hangup()] : [])),
      // What fails next is the operation of the one that is asked next.
      breakEngine: (how) => {
        for (const { breakEngine } of engines) breakEngine(how)
      },
      mendEngine: () => {
        for (const { mendEngine } of engines) mendEngine()
      },
      kill: Effect.suspend(() => {
        isGone = true
        return Effect.andThen(Scope.close(connection, Exit.void), Scope.close(life, Exit.void))
      })
    }
    yield* Effect.forkIn(
      Stream.runForEach(line.incoming, (call) =>
        Effect.andThen(
          follow(call),
          Effect.sync(() =>
            onRinging(end, {
              isRinging: () => {
                const state = Effect.runSync(call.state)
                return state._tag === "IncomingOffer" && state.phase._tag === "Ringing"
              },
              accept: call.accept(),
              decline: call.decline()
            }))
        )),
      life,
      { startImmediately: true }
    )
    return end
  })
