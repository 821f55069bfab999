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

const stop = (video: HTMLVideoElement | undefined): void => {
  if (video === undefined) return
  video.srcObject = null
  video.remove()
}

const play = (stream: MediaStream, isMuted: boolean): HTMLVideoElement => {
  const video = Object.assign(document.createElement("video"), { muted: isMuted, autoplay: true, playsInline: true, volume: 0.01 })
  video.srcObject = stream
  document.body.append(video)
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
    let shown: HTMLVideoElement | undefined
    let playing: RemoteTrack | undefined
    let moves = 0
    let blanks = 0
    const showNext = (track: RemoteTrack) => {
      const next = play(streamOf(track), true)
      const onFrame = () => {
        if (shown !== next && !next.dataset["isGone"]) {
          if (shown !== undefined) {
            shown.dataset["isGone"] = "yes"
            stop(shown)
            moves += 1
          }
          shown = next
        }
        if (shown === next) frames.happened()
        if (!next.dataset["isGone"]) next.requestVideoFrameCallback(onFrame)
      }
      next.requestVideoFrameCallback(onFrame)
    }
    let audio: HTMLVideoElement | undefined
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) =>
      Effect.sync(() => {
        if (event._tag !== "RemoteTrack") return
        if (event.track.slot === "camera") showNext(event.track)
        if (event.track.slot === "microphone") {
          playing = event.track
          const before = audio
          audio = play(streamOf(event.track), false)
          stop(before)
        }
      })), { startImmediately: true })
    let counted = ""
    let energy = 0
    yield* Effect.forkScoped(Effect.forever(Effect.gen(function*() {
      yield* Effect.sleep(10)
      if (shown !== undefined && (shown.videoWidth === 0 || shown.readyState < HTMLMediaElement.HAVE_CURRENT_DATA)) blanks += 1
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
    yield* Effect.addFinalizer(() => Effect.sync(() => {
      stop(shown)
      stop(audio)
    }))
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
