/** Counts what a Node process has open, native stacks' sockets included. For the conformance suite's `resources`. */
import { readdirSync } from "node:fs"
import * as Effect from "effect/Effect"

const handles = (): number =>
  process.getActiveResourcesInfo().filter((kind) => kind === "UDPWrap" || kind === "TCPSocketWrap").length

/** How many sockets and other files the process has open: all of them on Linux, those of Node's own elsewhere. */
export const openFiles: Effect.Effect<number> = Effect.sync(() => {
  try {
    return readdirSync("/proc/self/fd").length
  } catch {
    return handles()
  }
})
