/** Which microphone, camera and loudspeaker to use: in the lobby, and in a call. */
import type { DeviceSlot, DeviceState } from "../model/media.ts"
import { camera, devices, microphone, speakerId, useDevice } from "../model/media.ts"

const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype

interface MenuProps {
  readonly label: string
  readonly kind: MediaDeviceKind
  readonly chosen: string
  readonly choose: (deviceId: string) => void
  readonly isOff?: boolean
}
const Menu = ({ choose, chosen, isOff = false, kind, label }: MenuProps) => {
  const list = devices.value.filter((device) => device.kind === kind && device.deviceId !== "")
  return (
    <label class="field">
      <span>{label}</span>
      <select value={chosen} disabled={isOff || list.length === 0} onChange={(event) => choose(event.currentTarget.value)}>
        {list.length === 0 && <option value={chosen}>{isOff ? "Not in use" : "The system’s"}</option>}
        {list.length > 0 && chosen === "" && <option value="">The system’s</option>}
        {list.map((device, i) => <option key={device.deviceId} value={device.deviceId}>{device.label || `${label} ${i + 1}`}</option>)}
      </select>
    </label>
  )
}

const chosenOf = (state: DeviceState): string => (state._tag === "Open" ? state.deviceId : "")
const LocalMenu = ({ label, slot, state }: { readonly label: string; readonly slot: DeviceSlot; readonly state: DeviceState }) => (
  <Menu
    label={label}
    kind={slot === "microphone" ? "audioinput" : "videoinput"}
    chosen={chosenOf(state)}
    isOff={state._tag !== "Open" && state._tag !== "Failed"}
    choose={(deviceId) => void useDevice(slot, deviceId)}
  />
)

export const DeviceMenus = () => (
  <div class="devices">
    <LocalMenu label="Microphone" slot="microphone" state={microphone.value} />
    <LocalMenu label="Camera" slot="camera" state={camera.value} />
    {canChooseSpeaker && devices.value.some(({ deviceId, kind }) => kind === "audiooutput" && deviceId !== "") && (
      <Menu label="Loudspeaker" kind="audiooutput" chosen={speakerId.value} choose={(id) => (speakerId.value = id)} />
    )}
  </div>
)
