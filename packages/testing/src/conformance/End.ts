/** One end of a connection under test: its peer, all that it has told, and a way to close it. For clauses. */
import type { EngineEvent, LinkState, MediaIntent, RemoteTrack, RtcConfig, RtcEngine, RtcPeer, Slot, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Violation } from "./Clause.ts"
import { until } from "./until.ts"

type Told<T extends EngineEvent["_tag"]> = Extract<EngineEvent, { readonly _tag: T }>

export interface End {
  readonly peer: RtcPeer
  /** Every event until now. */
  readonly events: ReadonlyArray<EngineEvent>
  /** Every event of one kind until now. */
  readonly told: <T extends EngineEvent["_tag"]>(tag: T) => ReadonlyArray<Told<T>>
  /** Waits for event number `index` (from 0) of a kind. */
  readonly next: <T extends EngineEvent["_tag"]>(tag: T, index?: number, withinMs?: number) => Effect.Effect<Told<T>, Violation>
  /** The last state of the link. */
  readonly link: () => LinkState | undefined
  readonly untilLink: (state: LinkState, withinMs?: number) => Effect.Effect<void, Violation>
  /** The slot's media that has begun and not ended. */
  readonly track: (slot: Slot) => RemoteTrack | undefined
  /** Has the stream of events ended? */
  readonly hasEnded: () => boolean
  readonly close: Effect.Effect<void>
}

/** Opens a connection that closes with the scope, or before; its events are read from its first moment. */
export const openEnd = (
  engine: RtcEngine["Service"],
  config: RtcConfig,
  intent: MediaIntent,
  name = "left"
): Effect.Effect<End, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const close = Scope.close(scope, Exit.void)
    yield* Effect.addFinalizer(() => close)
    const peer = yield* Scope.provide(engine.open(config, intent), scope)
    const events: Array<EngineEvent> = []
    let ended = false
    const reading = Stream.runForEach(peer.events, (event) => Effect.sync(() => events.push(event)))
    yield* Effect.forkScoped(Effect.andThen(reading, Effect.sync(() => { ended = true })))

    const told = <T extends EngineEvent["_tag"]>(tag: T) => events.filter((event): event is Told<T> => event._tag === tag)
    const words = () => `the ${name}'s events ${events.map((event) => (event._tag === "Link" ? `Link ${event.state}` : event._tag)).join(", ") || "none"}`
    const link = () => told("Link").at(-1)?.state
    return {
      peer,
      events,
      told,
      next: (tag, index = 0, withinMs = 5_000) =>
        until(
          { expected: `${index === 0 ? "" : `${index} + 1 of `}${tag} to be told at the ${name}`, found: words, withinMs },
          Effect.sync(() => told(tag)[index])
        ),
      link,
      untilLink: (state, withinMs = 10_000) =>
        Effect.asVoid(until(
          { expected: `the link of the ${name} to be ${state}`, found: words, withinMs },
          Effect.sync(() => (link() === state ? true : undefined))
        )),
      track: (slot) => {
        const endedIds = told("RemoteTrackEnded").map(({ track }) => track.id)
        return told("RemoteTrack").map(({ track }) => track).findLast((track) => track.slot === slot && !endedIds.includes(track.id))
      },
      hasEnded: () => ended,
      close
    }
  })
