/** The microphone, the camera and the screen of a page: opened before a call, and there for every call. For apps. */
import type { Slot, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { makeSources, type SendingCall } from "./LocalSources.ts"
import type { DeviceRequest, MediaRequest, ScreenRequest } from "./MediaRequest.ts"

/** Local media that engines can be given: this package's, and, at the same time, others' that send a page's tracks. */
export interface LocalTracks {
  /** What a slot sends now, if there is anything; for looking at, as its settings or its level. */
  readonly track: (slot: Slot) => MediaStreamTrack | undefined
  /** What a slot sends, for a media element's `srcObject`: one stream for good, which follows every switch. */
  readonly preview: (slot: Slot) => MediaStream
  /** For engines: a call begins to send from here. Gives how it leaves. */
  readonly join: (call: SendingCall) => () => void
  /** For engines: what a call sends may have changed. A device that nobody sends is freed, if that is what was asked for. */
  readonly demand: () => void
}

/** Local media as effects. It is closed with its scope, and the devices with it. */
export interface LocalMedia extends LocalTracks {
  /**
   * Has a slot send something else in every call from now on, or something for the first time: another device, another
   * track, a screen. No round of offer and answer is needed for a slot that is being sent, and what is muted stays muted.
   * On failure (reason `Media`, or `InvalidConfig` for a track that has ended or is of the wrong kind) all is as before,
   * but for a device that can only be opened when the one before is closed.
   */
  readonly use: {
    (slot: "microphone" | "camera", request: DeviceRequest): Effect.Effect<void, WebRtcError>
    (slot: "screen", request: ScreenRequest): Effect.Effect<void, WebRtcError>
  }
  /** Closes what a slot sends. Calls go on with nothing in it, and are told nothing. */
  readonly stop: (slot: Slot) => Effect.Effect<void>
}

/** What is no media of ours is a request for some. */
export const isLocalTracks = (media: object): media is LocalTracks => "join" in media

// What LocalSources rejects with is of this type.
const asError = (error: unknown) => error as WebRtcError

/**
 * Opens local media. Fails with reason `Media`, whose `fault` tells a user who says no from a device that is missing or in
 * use. It waits as long as the browser asks its user.
 */
export const openMedia = (request: MediaRequest): Effect.Effect<LocalMedia, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const opened = makeSources(request)
    yield* Effect.addFinalizer(() => Effect.promise(opened.close))
    yield* Effect.tryPromise({ try: () => opened.open(request), catch: asError })
    const { demand, join, preview, track } = opened
    return {
      track,
      preview,
      join,
      demand,
      use: (slot: Slot, source: DeviceRequest | ScreenRequest) =>
        Effect.tryPromise({ try: (signal) => opened.use(slot, source, signal), catch: asError }),
      stop: (slot) => Effect.promise(() => opened.stop(slot))
    }
  })
