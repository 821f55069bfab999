/** A fault planted in the mock, and tools to plant it: what an engine's author may get wrong. */
import type { Capabilities, DataChannel, EngineEvent, MediaIntent, RtcConfig, RtcEngine, RtcPeer, WebRtcError } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ClauseId } from "../../../src/conformance/index.ts"

export type Engine = RtcEngine["Service"]
export type Side = "left" | "right"
/** Made anew for each run of a clause, so that what it remembers is of one run. */
export type Plant = () => (engine: Engine, side: Side) => Engine

export interface Mutant {
  /** The clause that must catch it, and no earlier one. */
  readonly clause: ClauseId
  readonly fault: string
  /** What the clause must say of it. */
  readonly says: RegExp
  readonly plant: Plant
  /** What the engine says that it lacks. */
  readonly capabilities?: Partial<Capabilities>
}

/** One connection, as a fault sees it. */
export interface Seen {
  readonly side: Side
  readonly config: RtcConfig
  readonly intent: MediaIntent
  /** Its number among its engine's, from 0. */
  readonly index: number
  readonly isClosed: () => boolean
  /** Has the link been up? */
  readonly wasUp: () => boolean
  /** Tells an event of the fault's own. */
  readonly tell: (event: EngineEvent) => void
}

/** Changes connections, and leaves the rest of the engine alone. */
export const onPeer = (change: (peer: RtcPeer, seen: Seen) => Partial<RtcPeer>): Plant => () => (engine, side) => {
  let opened = 0
  return {
    ...engine,
    open: (config, intent) =>
      Effect.gen(function*() {
        const peer = yield* engine.open(config, intent)
        const index = opened++
        let closed = false
        let up = false
        const own = yield* Queue.unbounded<EngineEvent, Cause.Done>()
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            closed = true
            Queue.endUnsafe(own)
          })
        )
        const events = Stream.merge(
          Stream.tap(peer.events, (event) =>
            Effect.sync(() => {
              if (event._tag === "Link" && event.state === "up") up = true
            })),
          Stream.fromQueue(own)
        )
        const seen: Seen = {
          side,
          config,
          intent,
          index,
          isClosed: () => closed,
          wasUp: () => up,
          tell: (event) => {
            Queue.offerUnsafe(own, event)
          }
        }
        const watched = { ...peer, events }
        return { ...watched, ...change(watched, seen) }
      })
  }
}

/** Opens connections for another intent than is asked for, and sets it later, too, unless `only` says otherwise. */
export const onIntent = (
  change: (intent: MediaIntent, side: Side) => MediaIntent,
  only: "open" | "setMedia" | "both" = "both"
): Plant => () => (engine, side) => ({
  ...engine,
  open: (config, intent) =>
    Effect.map(engine.open(config, only === "setMedia" ? intent : change(intent, side)), (peer) => ({
      ...peer,
      setMedia: (wanted) => peer.setMedia(only === "open" ? wanted : change(wanted, side))
    }))
})

export const onOffer = (change: (sdp: string, seen: Seen) => string): Plant =>
  onPeer((peer, seen) => ({ createOffer: (options) => Effect.map(peer.createOffer(options), (sdp) => change(sdp, seen)) }))
export const onAnswer = (change: (sdp: string, seen: Seen) => string): Plant =>
  onPeer((peer, seen) => ({ createAnswer: (offer) => Effect.map(peer.createAnswer(offer), (sdp) => change(sdp, seen)) }))
/** Changes each event into any number of events. */
export const onEvent = (change: (event: EngineEvent, seen: Seen) => ReadonlyArray<EngineEvent>): Plant =>
  onPeer((peer, seen) => ({ events: Stream.flatMap(peer.events, (event) => Stream.fromIterable(change(event, seen))) }))

/** Changes the channels of connections, at the end that opens them or the other one. */
export const onChannel = (where: "near" | "far" | "both", change: (channel: DataChannel, seen: Seen) => DataChannel): Plant =>
  onPeer((peer, seen) => ({
    ...(where === "far" ? {} : {
      openDataChannel: (label, options) => Effect.map(peer.openDataChannel(label, options), (channel) => change(channel, seen))
    }),
    ...(where === "near" ? {} : {
      events: Stream.map(peer.events, (event): EngineEvent =>
        event._tag === "DataChannelOpened" ? { ...event, channel: change(event.channel, seen) } : event)
    })
  }))

export const onMessages = (
  where: "near" | "far" | "both",
  change: (messages: DataChannel["messages"], seen: Seen) => DataChannel["messages"]
): Plant => onChannel(where, (channel, seen) => ({ ...channel, messages: change(channel.messages, seen) }))

/** Changes what an operation of any name does. */
export const onOperation = (
  name: OperationName,
  change: (
    run: Effect.Effect<unknown, WebRtcError, Scope.Scope>,
    seen: Seen
  ) => Effect.Effect<unknown, WebRtcError, Scope.Scope>
): Plant =>
  onPeer((peer, seen) => {
    const own = peer[name]
    // The operations differ in what they take and give; a fault is planted in all of them alike.
    const changed = (run: unknown) => change(run as Effect.Effect<unknown, WebRtcError, Scope.Scope>, seen)
    const planted = typeof own === "function"
      ? (...args: ReadonlyArray<unknown>) => changed((own as (...args: ReadonlyArray<unknown>) => unknown)(...args))
      : changed(own)
    return { [name]: planted }
  })

export type OperationName = "setMedia" | "createOffer" | "createAnswer" | "applyAnswer" | "rollback" | "addRemoteCandidate" | "openDataChannel" | "stats"
