/** The stack of a page: mediasoup-client over the browser's own connections, tracks in and tracks out. */
import { type Slot, toCallStats } from "@enigma-rtc/core"
import type { Producer, RtpEncodingParameters } from "mediasoup-client/types"
import type { RoomMedia } from "./localMedia.ts"
import { beginTrack } from "./remoteMedia.ts"
import type { Feed, SendingCall, Stack } from "./Stack.ts"

/** What a producer is made with: it must have a track, and sends nothing. */
const openPlaceholder = (slot: Slot): { readonly track: MediaStreamTrack; readonly close: () => void } => {
  if (slot === "microphone") {
    const context = new AudioContext()
    const [track] = context.createMediaStreamDestination().stream.getAudioTracks()
    if (track === undefined) throw new Error("A destination node has a track.")
    return { track, close: () => void context.close() }
  }
  const canvas = document.createElement("canvas")
  // Firefox captures only what has a context.
  canvas.getContext("2d")
  const [track] = canvas.captureStream(0).getVideoTracks()
  if (track === undefined) throw new Error("A canvas that is captured has a track.")
  return { track, close: () => track.stop() }
}

const openFeed = (slot: Slot, media: RoomMedia, encodings: ReadonlyArray<RtpEncodingParameters> | undefined, onEnded: (reason: string) => void): Feed => {
  let placeholder: ReturnType<typeof openPlaceholder> | undefined = openPlaceholder(slot)
  let producer: Producer | undefined
  const close = () => {
    placeholder?.close()
    placeholder = undefined
  }
  return {
    options: { track: placeholder.track, ...(encodings === undefined ? {} : { encodings: structuredClone([...encodings]) }) },
    begin: async (made) => {
      producer = made
      await made.replaceTrack({ track: null })
      close()
    },
    send: async (isSent) => {
      if (producer === undefined || producer.closed) return
      const track = isSent ? media.track(slot) ?? null : null
      try {
        await producer.replaceTrack({ track })
      } catch (cause) {
        // Nobody may believe to be muted who is not.
        if (track === null && !producer.closed) throw cause
        if (track !== null) onEnded("The browser cannot send it.")
      }
    },
    close
  }
}

export interface BrowserStackOptions {
  readonly media: RoomMedia
  readonly connection: RTCConfiguration
  /** Of the camera: simulcast. */
  readonly cameraEncodings: ReadonlyArray<RtpEncodingParameters> | undefined
}

export const browserStack = ({ cameraEncodings, connection, media }: BrowserStackOptions): Stack => {
  const calls = new Set<SendingCall>()
  return {
    connection,
    lacks: typeof RTCPeerConnection === "undefined" ? "RTCPeerConnection" : undefined,
    joinSources: (call) => {
      const leave = media.join(call)
      calls.add(call)
      return () => {
        calls.delete(call)
        leave()
      }
    },
    demand: media.demand,
    openFeed: (slot) => openFeed(slot, media, slot === "camera" ? cameraEncodings : undefined, (reason) => calls.forEach((call) => call.ended(slot, reason))),
    beginTrack,
    figures: async (transport, { all, counted, way }) => {
      const slotOf = (mid: string | undefined) => all.find(({ parameters }) => mid !== undefined && parameters.mid === mid)?.slot
      const { path, received, roundTripTimeMs, sent } = toCallStats(await transport.getStats(), slotOf, counted)
      return {
        rtp: way === "sent" ? sent : received,
        ...(path === undefined ? {} : { path }),
        ...(roundTripTimeMs === undefined ? {} : { roundTripTimeMs })
      }
    }
  }
}
