/** A Vitest command that collects the garbage of a page in Chromium, and weighs what is left. */
import type { BrowserCommand } from "vitest/node"

/** In bytes: the values of scripts, the browser's own objects behind them, and the contents of buffers. */
export interface HeapBytes {
  readonly script: number
  readonly native: number
  readonly buffers: number
}

/** Nothing in Firefox, whose page collects by itself and cannot be weighed. */
const collectAndWeigh: BrowserCommand<[]> = async ({ context, page, provider }): Promise<HeapBytes | undefined> => {
  if (provider.name !== "playwright") return undefined
  const session = await context.newCDPSession(page)
  // What a first collection finalizes the next one frees.
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage")
  const heap = await session.send("Runtime.getHeapUsage")
  await session.detach()
  return { script: heap.usedSize, native: heap.embedderHeapUsedSize, buffers: heap.backingStorageSize }
}

export const memoryCommands = { collectAndWeigh }

declare module "vitest/browser" {
  interface BrowserCommands {
    readonly collectAndWeigh: () => Promise<HeapBytes | undefined>
  }
}
