/** A call as the page shows it: its state, media and figures as signals, and what its user can do. */
import type { CallEnd, CallState, CallStats, EndReason, LineCall, MediaChange, RemoteTrack, RtcEvent, Slot } from "@enigma-rtc/core"
import { type ReadonlySignal, signal } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { announce } from "./announce.ts"
import { sfu, streamOf } from "./engines.ts"
import { mostSamples, type Sample, sampleOf } from "./figures.ts"
import { isSharing, shareScreen, unshareScreen, wanted } from "./media.ts"
import { makeMoving, type Moving } from "./moving.ts"
import { run, runFork, runPromise } from "./run.ts"

export interface ActiveCall extends Moving {
  readonly peer: string
  /** The id that it was opened with, by which its trace is known. */
  readonly openedId: string
  readonly isOutgoing: boolean
  readonly state: ReadonlySignal<CallState>
  /** What comes from the peer. */
  readonly streams: ReadonlySignal<{ readonly [S in Slot]?: MediaStream }>
  /** When media first flowed (`performance.now()`). */
  readonly upAtMs: ReadonlySignal<number | undefined>
  readonly isOnHold: ReadonlySignal<boolean>
  readonly samples: ReadonlySignal<ReadonlyArray<Sample>>
  readonly stats: ReadonlySignal<CallStats | undefined>
  readonly end: ReadonlySignal<CallEnd | undefined>
  /** As it is now, without waiting for the signal. */
  readonly stateNow: () => CallState
  readonly accept: () => Promise<boolean>
  readonly decline: (reason?: EndReason) => Promise<boolean>
  readonly hangup: (reason?: EndReason) => Promise<boolean>
  readonly setHold: (on: boolean) => Promise<boolean>
  readonly setMedia: (change: MediaChange) => Promise<boolean>
}

/** What a call begins with: what the user has switched on, and the peer's screen whenever there is one. */
export const openingMedia = (): MediaChange => ({
  send: {
    microphone: wanted.microphone.peek() ? "on" : "muted",
    camera: wanted.camera.peek() ? "on" : "muted",
    screen: isSharing.peek() ? "on" : "off"
  },
  receive: { screen: true }
})

const sampleMs = 1_000

/** What a call needs of the page. */
export interface CallWorld {
  /** All that are on. */
  readonly calls: ReadonlySignal<ReadonlyArray<ActiveCall>>
  readonly onEnded: (call: ActiveCall) => void
}

const isUpThroughSfu = ({ engine, stateNow }: ActiveCall): boolean => {
  const now = stateNow()
  return engine.peek() === sfu && now._tag === "Connected" && now.media._tag === "Up"
}

export const makeActiveCall = (call: LineCall, isOutgoing: boolean, { calls, onEnded }: CallWorld): ActiveCall => {
  const state = signal<CallState>(Effect.runSync(call.state))
  const streams = signal<ActiveCall["streams"]["value"]>({})
  const upAtMs = signal<number | undefined>(undefined)
  const isOnHold = signal(false)
  const samples = signal<ReadonlyArray<Sample>>([])
  const stats = signal<CallStats | undefined>(undefined)
  const end = signal<CallEnd | undefined>(undefined)
  const { interrupted, settled, switched, ...moving } = makeMoving(call, () => calls.peek().some((other) => other !== active && isUpThroughSfu(other)))
  /** What the streams are of: another engine's track may have taken the place of one that ends. */
  const tracks = new Map<Slot, RemoteTrack>()

  const sample = async () => {
    if (state.peek()._tag !== "Connected") return
    const now = await runPromise(Effect.catch(call.stats, () => Effect.succeed(undefined)))
    if (now === undefined) return
    samples.value = [...samples.peek().slice(1 - mostSamples), sampleOf(now, stats.peek())]
    stats.value = now
  }
  const sampling = setInterval(() => void sample(), sampleMs)

  const onEvent = (event: RtcEvent): void => {
    switch (event._tag) {
      case "RemoteTrack":
        tracks.set(event.track.slot, event.track)
        streams.value = { ...streams.peek(), [event.track.slot]: streamOf(event.track) }
        return
      case "RemoteTrackEnded": {
        if (tracks.get(event.track.slot) !== event.track) return
        const { [event.track.slot]: _ended, ...rest } = streams.peek()
        streams.value = rest
        return
      }
      case "ConnectionEstablished":
        upAtMs.value = performance.now()
        return
      case "ConnectionInterrupted":
        return interrupted()
      case "ConnectionRestored":
        return settled()
      case "EngineSwitched":
        // The figures of two connections do not compare.
        stats.value = undefined
        return switched(event.engine)
      case "ConnectionClosed":
        end.value = event
        return
      case "LocalSourceEnded":
        if (event.slot === "screen") void active.setMedia({ send: { screen: "off" } })
        else announce(`Your ${event.slot}: ${event.reason}`)
        return
      case "NegotiationFailed":
        announce("A change to the call could not be agreed on. It is tried again in a moment.")
        return
      case "StateChanged":
      case "LocalIceCandidate":
      case "MessageRefused":
      case "SendFailed":
      case "DataChannelOpened":
        return
    }
  }
  const take = (now: CallState) => {
    state.value = now
    if ("call" in now) isOnHold.value = now.call.intent.hold
  }
  const active: ActiveCall = {
    ...moving,
    peer: call.peer,
    openedId: call.id,
    isOutgoing,
    state,
    streams,
    upAtMs,
    isOnHold,
    samples,
    stats,
    end,
    stateNow: () => Effect.runSync(call.state),
    accept: () => run(call.accept({ media: openingMedia() })),
    decline: (reason) => run(call.decline(reason)),
    // It may have ended a moment before: then it is over, which is what was wanted.
    hangup: (reason) => run(Effect.ignore(call.hangup(reason))),
    setHold: (on) => run(on ? call.hold : call.resume),
    setMedia: (change) => run(call.setMedia(change))
  }
  runFork(Stream.runForEach(call.changes, (now) => Effect.sync(() => take(now))))
  runFork(
    Effect.andThen(
      Stream.runForEach(call.events, (event) => Effect.sync(() => onEvent(event))),
      Effect.sync(() => {
        clearInterval(sampling)
        settled()
        take(active.stateNow())
        streams.value = {}
        onEnded(active)
      })
    )
  )
  return active
}

/** Begins to share the screen in all these calls, or ends it. */
export const setSharing = async (calls: ReadonlyArray<ActiveCall>, on: boolean): Promise<void> => {
  if (on && !(await shareScreen())) return
  await Promise.all(calls.map((call) => call.setMedia({ send: { screen: on ? "on" : "off" } })))
  if (!on) await unshareScreen()
}
