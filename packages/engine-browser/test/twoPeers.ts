/** Two connections of the page that negotiate, with all that they tell. For tests of what only a browser can show. */
import {
  changeIntent, type EngineEvent, initialIntent, makeConfig, type MediaChange, type RemoteTrack, type RtcEngine, type RtcPeer, type Slot, type WebRtcError
} from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { BrowserEngine, type BrowserOptions } from "../src/index.ts"

const config = Result.getOrThrow(makeConfig({ enableData: true }))

/** Runs a test in a scope. */
export const scoped = <A, E>(test: Effect.Effect<A, E, Scope.Scope>) => () => Effect.runPromise(Effect.scoped(test))

/** The first value that is there; an error that names what was waited for after 5 s. */
export const until = <A>(what: string, read: () => A | undefined | false | Promise<A | undefined | false>): Effect.Effect<A> =>
  Effect.promise(async () => {
    for (const start = performance.now(); performance.now() - start < 5_000;) {
      const value = await read()
      if (value !== undefined && value !== false) return value
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`Waited 5 s for ${what}.`)
  })

export interface End {
  readonly peer: RtcPeer
  readonly events: ReadonlyArray<EngineEvent>
  readonly want: (change: MediaChange) => Effect.Effect<void, WebRtcError>
  /** The remote track of a slot, when there is one. */
  readonly track: (slot: Slot) => Effect.Effect<RemoteTrack>
}

const openEnd = (engine: RtcEngine["Service"], change: MediaChange) =>
  Effect.gen(function*() {
    const intent = changeIntent(initialIntent(config), change)
    const peer = yield* engine.open(config, intent)
    const events: Array<EngineEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) => Effect.sync(() => events.push(event))))
    return {
      peer,
      events,
      want: (next: MediaChange) => peer.setMedia(changeIntent(intent, next)),
      track: (slot: Slot) =>
        until(`a track of the ${slot}`, () =>
          events.flatMap((event) => (event._tag === "RemoteTrack" && event.track.slot === slot ? [event.track] : [])).at(-1))
    }
  })

/** What an end has found goes to the other, as it is found. */
const trickle = (from: End, to: End) =>
  Effect.forkScoped(Effect.gen(function*() {
    for (let read = 0;;) {
      const event = from.events[read]
      if (event === undefined) yield* Effect.sleep(5)
      else {
        read++
        if (event._tag === "LocalCandidate") yield* Effect.ignore(to.peer.addRemoteCandidate(event.candidate))
      }
    }
  }))

export const negotiate = (from: End, to: End): Effect.Effect<void, WebRtcError> =>
  Effect.gen(function*() {
    const offer = yield* from.peer.createOffer()
    const answer = yield* to.peer.createAnswer(offer)
    yield* from.peer.applyAnswer(answer)
  })

/** A call from the left, which has this media, to a right that sends nothing and takes everything. */
export const connect = (
  left: BrowserOptions,
  change: MediaChange = {},
  right: BrowserOptions = {}
): Effect.Effect<{ readonly left: End; readonly right: End }, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const one = yield* openEnd(yield* BrowserEngine.make(left), change)
    const other = yield* openEnd(yield* BrowserEngine.make(right), { receive: { screen: true } })
    yield* trickle(one, other)
    yield* trickle(other, one)
    yield* negotiate(one, other)
    yield* until("the link", () => [one, other].every(({ events }) => events.some((event) => event._tag === "Link" && event.state === "up")))
    return { left: one, right: other }
  })
