/** Which microphones, cameras and loudspeakers there are. For an app's settings. */
import type { WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Queue from "effect/Queue"
import { mediaError, noMediaError } from "./browserError.ts"

const operation = "listDevices"

const withDevices = <A>(use: (devices: MediaDevices) => A): Effect.Effect<A, WebRtcError> =>
  Effect.suspend(() => {
    const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined
    return devices === undefined ? Effect.fail(noMediaError(operation)) : Effect.sync(() => use(devices))
  })

/**
 * The devices that there are now (W3C Media Capture, "enumerateDevices()"). Until the page was allowed to use one, they
 * have no names, and there is at most one of a kind. Fails with reason `Media`, `unsupported` without a secure context.
 */
export const listDevices: Effect.Effect<ReadonlyArray<MediaDeviceInfo>, WebRtcError> = /*#__PURE__*/ Effect.flatten(
  /*#__PURE__*/ withDevices((devices) =>
    Effect.tryPromise({
      try: () => devices.enumerateDevices(),
      catch: (cause) => mediaError(operation, "devices", cause)
    }))
)

/** The devices that there are now, and again whenever one comes or goes. */
export const deviceChanges: Stream.Stream<ReadonlyArray<MediaDeviceInfo>, WebRtcError> = /*#__PURE__*/ Stream.mapEffect(
  /*#__PURE__*/ Stream.callback<void, WebRtcError>((queue) =>
    Effect.acquireRelease(
      withDevices((devices) => {
        const tell = () => void Queue.offerUnsafe(queue, undefined)
        devices.addEventListener("devicechange", tell)
        tell()
        return () => devices.removeEventListener("devicechange", tell)
      }),
      (leave) => Effect.sync(leave)
    ), { bufferSize: 1, strategy: "sliding" }),
  () => listDevices
)
