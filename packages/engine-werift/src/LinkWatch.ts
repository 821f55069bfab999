/** Says how the media path fares, from what ICE and DTLS say, and from how long nothing has been heard. */
import type { LinkState } from "@enigma-rtc/core"
import { askConsent, renewConsent, type TransportEvents } from "./repairs.ts"
import type { RTCPeerConnection } from "./werift.ts"

/** How often silence is measured. */
const tickMs = 500
/** So long may it be quiet before the far end is asked: without media it says something every 4 to 6 s only. */
const quietTicks = 3
/** After so many ticks in silence, three answers to wait for among them, the path counts as interrupted. */
const silentTicks = 11
/** How long an answer may take. */
const answerMs = 1_500

export class LinkWatch implements TransportEvents {
  readonly #pc: RTCPeerConnection
  readonly #tell: (state: LinkState) => void
  #state: LinkState | undefined
  /** Ticks since something was heard. Counted, not measured by the clock: a loop that was blocked has heard nothing either. */
  #silence = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(pc: RTCPeerConnection, tell: (state: LinkState) => void) {
    this.#pc = pc
    this.#tell = tell
  }

  /** Has media ever been up? It is sent from then on, also into an interruption: that is what ends it. */
  get hasBeenUp(): boolean {
    return this.#timer !== undefined
  }

  readonly onHeard = (): void => {
    if (this.#state !== "interrupted") this.#silence = 0
  }

  readonly onChange = (): void => {
    if (this.#closed) return
    const pc = this.#pc
    const dtls = pc.dtlsTransports.map(({ state }) => state)
    const ice = pc.iceTransports.map(({ connection, state }) => (connection.state === "failed" ? "failed" : state))
    const isChosen = pc.iceTransports.every(({ connection }) => connection.nominated !== undefined)
    if (dtls.includes("failed") || ice.includes("failed")) {
      this.#become("failed")
    } else if (dtls.includes("closed")) {
      // The far end has said goodbye.
      if (this.hasBeenUp) this.#become("interrupted")
    } else if (dtls.length > 0 && dtls.every((state) => state === "connected") && isChosen) {
      // In an interruption a new path ends it, and otherwise an answer does.
      if (this.#state !== "interrupted" || ice.every((state) => state === "connected")) this.#up()
    } else if (!this.hasBeenUp && ice.includes("checking")) {
      this.#become("connecting")
    }
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
  }

  #up(): void {
    this.#silence = 0
    this.#timer ??= setInterval(() => void this.#tick(), tickMs)
    this.#become("up")
  }

  async #tick(): Promise<void> {
    const pc = this.#pc
    this.#silence += 1
    if (this.#state === "failed" || this.#silence < quietTicks) return
    if (this.#silence >= silentTicks) this.#become("interrupted")
    const isAnswered = await askConsent(pc, answerMs)
    if (!isAnswered || this.#closed || !pc.dtlsTransports.every(({ state }) => state === "connected")) return
    renewConsent(pc)
    this.#up()
  }

  #become(state: LinkState): void {
    if (state === this.#state) return
    this.#state = state
    this.#tell(state)
  }
}
