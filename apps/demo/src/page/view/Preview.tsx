/** What others would see and hear of oneself, before any call. */
import { askForDevices, camera, type DeviceState, isAsking, isUnasked, local, microphone, wanted } from "../model/media.ts"
import { setSending } from "../model/store.ts"
import { DeviceMenus } from "./DeviceMenus.tsx"
import { CameraIcon, CameraOffIcon, MicrophoneIcon, MicrophoneOffIcon } from "./icons.tsx"
import { Level } from "./Level.tsx"
import { useLevel } from "./useLevel.ts"
import { Video } from "./Video.tsx"

const trackIdOf = (state: DeviceState): string | undefined => (state._tag === "Open" ? state.deviceId : undefined)

const Stage = () => {
  if (isAsking.value) {
    return <p class="hint"><strong>Your browser asks</strong>Allow camera and microphone in its question.</p>
  }
  if (isUnasked.value) {
    return (
      <div class="hint">
        <strong>Be seen and heard</strong>
        Nothing is sent before a call, and you can call without.
        <button type="button" class="primary" onClick={() => void askForDevices()}>Use camera and microphone</button>
      </div>
    )
  }
  if (camera.value._tag === "Open" && wanted.camera.value) {
    return <Video key={camera.value.deviceId} stream={local.preview("camera")} label="Your camera" isMirrored />
  }
  return <p class="hint"><strong>{camera.value._tag === "Open" ? "Your camera is off" : "No camera"}</strong>Others see your name instead.</p>
}

const Problems = () => {
  const failed = [microphone.value, camera.value].filter((state) => state._tag === "Failed")
  // One "no" is mostly for both, and one sentence is enough.
  const words = failed.length === 2 && failed.every(({ fault }) => fault === "denied")
    ? ["This page may not use your camera and microphone. Allow them next to the address in the address bar, then try again. You can call without: you will see and hear, and not be seen."]
    : failed.map((state) => state.words)
  if (words.length === 0) return null
  return (
    <div class="notice warn" role="status">
      <div>{words.map((sentence) => <p key={sentence}>{sentence}</p>)}</div>
      <button type="button" onClick={() => void askForDevices()}>Try again</button>
    </div>
  )
}

export const Preview = () => {
  const level = useLevel(local.preview("microphone"), trackIdOf(microphone.value))
  const [mic, cam] = [wanted.microphone.value, wanted.camera.value]
  return (
    <section class="preview" aria-label="Your camera and microphone">
      <div class="tile stage"><Stage />
        {!isUnasked.value && !isAsking.value && (
          <div class="toggles">
            <button type="button" class={mic ? "round" : "round stopped"} aria-label={mic ? "Mute the microphone" : "Unmute the microphone"} onClick={() => setSending("microphone", !mic)}>
              {mic ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
            </button>
            <button type="button" class={cam ? "round" : "round stopped"} aria-label={cam ? "Switch the camera off" : "Switch the camera on"} onClick={() => setSending("camera", !cam)}>
              {cam ? <CameraIcon /> : <CameraOffIcon />}
            </button>
            <Level label="Your microphone’s level" level={mic ? level.value : 0} />
          </div>
        )}
      </div>
      <Problems />
      {/* Folded: whom to call comes before what with. */}
      {!isUnasked.value && (
        <details class="choose">
          <summary>Devices</summary>
          <DeviceMenus />
        </details>
      )}
    </section>
  )
}
