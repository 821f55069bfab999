/** The listeners of one source: who hears it, and who has been told that it ended. */
import type { RtpFrame } from "./RtpSource.ts"

/** Why a source ended whose scope was closed. */
export const closed = "the source was closed"

interface Member {
  readonly listener: (frame: RtpFrame) => void
  readonly onEnd: (reason: string) => void
  /** Whether it has been given a frame that a decoder can start at. */
  hasStarted: boolean
}

/** Any number of listeners; `onEmpty` runs when the last one leaves. */
export class Audience {
  readonly #members = new Set<Member>()
  readonly #onEmpty: () => void
  #ended: string | undefined

  constructor(onEmpty: () => void) {
    this.#onEmpty = onEmpty
  }

  /** Why the source ended, once it has. */
  get ended(): string | undefined {
    return this.#ended
  }

  /** Adds a listener; the returned function removes it. One that comes after the end is told so, in a microtask. */
  join(listener: (frame: RtpFrame) => void, onEnd: (reason: string) => void): () => void {
    const member: Member = { listener, onEnd, hasStarted: false }
    this.#members.add(member)
    const reason = this.#ended
    if (reason !== undefined) queueMicrotask(() => this.#members.delete(member) && onEnd(reason))
    return () => {
      if (this.#members.delete(member) && this.#members.size === 0) this.#onEmpty()
    }
  }

  /** Gives the packets of one coded frame to all who can use it; `isKey` lets new listeners start. */
  deliver(packets: ReadonlyArray<RtpFrame>, isKey: boolean): void {
    // A copy: who joins from within a listener hears the next frame, not this one again.
    const present = [...this.#members]
    for (const member of present) {
      member.hasStarted ||= isKey
      if (!member.hasStarted) continue
      for (const packet of packets) {
        // It may leave between two packets of one frame, or make another leave.
        if (this.#members.has(member)) member.listener(packet)
      }
    }
  }

  /** Ends the source for everybody, once. */
  end(reason: string): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    const members = [...this.#members]
    this.#members.clear()
    for (const member of members) member.onEnd(reason)
  }
}
