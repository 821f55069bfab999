/** One client's connection as the relay sees it: a WebSocket, or one within this process. */
import type { RefusalCode, RelayMessage } from "../../relay/protocol.ts"
import { refusal } from "./refusals.ts"

export interface Link {
  /** Hands a frame over; tells whether the connection takes it. */
  readonly send: (frame: string) => boolean
  /** Closes it, after what was sent. */
  readonly close: () => void
}

export const say = (link: Link | undefined, message: RelayMessage): boolean => link?.send(JSON.stringify(message)) ?? false

export const refuse = (link: Link | undefined, code: RefusalCode): void => {
  say(link, refusal(code))
  link?.close()
}
