/** What a relay client asks of a WebSocket: the browser's, Node's, or one that tests make. */
export interface SocketLike {
  onopen: ((event: object) => void) | null
  onmessage: ((event: { readonly data?: unknown }) => void) | null
  onclose: ((event: object) => void) | null
  onerror: ((event: object) => void) | null
  readonly send: (frame: string) => void
  readonly close: () => void
  /** Bytes that wait to be sent, where it can tell. */
  readonly bufferedAmount?: number
}
