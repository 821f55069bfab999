/** The group of a room, as a mesh: who is in it has a call with everybody else in it. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals"
import type { Note } from "../../relay/notes.ts"

type GroupNote = Extract<Note, { readonly demo: "group" }>

/** What a group needs of its room. */
export interface GroupWorld {
  /** The people in the room, without bots. */
  readonly people: ReadonlySignal<ReadonlyArray<string>>
  readonly note: (note: GroupNote, peer: string) => void
  readonly call: (peer: string) => void
}

export const makeGroup = ({ call, note, people }: GroupWorld) => {
  const isIn = signal(false)
  const said = signal<ReadonlySet<string>>(new Set())
  const tell = (to: ReadonlyArray<string>, reply: boolean) => {
    for (const peer of to) note({ demo: "group", in: isIn.peek(), reply }, peer)
  }
  let known: ReadonlyArray<string> = []
  // Who comes later is told that there is a group.
  effect(() => {
    const now = people.value
    const fresh = now.filter((peer) => !known.includes(peer))
    known = now
    if (isIn.peek()) tell(fresh, false)
  })
  return {
    isIn,
    /** Who else is in it, and here. */
    members: computed(() => people.value.filter((peer) => said.value.has(peer))),
    /** Is a call of this peer's the group's business, and nobody to be asked? */
    takes: (peer: string): boolean => isIn.peek() && said.peek().has(peer),
    /** Tells all; who is in it answers, and is called. */
    join: (): void => {
      isIn.value = true
      tell(people.peek(), false)
    },
    leave: (): void => {
      if (!isIn.peek()) return
      isIn.value = false
      tell(people.peek(), false)
    },
    onNote: (came: GroupNote, peer: string): void => {
      const next = new Set(said.peek())
      if (came.in) next.add(peer)
      else next.delete(peer)
      said.value = next
      if (!isIn.peek() || !came.in) return
      // When two join at the same moment both call, and one call remains.
      if (came.reply) call(peer)
      else tell([peer], true)
    }
  }
}
