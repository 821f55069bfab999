/** Two ends of a transport in memory: each text comes in a turn of its own, as over a network. */
import type { TextTransport } from "../../src/remote/TextTransport.ts"

export interface MemoryTransports {
  readonly near: TextTransport
  readonly far: TextTransport
}

export const memoryTransports = (): MemoryTransports => {
  const closed = Promise.withResolvers<void>()
  let isClosed = false
  const close = () => {
    isClosed = true
    closed.resolve()
  }
  const end = () => {
    const kept: Array<string> = []
    let onText = (text: string): void => void kept.push(text)
    const transport = (send: (text: string) => void): TextTransport => ({
      send,
      listen: (take, onClosed) => {
        for (const text of kept) take(text)
        onText = take
        void closed.promise.then(onClosed)
      },
      close
    })
    const takes = (text: string) => {
      if (!isClosed) setImmediate(() => { if (!isClosed) onText(text) })
    }
    return { takes, transport }
  }
  const [near, far] = [end(), end()]
  return { near: near.transport(far.takes), far: far.transport(near.takes) }
}
