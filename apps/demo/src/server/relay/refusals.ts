/** What the relay says when it refuses, in words for people. */
import type { Refusal, RefusalCode } from "../../relay/protocol.ts"

const told: Readonly<Record<RefusalCode, { readonly words: string; readonly again: boolean }>> = {
  "bad-message": { words: "The relay could not read what was sent. Reload the page: it may be of another version.", again: false },
  "bad-token": { words: "This link does not open the room: it is incomplete or mistyped. Ask for it again.", again: false },
  "name-taken": { words: "Somebody in this room has that name already: in another tab, perhaps. Choose another one.", again: false },
  replaced: { words: "You have come into this room again from elsewhere: this connection is over.", again: false },
  full: { words: "There is no room for one more here now. Try again later.", again: true },
  "too-fast": { words: "More was sent than the relay takes.", again: true },
  "too-slow": { words: "The connection was too slow for what came.", again: true },
  "not-joined": { words: "No room was joined in time.", again: true },
  closing: { words: "The relay has stopped.", again: true }
}

export const refusal = (code: RefusalCode): Refusal => ({ type: "refused", code, ...told[code] })
