/** Tells the near side what a served connection tells: its events, and the messages of its channels. */
import type { DataChannel, EngineEvent, RemoteTrack, RtcPeer, WebRtcError } from "@enigma-rtc/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Handle, ToNear, WireEvent } from "./Frame.ts"
import { Handles } from "./Handles.ts"
import { toWireData, toWireError } from "./wire.ts"

export interface ServedEvents {
  readonly channels: Handles<DataChannel>
  readonly tracks: Handles<RemoteTrack>
  /** Tells a channel's messages until it closes. */
  readonly read: (channel: Handle, of: DataChannel) => void
  /** Tells a connection's events until it closes. */
  readonly watch: (peer: Handle, engine: Handle, of: RtcPeer) => void
}

export const servedEvents = (tell: (frame: ToNear) => void): ServedEvents => {
  const channels = new Handles<DataChannel>()
  const tracks = new Handles<RemoteTrack>()
  const handles = new WeakMap<RemoteTrack, Handle>()
  let last = 0

  const handleOf = (track: RemoteTrack, engine: Handle) => {
    const handle = handles.get(track) ?? --last
    handles.set(track, handle)
    tracks.set(handle, track, engine)
    return handle
  }
  const read = (handle: Handle, channel: DataChannel) => {
    const telling = Stream.runForEach(channel.messages, (data) =>
      Effect.sync(() => tell({ _tag: "Message", channel: handle, data: toWireData(data) })))
    Effect.runFork(telling).addObserver((exit) => {
      const failure: Result.Result<WebRtcError, unknown> = Exit.isFailure(exit) ? Cause.findError(exit.cause) : Result.fail(undefined)
      tell({ _tag: "ChannelEnded", channel: handle, ...(Result.isSuccess(failure) ? { error: toWireError(failure.success) } : {}) })
    })
  }
  const toWireEvent = (event: EngineEvent, engine: Handle): WireEvent => {
    switch (event._tag) {
      case "LocalCandidate":
      case "Link":
      case "NegotiationNeeded":
      case "LocalSourceEnded":
        return event
      case "RemoteTrack":
      case "RemoteTrackEnded":
        return { ...event, handle: handleOf(event.track, engine) }
      case "DataChannelOpened": {
        const { label, protocol } = event.channel
        const handle = --last
        channels.set(handle, event.channel, engine)
        return { _tag: "DataChannelOpened", channel: { label, protocol }, handle }
      }
      case "CandidateRefused":
      case "Failed":
        return { ...event, error: toWireError(event.error) }
    }
  }
  return {
    channels,
    tracks,
    read,
    watch: (handle, engine, peer) => {
      const telling = Stream.runForEach(peer.events, (event) =>
        Effect.sync(() => {
          const wire = toWireEvent(event, engine)
          tell({ _tag: "Event", peer: handle, event: wire })
          // Not before the near side knows the channel.
          if (event._tag === "DataChannelOpened" && wire._tag === "DataChannelOpened") read(wire.handle, event.channel)
        }))
      Effect.runFork(telling).addObserver(() => tell({ _tag: "EventsEnded", peer: handle }))
    }
  }
}
