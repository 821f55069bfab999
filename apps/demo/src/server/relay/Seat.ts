/** One connection's place at the relay, from its first frame to its close: what it may say, and how much. For `Relay`. */
import type { ClientMessage, Join, RefusalCode } from "../../relay/protocol.ts"
import { RelayLimits } from "../../relay/protocol.ts"
import { readClientMessage } from "../../relay/readMessage.ts"
import { type Link, refuse } from "./Link.ts"
import { RateLimit } from "./RateLimit.ts"
import type { RelaySettings } from "./RelaySettings.ts"
import type { Room } from "./Room.ts"

/** Where a seat is once it has joined. */
export interface Place {
  readonly id: string
  readonly room: Room
}

export interface SeatWorld {
  readonly settings: RelaySettings
  /** Lets the connection into a room, or says why not. */
  readonly join: (join: Join, link: Link) => Promise<Place | RefusalCode> | Place | RefusalCode
  readonly onRelayed: (where: "here" | "elsewhere" | "nowhere") => void
  readonly onRefused: (code: RefusalCode) => void
}

export class Seat {
  readonly #world: SeatWorld
  readonly #link: Link
  readonly #messages: RateLimit
  readonly #characters: RateLimit
  readonly #joinTimer: ReturnType<typeof setTimeout>
  #place: Place | undefined
  #isJoining = false
  #isOver = false

  constructor(world: SeatWorld, link: Link) {
    const { characterBurst, charactersPerSecond, joinMs, messageBurst, messagesPerSecond } = world.settings
    this.#world = world
    this.#link = link
    const nowMs = performance.now()
    this.#messages = new RateLimit(messagesPerSecond, messageBurst, nowMs)
    this.#characters = new RateLimit(charactersPerSecond, characterBurst, nowMs)
    this.#joinTimer = setTimeout(() => this.refuse("not-joined"), joinMs)
  }

  /** Takes one frame. */
  receive(frame: string): void {
    if (this.#isOver) return
    const nowMs = performance.now()
    if (!this.#messages.take(1, nowMs) || !this.#characters.take(frame.length, nowMs)) return this.refuse("too-fast")
    const message = frame.length > RelayLimits.frameBytes ? undefined : readClientMessage(frame)
    if (message === undefined || (message.type === "join") !== (this.#place === undefined)) return this.refuse("bad-message")
    this.#do(message)
  }

  /** The connection has closed, from either end. */
  closed(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#joinTimer)
    this.#place?.room.lost(this.#place.id, this.#link)
  }

  refuse(code: RefusalCode): void {
    if (this.#isOver) return
    this.#world.onRefused(code)
    refuse(this.#link, code)
    this.closed()
  }

  #do(message: ClientMessage): void {
    switch (message.type) {
      case "join":
        // A second one, before the first is through, is one too many.
        if (this.#isJoining) return this.refuse("bad-message")
        this.#isJoining = true
        return this.#join(message)
      case "send":
        return this.#place && this.#world.onRelayed(this.#place.room.relay(this.#place.id, this.#link, message.to, message.text))
      case "leave":
        this.#place?.room.leave(this.#place.id, this.#link)
        this.closed()
        return this.#link.close()
    }
  }

  #join(join: Join): void {
    const joined = (result: Place | RefusalCode) => {
      if (typeof result === "string") return this.refuse(result)
      // It may have closed while it waited.
      if (this.#isOver) return result.room.lost(result.id, this.#link)
      clearTimeout(this.#joinTimer)
      this.#place = result
    }
    const result = this.#world.join(join, this.#link)
    if (result instanceof Promise) void result.then(joined)
    else joined(result)
  }
}
