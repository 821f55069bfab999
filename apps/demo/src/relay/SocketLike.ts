/** What a relay client asks of a WebSocket: the browser's, Node's, or one that is none. */
export interface SocketLike {
  addEventListener(type: "open" | "close" | "error", listener: () => void): void
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void
  send(frame: string): void
  close(): void
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
}
