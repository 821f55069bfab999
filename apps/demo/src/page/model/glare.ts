/** Has both ends call each other at the same moment. */
import { signal } from "@preact/signals"
import type { Note } from "../../relay/notes.ts"

type GlareNote = Extract<Note, { readonly demo: "glare" }>

export interface GlareWorld {
  readonly note: (note: GlareNote, peer: string) => Promise<unknown>
  readonly call: (peer: string) => Promise<void>
  /** Hangs up every call with this peer. */
  readonly leave: (peer: string) => Promise<unknown>
}

/** How long the peer may take to say that it is ready: a bot of an older version never does. */
const limitMs = 3_000

export const makeGlare = ({ call, leave, note }: GlareWorld) => {
  const state = signal<"idle" | "asking" | "unanswered">("idle")
  let askedAtMs = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    state,
    force: async (peer: string): Promise<void> => {
      clearTimeout(timer)
      state.value = "asking"
      await leave(peer)
      timer = setTimeout(() => {
        if (state.peek() === "asking") state.value = "unanswered"
      }, limitMs)
      askedAtMs = performance.now()
      await note({ demo: "glare", step: "ask" }, peer)
    },
    onNote: ({ step }: GlareNote, peer: string): void => {
      switch (step) {
        case "ask":
          void leave(peer).then(() => note({ demo: "glare", step: "ready" }, peer))
          return
        case "ready":
          if (state.peek() !== "asking") return
          state.value = "idle"
          void note({ demo: "glare", step: "go" }, peer)
          setTimeout(() => void call(peer), (performance.now() - askedAtMs) / 2)
          return
        case "go":
          void call(peer)
      }
    }
  }
}
