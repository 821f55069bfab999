/** Gives werift the far end's candidates of the generation that is on; earlier ones go, and later ones wait. */
import type { IceCandidate } from "@enigma-rtc/core"
import { remoteUfrag } from "./repairs.ts"
import type { RTCPeerConnection } from "./werift.ts"

/** How many candidates wait for the description that names their credentials. */
const maxWaiting = 64

/** A candidate may say its generation (RFC 8839 section 5.1 lets extensions follow; all stacks write this one). */
const ufragOf = ({ candidate }: IceCandidate): string | undefined => / ufrag (\S+)/.exec(candidate)?.[1]

export class RemoteCandidates {
  readonly #pc: RTCPeerConnection
  readonly #past = new Set<string>()
  #waiting: Array<IceCandidate> = []

  constructor(pc: RTCPeerConnection) {
    this.#pc = pc
  }

  async take(candidate: IceCandidate): Promise<void> {
    const [own, current] = [ufragOf(candidate), remoteUfrag(this.#pc)]
    if (current !== undefined) this.#past.add(current)
    if (own === undefined || own === current) return this.#pc.addIceCandidate(candidate)
    if (!this.#past.has(own) && this.#waiting.length < maxWaiting) this.#waiting.push(candidate)
  }

  /** There is another remote description: its candidates need wait no more. */
  release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const candidate of waiting) {
      // Their operation was fulfilled when they came; that one is refused is no harm to the others.
      this.take(candidate).catch(() => {})
    }
  }
}
