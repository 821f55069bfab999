/** Texts between a process and the one that has forked it. */
import type { EventEmitter } from "node:events"
import type { TextTransport } from "../../conformance/src/remote/TextTransport.ts"

/** A forked process, or the process itself that is one. */
interface Forked extends EventEmitter {
  readonly connected: boolean
  readonly send?: (text: string) => unknown
  readonly disconnect: () => void
}

export const overProcess = (forked: Forked): TextTransport => ({
  send: (text) => {
    if (forked.connected) forked.send?.(text)
  },
  // Node keeps what comes before anybody listens.
  listen: (onText, onClosed) => {
    forked.on("message", (text) => onText(String(text)))
    forked.once("disconnect", onClosed)
  },
  close: () => forked.disconnect()
})
