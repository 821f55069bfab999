/** The page's own WebRTC: what a script gets of it, and our engine over it. */
import { BrowserEngine } from "@enigma-rtc/engine-browser"
import type { Stack } from "./Stack.ts"

/** A tone and a small picture, made here: what a device does is no part of what is measured. */
const makeTracks = (): { readonly audio: MediaStreamTrack; readonly video: MediaStreamTrack } => {
  const sound = new AudioContext()
  const tone = sound.createOscillator()
  const heard = sound.createMediaStreamDestination()
  tone.connect(heard)
  tone.start()
  const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 32 })
  const paint = canvas.getContext("2d")
  setInterval(() => {
    if (paint === null) return
    paint.fillStyle = `hsl(${performance.now() % 360} 60% 50%)`
    paint.fillRect(0, 0, 32, 32)
  }, 200)
  const [audio] = heard.stream.getAudioTracks()
  const [video] = canvas.captureStream(5).getVideoTracks()
  if (audio === undefined || video === undefined) throw new Error("This browser makes no tracks of a tone and a canvas.")
  return { audio, video }
}

export const openBrowserStack = (): Stack => {
  const tracks = makeTracks()
  return {
    Connection: RTCPeerConnection,
    connect: () => new RTCPeerConnection(),
    track: (kind) => tracks[kind],
    isUp: ({ connectionState }) => connectionState === "connected",
    engine: BrowserEngine.make({ media: { microphone: tracks.audio, camera: tracks.video } })
  }
}
