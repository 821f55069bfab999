/** Which panels are open. Beside the call where there is room for it, the glass box is open from the start. */
import { signal } from "@preact/signals"

export const isBoxOpen = signal(matchMedia("(min-width: 1180px)").matches)
export const areShortcutsShown = signal(false)
