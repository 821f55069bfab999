/** How much of a track a browser has decoded: pictures, and the energy of sound. Packets alone would prove no codec. */
/// <reference lib="dom" />
import type { RemoteTrack } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"

const receivers = new WeakMap<MediaStreamTrack, RTCRtpReceiver>()

/** From now on every connection of the page tells which receiver a track is of, whatever engine opens it. */
export const countDecoded = (): void => {
  const Native = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener("track", ({ receiver, track }) => receivers.set(track, receiver))
    }
  }
}

/** A browser that nobody listens to does not decode sound. */
const players = new WeakMap<MediaStreamTrack, HTMLAudioElement>()
const listen = (track: MediaStreamTrack) => {
  if (track.kind !== "audio" || players.has(track)) return
  const player = new Audio()
  player.srcObject = new MediaStream([track])
  players.set(track, player)
  void player.play().catch(() => {})
}

/** The least energy that is sound: a tone has a hundred times as much in 100 ms, what fills a pause far less. */
const audible = 1e-4

/** Figures of a report that are read here, which the DOM's types do not name. */
interface Inbound {
  readonly type: string
  readonly framesDecoded?: number
  readonly totalAudioEnergy?: number
}

/** Pictures decoded, or units of energy heard, since the track's receiver began. */
const decoded = async (track: MediaStreamTrack): Promise<number> => {
  listen(track)
  const report = await receivers.get(track)?.getStats()
  let sum = 0
  report?.forEach((one: Inbound) => {
    if (one.type !== "inbound-rtp") return
    sum += track.kind === "video" ? one.framesDecoded ?? 0 : Math.floor((one.totalAudioEnergy ?? 0) / audible)
  })
  return sum
}

/** Who waits for something asks every few milliseconds; a report is not made as often. */
const sampleMs = 50

interface Sample {
  readonly at: number
  readonly count: Promise<number>
}

/** The same of core's tracks, by what an engine says is behind them. Of a track that is over, what had been decoded. */
export const decodedOf = (native: (track: RemoteTrack) => MediaStreamTrack | undefined): (track: RemoteTrack) => Effect.Effect<number> => {
  const samples = new WeakMap<RemoteTrack, Sample>()
  return (track) =>
    Effect.promise(() => {
      const [last, behind] = [samples.get(track), native(track)]
      if (last !== undefined && (behind === undefined || performance.now() - last.at < sampleMs)) return last.count
      const sample = { at: performance.now(), count: behind === undefined ? Promise.resolve(0) : decoded(behind) }
      samples.set(track, sample)
      return sample.count
    })
}
