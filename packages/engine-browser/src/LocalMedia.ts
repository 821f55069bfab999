/** The microphone, the camera and the screen of a page: opened before a call, and there for every call. For apps. */
import type { Slot, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type LocalSources, makeSources, type OpenSources } from "./LocalSources.ts"
import type { DeviceRequest, MediaRequest, ScreenRequest } from "./MediaRequest.ts"

/** Local media that an engine can be given. */
export interface LocalTracks {
  /** What a slot sends now, if there is anything; for looking at, as its settings or its level. */
  readonly track: (slot: Slot) => MediaStreamTrack | undefined
  /** What a slot sends, for a media element's `srcObject`: one stream for good, which follows every switch. */
  readonly preview: (slot: Slot) => MediaStream
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

const sources = /*#__PURE__*/ new WeakMap<LocalTracks, LocalSources>()

/** The sources behind what an app has been handed. For the engine. */
export const sourcesOf = (media: object): LocalSources | undefined => sources.get(media as LocalTracks)

/** Hands out sources in whatever form. */
export const handOut = <A extends LocalTracks>(opened: OpenSources, media: A): A => {
  sources.set(media, opened)
  return media
}

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
    return handOut(opened, {
      track: opened.track,
      preview: opened.preview,
      use: (slot: Slot, source: DeviceRequest | ScreenRequest) =>
        Effect.tryPromise({ try: (signal) => opened.use(slot, source, signal), catch: asError }),
      stop: (slot) => Effect.promise(() => opened.stop(slot))
    })
  })
