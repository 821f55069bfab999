/** One key for each thing that one does in a call. */
import { useEffect } from "preact/hooks"
import { setSharing } from "../model/ActiveCall.ts"
import { isSharing, wanted } from "../model/media.ts"
import { acceptCall, group, hangUpAll, ringing, setSending, shownCalls } from "../model/store.ts"
import { areShortcutsShown, isBoxOpen } from "./panels.ts"

export interface Shortcut {
  readonly key: string
  readonly words: string
  /** Only then it does anything. */
  readonly when: "call" | "call or group" | "ringing" | "always"
  readonly run: () => unknown
}

export const holdOrResume = (): void => {
  const on = !shownCalls.peek().every(({ isOnHold }) => isOnHold.peek())
  for (const call of shownCalls.peek()) void call.setHold(on)
}

export const shortcuts: ReadonlyArray<Shortcut> = [
  { key: "m", words: "Mute, or unmute, the microphone", when: "call", run: () => setSending("microphone", !wanted.microphone.peek()) },
  { key: "v", words: "Camera off, or on", when: "call", run: () => setSending("camera", !wanted.camera.peek()) },
  { key: "s", words: "Share the screen, or stop", when: "call", run: () => setSharing(shownCalls.peek(), !isSharing.peek()) },
  { key: "h", words: "Hold, or resume", when: "call", run: holdOrResume },
  { key: "e", words: "Hang up, and leave the group", when: "call or group", run: hangUpAll },
  { key: "a", words: "Accept the call that rings", when: "ringing", run: () => ringing.value && acceptCall(ringing.value) },
  { key: "d", words: "Decline it", when: "ringing", run: () => ringing.value?.decline() },
  { key: "g", words: "Open, or fold, the glass box", when: "always", run: () => (isBoxOpen.value = !isBoxOpen.peek()) },
  { key: "?", words: "Show these keys", when: "always", run: () => (areShortcutsShown.value = !areShortcutsShown.peek()) }
]

/** Where keys are for writing, or for moving what is focused. */
const isForWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input:not([type=range]), select, textarea, [contenteditable]")

const isMeant = ({ when }: Shortcut): boolean => {
  switch (when) {
    case "always":
      return true
    case "ringing":
      return ringing.peek() !== undefined
    case "call":
      return shownCalls.peek().length > 0
    case "call or group":
      return shownCalls.peek().length > 0 || group.isIn.peek()
  }
}

export const useShortcuts = (): void =>
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isForWriting(event.target)) return
      const shortcut = shortcuts.find((one) => one.key === event.key.toLowerCase() && isMeant(one))
      if (shortcut === undefined) return
      event.preventDefault()
      void shortcut.run()
    }
    addEventListener("keydown", onKey)
    return () => removeEventListener("keydown", onKey)
  }, [])
