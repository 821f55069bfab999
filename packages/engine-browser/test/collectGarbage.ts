/** Collects the garbage of the page, with each browser's own means. */
import { commands } from "vitest/browser"
import type { HeapBytes } from "./memoryCommands.ts"

declare global {
  /** Firefox with the preference `dom.testing.testutils.enabled`. */
  var TestUtils: { readonly gc: () => Promise<void> } | undefined
}

/** Gives what the heap holds then, in Chromium; a page of Firefox cannot be weighed. */
export const collectGarbage = async (): Promise<HeapBytes | undefined> => {
  // A connection of Firefox goes with the second collection after its end.
  for (let i = 0; i < 3; i++) {
    await globalThis.TestUtils?.gc()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return commands.collectAndWeigh()
}
