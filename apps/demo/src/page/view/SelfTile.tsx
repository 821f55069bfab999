/** What others see of oneself, in a call. */
import { camera, isSharing, local, microphone, wanted } from "../model/media.ts"
import { name } from "../model/store.ts"
import { Avatar } from "./Avatar.tsx"
import { MicrophoneOffIcon } from "./icons.tsx"
import { Level } from "./Level.tsx"
import { useLevel } from "./useLevel.ts"
import { Video } from "./Video.tsx"

export const SelfTile = () => {
  const level = useLevel(local.preview("microphone"), microphone.value._tag === "Open" ? microphone.value.deviceId : undefined)
  const isSeen = camera.value._tag === "Open" && wanted.camera.value
  const isHeard = microphone.value._tag === "Open" && wanted.microphone.value
  return (
    <article class="tile self" aria-label="You">
      {isSharing.value
        ? <Video key="screen" stream={local.preview("screen")} label="Your screen, as you share it" />
        : isSeen
        ? <Video key="camera" stream={local.preview("camera")} label="Your camera" isMirrored />
        : <Avatar name={name.value} />}
      <footer>
        <span class="who">You{isSharing.value ? ", sharing" : ""}</span>
        {isHeard
          ? <Level label="Your microphone’s level" level={level.value ?? 0} />
          : <span class="off"><MicrophoneOffIcon /> {microphone.value._tag === "Open" ? "muted" : "no microphone"}</span>}
      </footer>
    </article>
  )
}
