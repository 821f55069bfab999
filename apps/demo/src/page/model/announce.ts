/** What is said aloud to who does not see the page, for as long as it is true, or news. */
import { effect, signal } from "@preact/signals"

/** The last words, or none any more; each time anew, so that the same words are said again. */
export const announced = signal<{ readonly words: string; readonly turn: number }>({ words: "", turn: 0 })

/** How long words are there for who comes to them later. */
const newsMs = 8_000

/** Returns what takes the words back, unless there have been others since. */
export const announce = (words: string): () => void => {
  const turn = announced.peek().turn + 1
  announced.value = { words, turn }
  const takeBack = () => {
    if (announced.peek().turn === turn) announced.value = { words: "", turn: turn + 1 }
  }
  setTimeout(takeBack, newsMs)
  return takeBack
}

/** The same of what is true only for as long as signals say that it is `so`. */
export const announceWhile = (words: string, so: () => boolean): void => {
  const takeBack = announce(words)
  effect(() => void (so() || takeBack()))
}
