/** A connection that is somewhere else, as the port's own. */
import type { EngineEvent, RemoteTrack, RtcConfig, RtcPeer } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { Handle, WireEvent } from "./Frame.ts"
import { remoteChannel } from "./remoteChannel.ts"
import type { RemoteConnection } from "./RemoteConnection.ts"
import { fromWireError } from "./wire.ts"

/** What is known of a connection before it is open. */
export interface RemotePeerOptions {
  readonly connection: RemoteConnection
  readonly engine: string
  readonly handle: Handle
  readonly config: RtcConfig
  /** How much longer than at the far side an operation may take here. */
  readonly graceMs: number
  /** A track has come: what asks for it asks for this handle. */
  readonly onTrack: (track: RemoteTrack, handle: Handle) => void
}

/** Hears the connection from now on. */
export const remotePeer = ({ config, connection, engine, graceMs, handle, onTrack }: RemotePeerOptions): RtcPeer => {
  const { ask } = connection
  const limits = { engine, limitMs: config.operationTimeoutMs + graceMs, peer: handle }
  const events = Effect.runSync(Queue.unbounded<EngineEvent, Cause.Done>())
  const tracks = new Map<Handle, RemoteTrack>()

  /** The same object each time: apps know tracks by it. */
  const trackOf = (track: RemoteTrack, of: Handle) => {
    const known = tracks.get(of) ?? track
    if (!tracks.has(of)) onTrack(known, of)
    tracks.set(of, known)
    return known
  }
  const fromWireEvent = (event: WireEvent): EngineEvent => {
    switch (event._tag) {
      case "LocalCandidate":
      case "Link":
      case "NegotiationNeeded":
      case "LocalSourceEnded":
        return event
      case "RemoteTrack":
      case "RemoteTrackEnded":
        return { _tag: event._tag, track: trackOf(event.track, event.handle) }
      case "DataChannelOpened":
        return { _tag: event._tag, channel: remoteChannel(connection, limits, event.handle).channel(event.channel) }
      case "CandidateRefused":
      case "Failed":
        return { ...event, error: fromWireError(event.error) }
    }
  }
  const end = () => void Queue.endUnsafe(events)
  connection.hear(
    handle,
    (told) => {
      if (told._tag === "Event") return void Queue.offerUnsafe(events, fromWireEvent(told.event))
      connection.unhear(handle)
      end()
    },
    end
  )
  return {
    setMedia: (intent) => Effect.asVoid(ask(limits, "setMedia", handle, intent)),
    createOffer: (options) => ask(limits, "createOffer", handle, options ?? null),
    createAnswer: (sdp) => ask(limits, "createAnswer", handle, sdp),
    applyAnswer: (sdp) => Effect.asVoid(ask(limits, "applyAnswer", handle, sdp)),
    rollback: Effect.asVoid(ask(limits, "rollback", handle)),
    addRemoteCandidate: (candidate) => Effect.asVoid(ask(limits, "addRemoteCandidate", handle, candidate)),
    openDataChannel: (label, options) => {
      const opening = Effect.suspend(() => {
        const of = connection.newHandle()
        const { channel, close } = remoteChannel(connection, limits, of)
        return ask(limits, "openDataChannel", handle, of, label, options ?? null).pipe(
          Effect.map(channel),
          // It may have opened at the far side all the same.
          Effect.onError(() => Effect.forkDetach(close))
        )
      })
      return Effect.acquireRelease(opening, ({ close }) => close, { interruptible: true })
    },
    stats: ask(limits, "stats", handle),
    // One by one, so that what one reader has not taken, the next one gets.
    events: Stream.fromPull(Effect.succeed(Effect.map(Queue.take(events), (event) => [event] as const)))
  }
}
