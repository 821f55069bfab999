/** Whether something in a worker runs: what was wanted last holds, though commands to the worker take time. */

/** What a worker can let through or hold back. */
export interface Pausable {
  readonly closed: boolean
  pause(): Promise<void>
  resume(): Promise<void>
}

/** Gives a pausable one command at a time, until it is as it was wanted last. */
export class Gate {
  readonly #target: Pausable
  readonly #broken: () => void
  #open: boolean
  #wanted: boolean
  #settled: Promise<void> = Promise.resolve()
  #running = false

  /** `broken` is called when the worker does not do as it is told, though `target` is not closed. */
  constructor(target: Pausable, open: boolean, broken: () => void) {
    this.#target = target
    this.#open = open
    this.#wanted = open
    this.#broken = broken
  }

  /** Opens or closes it. Resolves when the worker has done it, or never will; never rejects. */
  set(open: boolean): Promise<void> {
    this.#wanted = open
    if (!this.#running && this.#open !== open) {
      this.#running = true
      this.#settled = this.#settle()
    }
    return this.#settled
  }

  async #settle(): Promise<void> {
    try {
      while (this.#open !== this.#wanted && !this.#target.closed) {
        const open = this.#wanted
        await (open ? this.#target.resume() : this.#target.pause())
        this.#open = open
      }
    } catch {
      if (!this.#target.closed) {
        this.#broken()
      }
    } finally {
      this.#running = false
    }
  }
}
