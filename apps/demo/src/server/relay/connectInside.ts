/** A connection to the relay within its own process, in the shape of a WebSocket. For the bot. */
import type { RelayMessage } from "../../relay/protocol.ts"
import type { SocketLike } from "../../relay/SocketLike.ts"
import type { Connected, Relay } from "./Relay.ts"

const beat = JSON.stringify({ type: "beat" } satisfies RelayMessage)

/** Each frame comes in a turn of its own, as over a network. */
class InsideSocket extends EventTarget {
  readonly bufferedAmount = 0
  readonly #seat: Connected
  readonly #heart: ReturnType<typeof setInterval>
  #isClosed = false

  constructor(relay: Relay) {
    super()
    this.#seat = relay.connect({
      send: (frame) => {
        setImmediate(() => this.#receive(frame))
        return !this.#isClosed
      },
      close: () => void setImmediate(() => this.close())
    })
    this.#heart = setInterval(() => this.#receive(beat), relay.settings.beatMs)
    setImmediate(() => this.dispatchEvent(new Event("open")))
  }

  send(frame: string): void {
    if (!this.#isClosed) setImmediate(() => this.#seat.receive(frame))
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearInterval(this.#heart)
    setImmediate(() => {
      this.#seat.closed()
      this.dispatchEvent(new Event("close"))
    })
  }

  #receive(frame: string): void {
    this.dispatchEvent(new MessageEvent("message", { data: frame }))
  }
}

/** Its message events are all of the kind that is asked for, which an `EventTarget` cannot say. */
export const connectInside = (relay: Relay): SocketLike => new InsideSocket(relay) as unknown as SocketLike
