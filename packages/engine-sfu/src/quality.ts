/** How well a remote track arrives, and which of its layers: this engine's accessors for core's `RemoteTrack`. */
import type { RemoteTrack, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { SfuNotification } from "./protocol.ts"
import { refused } from "./sfuError.ts"
import type { Stays } from "./Stay.ts"

/** Layers of simulcast or SVC, from 0. */
export interface Layers {
  readonly spatial: number
  readonly temporal?: number
}

/** What the server tells of a remote track; what it has not told yet is left out. */
export interface RemoteQuality {
  /** How well it gets from the server to here: 0 (nothing) to 10. */
  readonly score?: number
  /** How well it gets from its sender to the server: 0 (nothing) to 10. */
  readonly producerScore?: number
  /** The layers that are forwarded now. */
  readonly layers?: Layers
}

interface Known {
  readonly quality: SubscriptionRef.SubscriptionRef<RemoteQuality>
  prefer: (layers: Layers) => Promise<void>
}

const tracks = /*#__PURE__*/ new WeakMap<RemoteTrack, Known>()

const known = (track: RemoteTrack): Known => {
  const one = tracks.get(track) ?? { quality: Effect.runSync(SubscriptionRef.make<RemoteQuality>({})), prefer: async () => {} }
  tracks.set(track, one)
  return one
}

/** How well a remote track arrives, now and whenever it changes. Says nothing of a track of another engine. */
export const remoteQuality = (track: RemoteTrack): Stream.Stream<RemoteQuality> =>
  Stream.suspend(() => SubscriptionRef.changes(known(track).quality))

/** The highest layers of a remote track that are to be forwarded; for a small picture the lower ones do. */
export const preferLayers = (track: RemoteTrack, layers: Layers): Effect.Effect<void, WebRtcError> =>
  Effect.tryPromise({ try: () => known(track).prefer(layers), catch: (cause) => refused("preferLayers", cause) })

type Told = Extract<SfuNotification, { readonly event: "consumerScore" | "consumerLayers" }>

/** What is told of consumers, for the tracks that they are of now. */
export class Qualities {
  readonly #stays: Stays
  readonly #tracks = new Map<string, RemoteTrack>()
  /** Of consumers, what was told last: some of it before anybody knows their track. */
  readonly #told = new Map<string, RemoteQuality>()

  constructor(stays: Stays) {
    this.#stays = stays
  }

  follow(consumer: string, track: RemoteTrack): void {
    this.#tracks.set(consumer, track)
    known(track).prefer = async (layers) => {
      await this.#stays.request("setConsumer", { consumer, layers })
    }
    this.#tell(consumer)
  }

  forget(consumer: string): void {
    this.#tracks.delete(consumer)
    this.#told.delete(consumer)
  }

  notified(told: Told): void {
    const { layers, ...scores } = this.#told.get(told.consumer) ?? {}
    const quality = told.event === "consumerScore"
      ? { ...(layers === undefined ? {} : { layers }), score: told.score, producerScore: told.producerScore }
      : { ...scores, ...(told.spatial === undefined ? {} : { layers: { spatial: told.spatial, ...(told.temporal === undefined ? {} : { temporal: told.temporal }) } }) }
    this.#told.set(told.consumer, quality)
    this.#tell(told.consumer)
  }

  #tell(consumer: string): void {
    const [track, quality] = [this.#tracks.get(consumer), this.#told.get(consumer)]
    if (track !== undefined && quality !== undefined) Effect.runSync(SubscriptionRef.set(known(track).quality, quality))
  }
}
