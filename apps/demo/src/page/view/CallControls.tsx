/** What one can do in a call. Each button names its key. */
import type { ComponentChildren } from "preact"
import { type ActiveCall, setSharing } from "../model/ActiveCall.ts"
import { isSharing, wanted } from "../model/media.ts"
import { hangUpAll, setSending } from "../model/store.ts"
import { DevicesButton } from "./DevicesButton.tsx"
import { CameraIcon, CameraOffIcon, HangUpIcon, HoldIcon, MicrophoneIcon, MicrophoneOffIcon, ResumeIcon, ScreenIcon } from "./icons.tsx"
import { MediaWay } from "./MediaWay.tsx"
import { holdOrResume } from "./shortcuts.ts"

interface ControlProps {
  /** What a press does: it says the state too. */
  readonly label: string
  readonly shown: string
  readonly shortcut: string
  readonly isOn?: boolean
  readonly isOff?: boolean
  readonly kind?: "bad"
  readonly onClick: () => unknown
  readonly children: ComponentChildren
}
const Control = ({ children, isOff = false, isOn = false, kind, label, onClick, shortcut, shown }: ControlProps) => (
  <button
    type="button"
    class={`control ${kind ?? (isOn ? "on" : "")}`}
    aria-label={label}
    aria-keyshortcuts={shortcut}
    data-key={shortcut}
    title={`${label} (${shortcut})`}
    disabled={isOff}
    onClick={() => void onClick()}
  >
    {children}
    <span>{shown}</span>
  </button>
)

const canShare = "getDisplayMedia" in (navigator.mediaDevices ?? {})

export const CallControls = ({ calls }: { readonly calls: ReadonlyArray<ActiveCall> }) => {
  const [mic, cam, screen] = [wanted.microphone.value, wanted.camera.value, isSharing.value]
  const isUp = calls.some(({ state }) => state.value._tag === "Connected")
  const isHeld = calls.every(({ isOnHold }) => isOnHold.value)
  return (
    <div class="controls">
      <div role="toolbar" aria-label="Call">
        <Control shortcut="M" shown={mic ? "Mute" : "Unmute"} label={mic ? "Mute the microphone" : "Unmute the microphone"} isOn={!mic} onClick={() => setSending("microphone", !mic)}>
          {mic ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
        </Control>
        <Control shortcut="V" shown={cam ? "Camera off" : "Camera on"} label={cam ? "Switch the camera off" : "Switch the camera on"} isOn={!cam} onClick={() => setSending("camera", !cam)}>
          {cam ? <CameraIcon /> : <CameraOffIcon />}
        </Control>
        {canShare && (
          <Control shortcut="S" shown={screen ? "Stop" : "Share"} label={screen ? "Stop sharing the screen" : "Share the screen"} isOn={screen} isOff={!isUp} onClick={() => setSharing(calls, !screen)}>
            <ScreenIcon />
          </Control>
        )}
        <Control shortcut="H" shown={isHeld ? "Resume" : "Hold"} label={isHeld ? "Resume the call" : "Put the call on hold"} isOn={isHeld} isOff={!isUp} onClick={holdOrResume}>
          {isHeld ? <ResumeIcon /> : <HoldIcon />}
        </Control>
        <Control kind="bad" shortcut="E" shown={isUp ? "Hang up" : "Cancel"} label={isUp ? "Hang up" : "Cancel the call"} onClick={hangUpAll}>
          <HangUpIcon />
        </Control>
      </div>
      <div class="beside">
        <MediaWay calls={calls} />
        <DevicesButton />
      </div>
    </div>
  )
}
