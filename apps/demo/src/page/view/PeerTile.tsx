/** One peer in a call: picture, sound, and how the call with them stands. */
import type { ActiveCall } from "../model/ActiveCall.ts"
import { peerMedia } from "../model/store.ts"
import { clockWords, stateWords, stillWords } from "../model/words.ts"
import { Avatar } from "./Avatar.tsx"
import { CameraOffIcon, HoldIcon, MicrophoneOffIcon } from "./icons.tsx"
import { Level } from "./Level.tsx"
import { useLevel } from "./useLevel.ts"
import { useNow } from "./useNow.ts"
import { Sound, Video } from "./Video.tsx"

interface PeerTileProps {
  readonly call: ActiveCall
  readonly isAlone: boolean
}

/** Where sound cannot be measured it is still known to arrive: by its bit rate. */
const arriving = (call: ActiveCall): string => {
  const bits = call.stats.value?.received.find(({ slot }) => slot === "microphone")?.bitsPerSecond ?? 0
  return bits > 0 ? `sound: ${Math.round(bits / 1_000)} kbit/s` : "no sound"
}

/** Who holds, has muted all, or is gone, sends nothing: which it is only the peer can say. */
const isStill = (call: ActiveCall): boolean => {
  const last = call.samples.value.slice(-2)
  return last.length === 2 && last.every(({ inBits }) => inBits !== undefined && inBits < 1_000)
}

/** A camera that is switched off sends nothing: its last picture is no picture. */
const isDark = (call: ActiveCall): boolean =>
  (call.stats.value?.received.find(({ slot }) => slot === "camera")?.bitsPerSecond ?? Infinity) < 500

/** What the peer has said to be off at its end. */
const Off = ({ peer }: { readonly peer: string }) => {
  const media = peerMedia.of(peer)
  if (media === undefined) return null
  return (
    <>
      {media.hold && <span class="off"><HoldIcon /> On hold</span>}
      {!media.microphone && <span class="off"><MicrophoneOffIcon /> Microphone off</span>}
      {!media.camera && <span class="off"><CameraOffIcon /> Camera off</span>}
    </>
  )
}

export const PeerTile = ({ call, isAlone }: PeerTileProps) => {
  const state = call.state.value
  const { camera, microphone, screen } = call.streams.value
  const picture = screen ?? (isDark(call) ? undefined : camera)
  const level = useLevel(microphone, microphone?.id)
  const now = useNow()
  const isUp = state._tag === "Connected" && state.media._tag === "Up"
  const isHeld = call.isOnHold.value
  const upAtMs = call.upAtMs.value
  const isQuiet = isUp && !isHeld && isStill(call)
  const words = isQuiet ? stillWords(call.peer, peerMedia.of(call.peer)) : stateWords(state, call.peer)
  const isFlowing = isUp && !isHeld && !isQuiet
  return (
    <article class={`tile peer ${state._tag === "Connected" ? state.media._tag.toLowerCase() : "waiting"}${screen === undefined ? "" : " screen"}`} aria-label={call.peer}>
      {/* Behind the picture: it is seen until there is one. */}
      <Avatar name={call.peer} />
      {picture !== undefined && !isHeld && (
        <Video key={screen === undefined ? "camera" : "screen"} stream={picture} label={screen === undefined ? `${call.peer}’s camera` : `${call.peer}’s screen`} />
      )}
      {screen !== undefined && camera !== undefined && <div class="inset"><Video stream={camera} label={`${call.peer}’s camera`} /></div>}
      {microphone !== undefined && <Sound peer={call.peer} stream={microphone} />}
      <div class={isFlowing ? "status quiet" : "status"} role="status">
        {isFlowing
          ? <span class="unseen">{words.title}</span>
          : <><strong>{!isUp && <i class="spinner" aria-hidden="true" />}{words.title}</strong>{words.detail !== undefined && <span>{words.detail}</span>}</>}
      </div>
      <footer>
        <span class="who">{call.peer}</span>
        {isUp && <Off peer={call.peer} />}
        {isUp && <Level label={`Sound from ${call.peer}`} level={level.value} instead={arriving(call)} />}
        {isAlone && upAtMs !== undefined && <time role="timer" aria-label="Time in the call">{clockWords(now.value - upAtMs)}</time>}
      </footer>
    </article>
  )
}
