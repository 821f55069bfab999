/** The signaling relay: rooms, and who may come in. It hands texts on and does not read them. For the server. */
import { createHash, randomUUID } from "node:crypto"
import type { Join, Peer, RefusalCode } from "../../relay/protocol.ts"
import type { RoomKey } from "../../relay/roomLink.ts"
import type { Broker } from "../broker/Broker.ts"
import type { Figures } from "./Figures.ts"
import { type Link, say } from "./Link.ts"
import { type RelaySettings, relaySettings } from "./RelaySettings.ts"
import { Room } from "./Room.ts"
import { isRoomToken, peerId } from "./roomToken.ts"
import { type Place, Seat } from "./Seat.ts"

/** What tells a connection's side of the story. */
export type Connected = Pick<Seat, "receive" | "closed" | "refuse">

/** Called when somebody has come into a room that was empty; what it returns is called when it is empty again. */
export type RoomListener = (room: RoomKey) => () => void

export interface RelayOptions {
  readonly settings?: Partial<RelaySettings>
  readonly broker?: Broker
}

interface OpenRoom {
  readonly room: Room
  readonly left: ReadonlyArray<() => void>
}

export class Relay {
  readonly settings: RelaySettings
  readonly #broker: Broker | undefined
  /** Tells this start of this relay from all others. */
  readonly #id = randomUUID()
  readonly #rooms = new Map<string, OpenRoom>()
  readonly #addresses = new Map<string, number>()
  readonly #listeners: Array<RoomListener> = []
  readonly #texts = { here: 0, elsewhere: 0, nowhere: 0 }
  readonly #refused: Partial<Record<RefusalCode, number>> = {}
  #connections = 0
  #isClosed = false

  constructor({ broker, settings }: RelayOptions = {}) {
    this.settings = { ...relaySettings, ...settings }
    this.#broker = broker
    broker?.onConnected(() => this.#rooms.forEach(({ room }) => room.brokerReturned()))
  }

  get figures(): Figures {
    const rooms = [...this.#rooms.values()]
    return {
      connections: this.#connections,
      rooms: rooms.length,
      peers: rooms.reduce((sum, { room }) => sum + room.size, 0),
      texts: { ...this.#texts },
      refused: { ...this.#refused },
      broker: this.#broker && { isConnected: this.#broker.isConnected() }
    }
  }

  /** Tells of every room that opens from now on. */
  onRoom(listener: RoomListener): void {
    this.#listeners.push(listener)
  }

  /** Takes a connection in; without an address it is one of the server's own, and a guest in its room. */
  connect(link: Link, address?: string): Connected {
    const isGuest = address === undefined
    const seat = new Seat({
      settings: this.settings,
      join: (join, link) => this.#join(join, link, isGuest),
      onRelayed: (where) => void this.#texts[where]++,
      onRefused: (code) => this.#count(code)
    }, link)
    const count = this.#connect(address)
    if (count === undefined) {
      seat.refuse("full")
      return seat
    }
    return {
      receive: (frame) => seat.receive(frame),
      refuse: (code) => seat.refuse(code),
      closed: () => {
        count()
        seat.closed()
      }
    }
  }

  close(): void {
    this.#isClosed = true
    for (const key of this.#rooms.keys()) this.#closeRoom(key)
  }

  /** Counts a connection, if there is room for it; returns how to count it out again. */
  #connect(address = "own"): (() => void) | undefined {
    const { connections, connectionsPerAddress } = this.settings
    const ofAddress = this.#addresses.get(address) ?? 0
    if (this.#isClosed || (address !== "own" && (this.#connections >= connections || ofAddress >= connectionsPerAddress))) {
      return undefined
    }
    this.#connections++
    this.#addresses.set(address, ofAddress + 1)
    let isOut = false
    return () => {
      if (isOut) return
      isOut = true
      this.#connections--
      const left = (this.#addresses.get(address) ?? 1) - 1
      if (left === 0) this.#addresses.delete(address)
      else this.#addresses.set(address, left)
    }
  }

  #join(join: Join, link: Link, isGuest: boolean): Promise<Place | RefusalCode> | Place | RefusalCode {
    if (!isRoomToken(join)) return "bad-token"
    const key = createHash("sha256").update(`${join.room}\n${join.token}`).digest("hex")
    const peer: Peer = { id: peerId(join.room, join.secret), name: join.name }
    const open = this.#rooms.get(key)
    const room = open?.room ?? this.#openRoom(key, join, isGuest)
    if (room === undefined) return "full"
    const enter = (): Place | RefusalCode => {
      // The room may have been closed while others were asked who is in it.
      const now = this.#rooms.get(key)?.room ?? this.#openRoom(key, join, isGuest)
      const refused = now === undefined ? "full" : now.join(peer, link, isGuest)
      if (now === undefined || refused !== undefined) {
        if (now?.isEmpty === true) this.#closeRoom(key)
        return refused ?? "full"
      }
      say(link, { type: "joined", self: peer, peers: now.others(peer.id), beatMs: this.settings.beatMs })
      return { id: peer.id, room: now }
    }
    return room.settled === undefined ? enter() : room.settled.then(enter)
  }

  #openRoom(key: string, { room: name, token }: RoomKey, isGuest: boolean): Room | undefined {
    // A guest comes only where somebody is.
    if (this.#isClosed || isGuest || this.#rooms.size >= this.settings.rooms) return undefined
    const room = new Room({
      relay: this.#id,
      subject: `enigma-rtc.room.${key}`,
      settings: this.settings,
      ...(this.#broker === undefined ? {} : { broker: this.#broker }),
      onEmpty: () => this.#closeRoom(key)
    })
    const left: Array<() => void> = []
    this.#rooms.set(key, { room, left })
    for (const listener of this.#listeners) left.push(listener({ room: name, token }))
    return room
  }

  #closeRoom(key: string): void {
    const open = this.#rooms.get(key)
    if (open === undefined) return
    this.#rooms.delete(key)
    open.room.close("closing")
    for (const left of open.left) left()
  }

  #count(code: RefusalCode): void {
    this.#refused[code] = (this.#refused[code] ?? 0) + 1
  }
}
