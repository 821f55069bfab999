/** Shows a stream's picture, and plays its sound where it is to be heard. */
import { useEffect, useRef } from "preact/hooks"
import { useSignal } from "@preact/signals"
import { speakerId } from "../model/media.ts"

interface VideoProps {
  readonly stream: MediaStream
  readonly label: string
  readonly isMirrored?: boolean
}

interface PlayedProps extends VideoProps {
  /** It waits for its first picture, which is told: what is there until then stays. */
  readonly onPicture: (() => void) | undefined
}
const Played = ({ isMirrored = false, label, onPicture, stream }: PlayedProps) => {
  const element = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (element.current !== null) element.current.srcObject = stream
  }, [stream])
  useEffect(() => {
    const video = element.current
    if (video === null || onPicture === undefined) return
    // Not every browser tells.
    if (!("requestVideoFrameCallback" in HTMLVideoElement.prototype)) return onPicture()
    const handle = video.requestVideoFrameCallback(onPicture)
    return () => video.cancelVideoFrameCallback(handle)
  }, [onPicture === undefined])
  const isWaiting = onPicture !== undefined
  return (
    <video
      ref={element}
      class={[isMirrored ? "mirrored" : "", isWaiting ? "waits" : ""].join(" ").trim()}
      {...(isWaiting ? { "aria-hidden": true } : { "aria-label": label })}
      autoPlay
      playsInline
      muted
    />
  )
}

/** A stream that takes the place of another is seen from its first picture on, and the other until then. */
export const Video = ({ stream, ...props }: VideoProps) => {
  const shown = useSignal(stream)
  return [...new Set([shown.value, stream])].map((one) => (
    <Played key={one.id} stream={one} onPicture={one === shown.value ? undefined : () => (shown.value = one)} {...props} />
  ))
}

/** The sound of a peer. A browser may want a click before it plays: then it is asked for. */
export const Sound = ({ peer, stream }: { readonly peer: string; readonly stream: MediaStream }) => {
  const element = useRef<HTMLAudioElement>(null)
  const isBlocked = useSignal(false)
  const play = () => element.current?.play().then(() => (isBlocked.value = false), (error: Error) => (isBlocked.value = error.name === "NotAllowedError"))
  useEffect(() => {
    if (element.current === null) return
    element.current.srcObject = stream
    void play()
  }, [stream])
  const sink = speakerId.value
  useEffect(() => {
    // Not every browser lets one choose, and a loudspeaker may be gone.
    if (element.current !== null && "setSinkId" in element.current) void element.current.setSinkId(sink).catch(() => {})
  }, [sink])
  return (
    <>
      <audio ref={element} autoPlay />
      {isBlocked.value && <button type="button" class="primary unblock" onClick={() => void play()}>Hear {peer}</button>}
    </>
  )
}
