/** What has become of a call a moment ago, for the lobby, where it is not worth a card of its own. */
import { signal } from "@preact/signals"

export const lately = signal<string | undefined>(undefined)

const shownMs = 8_000

export const sayLately = (words: string): void => {
  lately.value = words
  setTimeout(() => lately.peek() === words && (lately.value = undefined), shownMs)
}
