/** What the two ends of a call tell each other of their media beside it: no picture says by itself why it is not there. */
import { effect, type ReadonlySignal, signal } from "@preact/signals"
import type { Note } from "../../relay/notes.ts"
import type { ActiveCall } from "./ActiveCall.ts"

type MediaNote = Extract<Note, { readonly demo: "media" }>

/** Whether a microphone and a camera are on, and whether the call is on hold, at one end. */
export type PeerMedia = Omit<MediaNote, "demo">

type MediaCall = Pick<ActiveCall, "peer" | "state" | "isOnHold">

export interface PeerMediaWorld {
  readonly calls: ReadonlySignal<ReadonlyArray<MediaCall>>
  /** What is on here, for all calls. */
  readonly own: ReadonlySignal<Omit<PeerMedia, "hold">>
  /** Resolves to whether it was sent. */
  readonly note: (note: MediaNote, peer: string) => Promise<boolean>
}

const isUp = ({ state }: MediaCall): boolean => state.value._tag === "Connected" && state.value.media._tag === "Up"

/** Peers of calls are told when a call comes up, also again, and of each change; what they say is known until the call is over. */
export const makePeerMedia = ({ calls, note, own }: PeerMediaWorld) => {
  const said = signal<ReadonlyMap<string, PeerMedia>>(new Map())
  let told = new Map<MediaCall, MediaNote>()
  effect(() => {
    const before = told
    told = new Map()
    for (const call of calls.value) {
      if (!isUp(call)) continue
      const now: MediaNote = { demo: "media", ...own.value, hold: call.isOnHold.value }
      told.set(call, now)
      const last = before.get(call)
      const isNews = last?.microphone !== now.microphone || last.camera !== now.camera || last.hold !== now.hold
      // What was not sent is said at the next occasion.
      if (isNews) void note(now, call.peer).then((wasSent) => wasSent || (told.get(call) === now && told.delete(call)))
    }
  })
  const isWith = (peer: string): boolean => calls.peek().some((call) => call.peer === peer)
  effect(() => {
    const peers = new Set(calls.value.map(({ peer }) => peer))
    said.value = new Map([...said.peek()].filter(([peer]) => peers.has(peer)))
  })
  return {
    /** What this peer has said of its media; nothing where it has not: its page may be of another version. */
    of: (peer: string): PeerMedia | undefined => said.value.get(peer),
    /** Only those are heard with whom there is a call. */
    onNote: ({ camera, hold, microphone }: MediaNote, peer: string): void => {
      if (isWith(peer)) said.value = new Map(said.peek()).set(peer, { camera, hold, microphone })
    }
  }
}
