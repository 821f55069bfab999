/** Tracks that are made up in the page: a tone, and pictures that change 20 times a second. They end with the scope. */
import type { Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** Without a sound card Firefox sends it as silence, in packets all the same. */
export const openTone = (frequency = 440): Effect.Effect<MediaStreamTrack, never, Scope.Scope> =>
  Effect.gen(function*() {
    const context = yield* Effect.acquireRelease(
      Effect.sync(() => new AudioContext()),
      (context) => Effect.promise(() => context.close())
    )
    const oscillator = new OscillatorNode(context, { frequency })
    const out = new MediaStreamAudioDestinationNode(context)
    oscillator.connect(out)
    oscillator.start()
    const [track] = out.stream.getAudioTracks()
    if (track === undefined) throw new Error("A destination node has a track.")
    return track
  })

/** Its pictures are of one hue, with a lightness that goes up and down. */
export const openPictures = (hue = 200, width = 160, height = 96): Effect.Effect<MediaStreamTrack, never, Scope.Scope> =>
  Effect.gen(function*() {
    const canvas = Object.assign(document.createElement("canvas"), { width, height })
    const context = canvas.getContext("2d")
    let at = 0
    const draw = () => {
      if (context === null) return
      context.fillStyle = `hsl(${hue} 80% ${30 + (at++ % 40)}%)`
      context.fillRect(0, 0, width, height)
    }
    draw()
    const [track] = canvas.captureStream(20).getVideoTracks()
    if (track === undefined) throw new Error("A canvas that is captured has a track.")
    const clock = setInterval(draw, 50)
    yield* Effect.addFinalizer(() => Effect.sync(() => {
      clearInterval(clock)
      track.stop()
    }))
    return track
  })

export const openTracks: Effect.Effect<{ readonly [S in Slot]: MediaStreamTrack }, never, Scope.Scope> = Effect.all({
  microphone: openTone(),
  camera: openPictures(),
  screen: openPictures(20)
})

/**
 * A track that the test can end as a browser ends one, with the event (W3C Media Capture section 4.3.3): what a connection
 * receives ends when that connection closes. `stop` tells nobody, and Firefox lets nobody dispatch the event after it.
 */
export const openMortal = (
  from: MediaStreamTrack
): Effect.Effect<{ readonly track: MediaStreamTrack; readonly end: () => void }, never, Scope.Scope> =>
  Effect.gen(function*() {
    const connection = Effect.acquireRelease(Effect.sync(() => new RTCPeerConnection()), (pc) => Effect.sync(() => pc.close()))
    const [near, far] = [yield* connection, yield* connection]
    near.addTrack(from)
    const offer = yield* Effect.promise(() => near.createOffer())
    yield* Effect.promise(() => far.setRemoteDescription(offer))
    const [receiver] = far.getReceivers()
    if (receiver === undefined) throw new Error("What is offered is received.")
    return { track: receiver.track, end: () => far.close() }
  })
