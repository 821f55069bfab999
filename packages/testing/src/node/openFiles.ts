/** Counts what a Node process has open, native stacks' sockets included. For the conformance suite's `resources`. */
import { readdirSync } from "node:fs"
import * as Effect from "effect/Effect"

const isOfNode = new Set(["Immediate", "PipeWrap", "TCPServerWrap", "TCPSocketWrap", "Timeout", "UDPWrap"])

/** Sockets and timers of Node's own. */
const handles = (): number => process.getActiveResourcesInfo().filter((kind) => isOfNode.has(kind)).length

/**
 * How many sockets, other files and timers the whole process has open: give each test file a process of its own. Sockets of
 * native stacks are counted on Linux only.
 */
export const openFiles: Effect.Effect<number> = Effect.sync(() => {
  try {
    return readdirSync("/proc/self/fd").length + handles()
  } catch {
    return handles()
  }
})
