/** What a person sees and hears of a call in a page, while its tracks replace each other: as an app would play it. */
import type { LineCall, RemoteTrack } from "@enigma-rtc/core"
import { remoteMediaTrack as ofPeer, remoteStream as fromPeer } from "@enigma-rtc/engine-browser"
import { remoteMediaTrack as ofRoom, remoteStream as fromRoom } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { countConnections, receivers } from "../../../packages/engine-browser/test/openConnections.ts"

countConnections()

const nativeOf = (track: RemoteTrack) => ofPeer(track) ?? ofRoom(track)
const streamOf = (track: RemoteTrack): MediaStream => (ofPeer(track) === undefined ? fromRoom(track) : fromPeer(track))

const play = (stream: MediaStream, isMuted: boolean): HTMLVideoElement => {
  const video = Object.assign(document.createElement("video"), { muted: isMuted, autoplay: true, playsInline: true, volume: 0.01 })
  video.srcObject = stream
  void video.play().catch(() => {})
  return video
}

/** When something last happened, and the longest that it did not. */
const makeWatch = () => {
  let lastMs: number | undefined
  let longestMs = 0
  return {
    happened: () => {
      const nowMs = performance.now()
      if (lastMs !== undefined) longestMs = Math.max(longestMs, nowMs - lastMs)
      lastMs = nowMs
    },
    begin: () => {
      longestMs = 0
    },
    longestMs: () => Math.round(Math.max(longestMs, performance.now() - (lastMs ?? 0)))
  }
}

/** Shows a call's camera, and plays its microphone. */
export const watchCall = (call: LineCall) =>
  Effect.gen(function*() {
    const frames = makeWatch()
    const packets = makeWatch()
    /** In the page: what is there stays until its successor has a picture to show. */
    const places = { camera: document.createElement("div"), microphone: document.createElement("div"), screen: document.createElement("div") }
    document.body.append(...Object.values(places))
    const shown = () => places.camera.querySelector("video") ?? undefined
    let playing: RemoteTrack | undefined
    let moves = -1
    let blanks = 0
    const show = (track: RemoteTrack) => {
      const next = play(streamOf(track), track.slot !== "microphone")
      const onFrame = () => {
        if (next.parentElement === null) {
          // Another has taken its place.
          if (next.dataset["wasShown"] !== undefined) return
          places[track.slot].replaceChildren(next)
          next.dataset["wasShown"] = "yes"
          moves += 1
        }
        frames.happened()
        next.requestVideoFrameCallback(onFrame)
      }
      if (track.slot === "camera") next.requestVideoFrameCallback(onFrame)
      else {
        playing = track
        places[track.slot].replaceChildren(next)
      }
    }
    yield* Effect.forkScoped(
      Stream.runForEach(call.events, (event) => Effect.sync(() => {
        if (event._tag === "RemoteTrack") show(event.track)
      })),
      { startImmediately: true }
    )
    let counted = ""
    let energy = 0
    yield* Effect.forkScoped(Effect.forever(Effect.gen(function*() {
      yield* Effect.sleep(10)
      const video = shown()
      const isBlank = video === undefined ? moves >= 0 : video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA
      if (isBlank) blanks += 1
      const native = playing && nativeOf(playing)
      const receiver = receivers().find(({ track }) => track === native)
      if (playing === undefined || receiver === undefined) return
      const report = yield* Effect.promise(() => receiver.getStats())
      for (const one of report.values()) {
        if (one.type !== "inbound-rtp") continue
        const count = `${playing.id} ${one.packetsReceived}`
        if (count !== counted && one.packetsReceived > 0) packets.happened()
        counted = count
        energy = one.totalAudioEnergy ?? 0
      }
    })))
    yield* Effect.addFinalizer(() => Effect.sync(() => Object.values(places).forEach((place) => place.remove())))
    return {
      /** How often one element took the place of another. */
      moves: () => moves,
      /** How often, asked every 10 ms, there was no picture. */
      blanks: () => blanks,
      begin: () => {
        frames.begin()
        packets.begin()
      },
      frameGapMs: frames.longestMs,
      packetGapMs: packets.longestMs,
      /** How much sound has come of the track that plays (W3C webrtc-stats, "totalAudioEnergy"). */
      energy: () => energy
    }
  })
