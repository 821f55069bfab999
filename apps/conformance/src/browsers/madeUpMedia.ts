/** A tone and moving pictures, made in a page: sound and frames without a break, in every browser alike. */
/// <reference lib="dom" />

const [width, height, framesPerSecond, toneHz] = [160, 120, 20, 440]

/** The only track of a stream that has been made with one. */
const only = (stream: MediaStream): MediaStreamTrack => {
  const [track] = stream.getTracks()
  if (track === undefined) throw new Error("The stream has no track.")
  return track
}

const oscillator = (): MediaStreamTrack => {
  const context = new AudioContext()
  const destination = context.createMediaStreamDestination()
  const source = new OscillatorNode(context, { frequency: toneHz })
  source.connect(new GainNode(context, { gain: 0.3 })).connect(destination)
  source.start()
  return only(destination.stream)
}

/**
 * Chromium's made-up microphone beeps once a second, which is too seldom; Firefox's is a steady tone, and its AudioContext
 * does not run where no sound device is.
 */
const tone = async (): Promise<MediaStreamTrack> =>
  navigator.userAgent.includes("Firefox") ? only(await navigator.mediaDevices.getUserMedia({ audio: true })) : oscillator()

/** Each picture differs from the one before. */
const pictures = (): MediaStreamTrack => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  const brush = canvas.getContext("2d")
  let count = 0
  setInterval(() => {
    if (brush === null) return
    brush.fillStyle = `hsl(${(count * 7) % 360} 80% 50%)`
    brush.fillRect(0, 0, width, height)
    brush.fillStyle = "white"
    brush.fillRect((count++ * 5) % width, 40, 20, 40)
  }, 1_000 / framesPerSecond)
  return only(canvas.captureStream(framesPerSecond))
}

export interface MadeUpMedia {
  readonly microphone: MediaStreamTrack
  readonly camera: MediaStreamTrack
  readonly screen: MediaStreamTrack
}

/** One source for each slot, for the page's whole life. */
export const madeUpMedia = async (): Promise<MadeUpMedia> => {
  const camera = pictures()
  return { microphone: await tone(), camera, screen: camera.clone() }
}
