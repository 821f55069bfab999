/** A channel without the demo's notes, which are told beside it. For whoever opens a line over a relay. */
import type { SignalingChannel } from "@enigma-rtc/core"
import * as Stream from "effect/Stream"
import { type Note, readNote } from "./notes.ts"

export const withoutNotes = (channel: SignalingChannel, onNote: (note: Note, peer: string) => void): SignalingChannel => ({
  send: channel.send,
  incoming: Stream.filter(channel.incoming, ({ peer, text }) => {
    const note = readNote(text)
    if (note !== undefined) onNote(note, peer)
    return note === undefined
  })
})
