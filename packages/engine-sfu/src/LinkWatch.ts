/** Says how the way between two ends of a call fares, from what they hear of each other. Counts, and asks no clock. */
import type { LinkState } from "@enigma-rtc/core"

/** How often `tick` is to be called. */
export const tickMs = 500
/** So often an end says that it is alive, once both hear each other. */
const aliveTicks = 3
/** After so many ticks in silence the way counts as interrupted. */
const silentTicks = 10
/** After so many more it counts as lost. */
const failedTicks = 60

export interface LinkWatchOptions {
  readonly tell: (state: LinkState) => void
  /** Says to the far end that this one is alive. */
  readonly sayAlive: (hears: boolean) => void
}

export class LinkWatch {
  readonly #tell: (state: LinkState) => void
  readonly #sayAlive: (hears: boolean) => void
  #state: LinkState | undefined
  /** Ticks since something was heard; none yet. Counted: a loop that was blocked has heard nothing either. */
  #silence = Infinity
  #ticks = 0
  #downTicks = 0

  constructor({ sayAlive, tell }: LinkWatchOptions) {
    this.#tell = tell
    this.#sayAlive = sayAlive
  }

  get isUp(): boolean {
    return this.#state === "up"
  }

  /** The first round is complete. */
  begin(): void {
    if (this.#state === undefined) this.#become("connecting")
    this.#sayAlive(this.#hears)
  }

  /** A way has opened, on which nothing that was said before has gone. */
  greet(): void {
    if (this.#state !== undefined && this.#state !== "up") this.#sayAlive(this.#hears)
  }

  /** The far end is alive; `isHeard`: it hears this one. */
  heard(isHeard: boolean): void {
    if (this.#state === undefined) return
    const isNews = !this.#hears
    this.#silence = 0
    if (isHeard) this.#become("up")
    else this.interrupt()
    if (isNews || !isHeard) this.#sayAlive(true)
  }

  /** It is known to be gone, for now. */
  interrupt(): void {
    if (this.#state === "up") this.#become("interrupted")
  }

  /** What was heard was another trunk's. */
  forget(): void {
    this.#silence = Infinity
    this.interrupt()
  }

  tick(): void {
    if (this.#state === undefined) return
    this.#silence += 1
    this.#ticks += 1
    if (!this.#hears) this.interrupt()
    if (this.#state === "interrupted") {
      this.#downTicks += 1
      if (this.#downTicks >= failedTicks) this.#become("failed")
    }
    if (this.#state !== "up" || this.#ticks % aliveTicks === 0) this.#sayAlive(this.#hears)
  }

  get #hears(): boolean {
    return this.#silence < silentTicks
  }

  #become(state: LinkState): void {
    if (state === this.#state) return
    this.#state = state
    this.#downTicks = 0
    this.#tell(state)
  }
}
