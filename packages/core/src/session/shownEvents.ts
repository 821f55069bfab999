/** What an app is told of a call that may be on two connections: one stream, in order, in which nothing is heard double. For `MovingCall`. */
import type { CallState } from "../call/CallState.ts"
import type { Slot } from "../call/MediaIntent.ts"
import type { RemoteTrack } from "../engine/EngineEvent.ts"
import { type EventLog, eventHistory } from "./EventLog.ts"
import type { RtcEvent } from "./RtcEvent.ts"

/** A connection that events come from. */
export interface EventSource {
  readonly engine: () => string
  /** The state now. */
  readonly now: CallState
  /** The far end's media that are there. */
  readonly tracks: Set<RemoteTrack>
  /** What waits until the call is on this connection: the last 256, as for any late reader. */
  readonly held: Array<RtcEvent>
}

export interface ShownEvents<S extends EventSource> {
  /** The connection that the app sees the call on. */
  readonly shown: () => S | undefined
  /** The first connection, or what is left of the call: without a word. */
  readonly place: (source: S | undefined) => void
  /** The call goes on on this connection. */
  readonly show: (source: S) => void
  readonly publish: (source: S, event: RtcEvent) => void
  /** Media flow, or do not any more. */
  readonly tellMedia: (isUp: boolean) => void
  /** The connection is no more. */
  readonly left: (source: S) => void
}

export const makeShownEvents = <S extends EventSource>(log: Pick<EventLog<RtcEvent>, "publish">): ShownEvents<S> => {
  let shown: S | undefined
  let media: "new" | "up" | "down" = "new"
  /** What the app plays. */
  const played = new Map<RemoteTrack, S>()
  /** Local sources whose end was told since the call is on this connection: the other one tells it, too. */
  const sourcesEnded = new Set<Slot>()
  let isClosed = false
  /** A connection changes its state before it says so: it may be shown in between. */
  let state: CallState["_tag"] | undefined

  const tellState = (now: CallState) => {
    if (now._tag === state) return
    state = now._tag
    log.publish({ _tag: "StateChanged", state: now })
  }
  const play = (track: RemoteTrack, source: S) => {
    const [replaces] = [...played].find(([{ slot }, from]) => from !== source && slot === track.slot) ?? []
    if (replaces !== undefined) played.delete(replaces)
    played.set(track, source)
    log.publish({ _tag: "RemoteTrack", track, ...(replaces === undefined ? {} : { replaces }) })
  }
  const stop = (track: RemoteTrack) => {
    if (played.delete(track) && !isClosed) log.publish({ _tag: "RemoteTrackEnded", track })
  }
  const tellMedia = (isUp: boolean) => {
    if (isUp === (media === "up") || (media === "new" && !isUp)) return
    log.publish({ _tag: isUp ? (media === "new" ? "ConnectionEstablished" : "ConnectionRestored") : "ConnectionInterrupted" })
    media = isUp ? "up" : "down"
  }

  return {
    shown: () => shown,
    place: (source) => {
      shown = source
    },
    tellMedia,
    show: (source) => {
      shown = source
      tellState(source.now)
      log.publish({ _tag: "EngineSwitched", engine: source.engine() })
      for (const track of source.tracks) if (!played.has(track)) play(track, source)
      for (const event of source.held.splice(0)) {
        if (event._tag !== "LocalSourceEnded" || !sourcesEnded.has(event.slot)) log.publish(event)
      }
      sourcesEnded.clear()
      if (source.now._tag === "Connected") tellMedia(source.now.media._tag === "Up")
    },
    publish: (source, event) => {
      const isShown = source === shown
      switch (event._tag) {
        case "RemoteTrack":
          source.tracks.add(event.track)
          if (isShown) play(event.track, source)
          return
        case "RemoteTrackEnded":
          source.tracks.delete(event.track)
          return stop(event.track)
        case "ConnectionEstablished":
        case "ConnectionRestored":
        case "ConnectionInterrupted":
          if (isShown) tellMedia(event._tag !== "ConnectionInterrupted")
          return
        case "DataChannelOpened":
        case "LocalSourceEnded":
        case "MessageRefused":
        case "SendFailed":
          if (isShown && event._tag === "LocalSourceEnded") sourcesEnded.add(event.slot)
          if (isShown) log.publish(event)
          else if (source.held.push(event) > eventHistory) source.held.shift()
          return
        case "ConnectionClosed":
          isClosed ||= isShown
          if (isShown) log.publish(event)
          return
        case "StateChanged":
          if (isShown) tellState(event.state)
          return
        case "EngineSwitched":
        case "LocalIceCandidate":
        case "NegotiationFailed":
          if (isShown) log.publish(event)
      }
    },
    left: (source) => {
      for (const track of source.tracks) stop(track)
    }
  }
}
