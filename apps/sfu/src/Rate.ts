/** How often something may happen: a bucket of tokens, filled evenly. */
export class Rate {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#at = nowMs
  }

  /** Whether it may happen once more, and that it does. */
  take(nowMs: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#at) / 1000) * this.#perSecond)
    this.#at = nowMs
    if (this.#tokens < 1) {
      return false
    }
    this.#tokens -= 1
    return true
  }
}
