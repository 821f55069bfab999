/** What is said aloud to who does not see the page, and shown to who does for a moment. */
import { signal } from "@preact/signals"

/** The last words; each time anew, so that the same words are said again. */
export const announced = signal<{ readonly words: string; readonly turn: number }>({ words: "", turn: 0 })

export const announce = (words: string): void => {
  announced.value = { words, turn: announced.peek().turn + 1 }
}
