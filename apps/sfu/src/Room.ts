/** A room: the stays in it, and what they send, on one worker's router. */
import type { SfuNotification } from "@enigma-rtc/engine-sfu"
import type { types } from "mediasoup"
import type { Source } from "./audience.ts"
import type { Ended, Stay } from "./Stay.ts"
import type { LiveWorker, WorkerPlace } from "./workers.ts"

/** What media rooms carry, where an app does not say. */
export const defaultCodecs: Array<types.RouterRtpCodecCapability> = [
  { kind: "audio", mimeType: "audio/opus", clockRate: 48_000, channels: 2 },
  { kind: "video", mimeType: "video/VP8", clockRate: 90_000 },
  { kind: "video", mimeType: "video/VP9", clockRate: 90_000, parameters: { "profile-id": 0 } },
  {
    kind: "video",
    mimeType: "video/H264",
    clockRate: 90_000,
    parameters: { "packetization-mode": 1, "profile-level-id": "42e01f", "level-asymmetry-allowed": 1 }
  }
]

/** Where the peers of one name meet. */
export class Room {
  readonly name: string
  readonly place: WorkerPlace
  readonly live: LiveWorker
  /** Rejects when the worker fails at it. */
  readonly router: Promise<types.Router>
  readonly stays = new Map<string, Stay>()
  readonly sources = new Map<string, Source>()
  /** Called when a stay has left. */
  readonly #left: (stay: Stay) => void
  closed = false
  /** How often somebody has joined. */
  joins = 0
  /** How many are about to. */
  arriving = 0

  constructor(
    name: string,
    place: WorkerPlace,
    live: LiveWorker,
    codecs: Array<types.RouterRtpCodecCapability>,
    left: (stay: Stay) => void
  ) {
    this.name = name
    this.place = place
    this.live = live
    this.router = live.worker.createRouter({ mediaCodecs: codecs })
    this.#left = left
    // Whoever joins waits for it too, and says so.
    this.router.then((router) => this.closed && router.close(), () => {})
  }

  /** Enters a stay, and tells the others. */
  add(stay: Stay): void {
    this.tellOthers(stay, { event: "peerJoined", peer: stay.peer })
    this.stays.set(stay.peer, stay)
    this.place.peers += 1
    this.joins += 1
  }

  /** Takes a stay out, and tells the others. */
  remove(stay: Stay): void {
    if (this.stays.get(stay.peer) !== stay) {
      return
    }
    this.stays.delete(stay.peer)
    this.place.peers -= 1
    this.tellOthers(stay, { event: "peerLeft", peer: stay.peer })
    this.#left(stay)
  }

  /** Tells everybody but one. */
  tellOthers(stay: Stay, notification: SfuNotification): void {
    for (const other of this.stays.values()) {
      if (other !== stay) {
        other.tell(notification)
      }
    }
  }

  /** Ends every stay, and the router. */
  close(why: Ended): void {
    this.closed = true
    // The others are ended with it: nobody is told of each.
    const stays = [...this.stays.values()]
    for (const stay of stays) {
      stay.tell({ event: "ended", why })
      stay.listener = undefined
    }
    for (const stay of stays) {
      stay.end()
    }
    this.router.then((router) => router.close(), () => {})
  }
}
