/** What carries an engine's port from one place to another: texts, each once and in order, until it closes. */

export interface TextTransport {
  /** Does nothing once it is closed. */
  readonly send: (text: string) => void
  /** Called once. What came before is kept; `onClosed` is told once, also if it is closed already. */
  readonly listen: (onText: (text: string) => void, onClosed: () => void) => void
  readonly close: () => void
}

/** What a WebSocket of a page and one of `ws` have in common. */
export interface SocketLike {
  readonly readyState: number
  readonly send: (text: string) => void
  readonly close: () => void
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: "close", listener: () => void): void
}

const open = 1

/** A WebSocket that is open, as a transport. */
export const overSocket = (socket: SocketLike): TextTransport => {
  const kept: Array<string> = []
  let onText = (text: string): void => void kept.push(text)
  const closed = Promise.withResolvers<void>()
  socket.addEventListener("message", ({ data }) => onText(String(data)))
  socket.addEventListener("close", () => closed.resolve())
  if (socket.readyState > open) closed.resolve()
  return {
    send: (text) => {
      if (socket.readyState === open) socket.send(text)
    },
    listen: (take, onClosed) => {
      for (const text of kept) take(text)
      onText = take
      void closed.promise.then(onClosed)
    },
    close: () => socket.close()
  }
}
