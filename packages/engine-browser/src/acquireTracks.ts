/** Asks the browser for tracks: devices together, so that its user is asked once. For local sources. */
import { type Slot, slots } from "@enigma-rtc/core"
import { browserError, mediaError, noMediaError } from "./browserError.ts"
import type { DeviceRequest, ScreenRequest, SlotRequests } from "./MediaRequest.ts"

/** By what a track has, for one of another frame has another class. */
export const isTrack = (request: DeviceRequest | ScreenRequest | undefined): request is MediaStreamTrack =>
  typeof request === "object" && "readyState" in request

/** Tracks by slot: the app's own, or new ones. When one cannot be had, all new ones are stopped and it rejects. */
export const acquireTracks = async (operation: string, requests: SlotRequests): Promise<ReadonlyArray<readonly [Slot, MediaStreamTrack]>> => {
  const found: Array<readonly [Slot, MediaStreamTrack]> = []
  const streams: Array<MediaStream> = []
  const ask = async (what: string, asked: Promise<MediaStream> | undefined) => {
    if (asked === undefined) throw noMediaError(operation)
    const stream = await asked.catch((cause: unknown) => {
      throw mediaError(operation, what, cause)
    })
    streams.push(stream)
    return stream
  }
  const { camera, microphone, screen } = requests
  const devices = globalThis.navigator?.mediaDevices as MediaDevices | undefined
  try {
    for (const slot of slots) {
      const track = requests[slot]
      if (!isTrack(track)) continue
      const expected = `live ${slot === "microphone" ? "audio" : "video"}`
      if (`${track.readyState} ${track.kind}` !== expected) throw browserError(operation, { _tag: "InvalidConfig", field: slot, expected })
      found.push([slot, track])
    }
    // First, while the user's click still counts.
    if (screen !== undefined && !isTrack(screen)) {
      const stream = await ask("screen", devices?.getDisplayMedia?.(screen === true ? {} : screen))
      for (const track of stream.getVideoTracks()) found.push(["screen", track])
      // A slot has one track: the sound of a screen has none.
      for (const track of stream.getAudioTracks()) track.stop()
    }
    const audio = isTrack(microphone) ? undefined : microphone
    const video = isTrack(camera) ? undefined : camera
    if (audio !== undefined || video !== undefined) {
      const what = [audio && "microphone", video && "camera"].filter(Boolean).join(" and ")
      const stream = await ask(what, devices?.getUserMedia({ ...(audio && { audio }), ...(video && { video }) }))
      for (const track of stream.getTracks()) found.push([track.kind === "audio" ? "microphone" : "camera", track])
    }
    return found
  } catch (error) {
    for (const stream of streams) for (const track of stream.getTracks()) track.stop()
    throw error
  }
}
