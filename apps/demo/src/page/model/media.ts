/** This tab's microphone, camera and screen, for the lobby's preview and for every call. */
import type { MediaFault } from "@enigma-rtc/core"
import { type DeviceRequest, deviceChanges, openMedia, type PromiseMedia } from "@enigma-rtc/engine-browser/promise"
import { computed, signal } from "@preact/signals"
import { faultWords } from "./faultWords.ts"

export type DeviceSlot = "microphone" | "camera"

export type DeviceState =
  | { readonly _tag: "Unasked" }
  | { readonly _tag: "Asking" }
  | { readonly _tag: "Open"; readonly deviceId: string; readonly label: string }
  /** `words` say why, and what to do. */
  | { readonly _tag: "Failed"; readonly fault: MediaFault; readonly words: string }

/** Nothing is asked of the user until somebody wants to be seen or heard. */
export const local: PromiseMedia = await openMedia({})

export const microphone = signal<DeviceState>({ _tag: "Unasked" })
export const camera = signal<DeviceState>({ _tag: "Unasked" })
const states = { microphone, camera }
/** What the user wants sent, in the lobby and in calls. */
export const wanted = { microphone: signal(true), camera: signal(true) }
export const isSharing = signal(false)
export const devices = signal<ReadonlyArray<MediaDeviceInfo>>([])
/** Where remote sound is played; empty for the system's choice. */
export const speakerId = signal("")

export const isAsking = computed(() => microphone.value._tag === "Asking" || camera.value._tag === "Asking")
export const isUnasked = computed(() => microphone.value._tag === "Unasked" && camera.value._tag === "Unasked")

const faultOf = (error: unknown): MediaFault => {
  const { reason } = error as { readonly reason?: { readonly fault?: MediaFault } }
  return reason?.fault ?? "failed"
}
const fail = (slot: DeviceSlot, fault: MediaFault) => {
  states[slot].value = { _tag: "Failed", fault, words: faultWords(slot, fault) }
}
const opened = (slot: DeviceSlot) => {
  const track = local.track(slot)
  if (track === undefined) return fail(slot, "failed")
  states[slot].value = { _tag: "Open", deviceId: track.getSettings().deviceId ?? "", label: track.label }
  track.addEventListener("ended", () => {
    if (local.track(slot) === undefined) fail(slot, "not-found")
  })
}

/** Has a slot use a device: any, or the one that is named. */
export const useDevice = async (slot: DeviceSlot, deviceId?: string): Promise<void> => {
  const before = states[slot].peek()
  const request: DeviceRequest = deviceId === undefined ? true : { deviceId: { exact: deviceId } }
  states[slot].value = { _tag: "Asking" }
  try {
    await local.use(slot, request)
    opened(slot)
  } catch (error) {
    if (before._tag === "Open" && local.track(slot) !== undefined) states[slot].value = before
    else fail(slot, faultOf(error))
  }
}

/** Asks the user once for both, so that opening each needs no second question. */
const askOnce = async (): Promise<void> => {
  const asked = await navigator.mediaDevices?.getUserMedia({ audio: true, video: true }).catch(() => undefined)
  await Promise.all([useDevice("microphone"), useDevice("camera")])
  for (const track of asked?.getTracks() ?? []) track.stop()
}

let asking: Promise<void> | undefined
/** Opens what is not open. Resolves when the user has decided. */
export const askForDevices = (): Promise<void> => {
  if (asking !== undefined) return asking
  microphone.value = camera.value = { _tag: "Asking" }
  asking = askOnce().finally(() => (asking = undefined))
  return asking
}

/** Opens the devices without a question, where the user has allowed them before. */
export const openIfAllowed = async (): Promise<void> => {
  try {
    const names = ["camera", "microphone"] as const
    const all = await Promise.all(names.map((name) => navigator.permissions.query({ name })))
    if (all.every(({ state }) => state === "granted")) await askForDevices()
  } catch {
    // A browser that cannot tell: the user will be asked.
  }
}

/** The browser asks its user for a screen. Resolves to whether there is one; not to want to is no failure. */
export const shareScreen = async (): Promise<boolean> => {
  try {
    await local.use("screen", true)
  } catch {
    return false
  }
  isSharing.value = true
  local.track("screen")?.addEventListener("ended", () => {
    isSharing.value = local.track("screen") !== undefined
  })
  return true
}
export const unshareScreen = async (): Promise<void> => {
  isSharing.value = false
  await local.stop("screen")
}

/** Follows what is plugged in and out, for the page's life. */
export const followDevices = async (): Promise<void> => {
  try {
    for await (const list of deviceChanges()) devices.value = list
  } catch {
    // Without a secure context there are none; the lobby says so when it is asked for them.
  }
}
