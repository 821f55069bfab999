/** Who is in a room at other relays, as far as they have said so lately. For `Room`. */
import type { Member } from "./relayNote.ts"

export class Elsewhere {
  readonly #relays = new Map<string, { readonly members: ReadonlyArray<Member>; heardMs: number }>()

  get members(): ReadonlyArray<Member> {
    return [...this.#relays.values()].flatMap(({ members }) => members)
  }

  hears(relay: string, members: ReadonlyArray<Member>, nowMs: number): void {
    if (members.length === 0) this.#relays.delete(relay)
    else this.#relays.set(relay, { members, heardMs: nowMs })
  }

  /** Nothing could be heard until now: nobody is blamed for silence. */
  excuse(nowMs: number): void {
    for (const relay of this.#relays.values()) relay.heardMs = nowMs
  }

  /** Forgets relays that have said nothing for so long; tells whether there was one. */
  forget(silentSinceMs: number): boolean {
    const before = this.#relays.size
    for (const [relay, { heardMs }] of this.#relays) if (heardMs < silentSinceMs) this.#relays.delete(relay)
    return this.#relays.size < before
  }
}
