/** How loud a stream is, ten times a second. For level meters. */
import { type ReadonlySignal, useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"

let shared: AudioContext | undefined
const contextOf = (): AudioContext => {
  shared ??= new AudioContext()
  // Browsers let it run only after a click.
  if (shared.state === "suspended") void shared.resume().catch(() => {})
  return shared
}

const periodMs = 100
/** What is quieter than this (dBFS) is silence on the meter. */
const floorDb = -60

/** From 0 to 1; nothing where the browser has no sound system to measure with. */
export const useLevel = (stream: MediaStream | undefined, trackId: string | undefined): ReadonlySignal<number | undefined> => {
  const level = useSignal<number | undefined>(undefined)
  useEffect(() => {
    if (stream === undefined || stream.getAudioTracks().length === 0) return void (level.value = undefined)
    const context = contextOf()
    const source = context.createMediaStreamSource(stream)
    const analyser = new AnalyserNode(context, { fftSize: 1_024, smoothingTimeConstant: 0 })
    source.connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const timer = setInterval(() => {
      if (context.state !== "running") return
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      const now = power === 0 ? 0 : Math.max(0, 1 - (10 * Math.log10(power)) / floorDb)
      // Falls slowly, as the needle of an instrument does.
      level.value = Math.max(now, (level.peek() ?? 0) * 0.8)
    }, periodMs)
    return () => {
      clearInterval(timer)
      source.disconnect()
    }
  }, [stream, trackId])
  return level
}
