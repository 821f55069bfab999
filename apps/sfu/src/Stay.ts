/** One peer's time in a room, from `join` until it ends, over as many connections as that takes; and all that it has open. */
import type { SfuNotification, TransportDirection } from "@enigma-rtc/engine-sfu"
import type { types } from "mediasoup"
import { closeSink, closeSource, type Sink, type Source } from "./audience.ts"
import type { SfuPeerLimits } from "./limits.ts"
import type { Room } from "./Room.ts"

/** Who is told what happens: a connection. */
export interface Listener {
  readonly tell: (notification: SfuNotification) => void
  readonly close: () => void
}

/** A transport of a stay. */
export interface StayTransport {
  readonly transport: types.WebRtcTransport
  readonly direction: TransportDirection
  /** `connectTransport` was asked for. */
  connected: boolean
}

/** Why a stay is over, when its own client is to hear it. */
export type Ended = Extract<SfuNotification, { readonly event: "ended" }>["why"]

/** A peer in a room. */
export class Stay {
  readonly room: Room
  readonly peer: string
  /** What the client resumes with. */
  readonly secret: string
  readonly limits: SfuPeerLimits
  /** `undefined` while the connection is lost. */
  listener: Listener | undefined
  over = false
  /** How often the connection was lost. */
  losses = 0
  readonly transports = new Map<string, StayTransport>()
  /** What it sends. */
  readonly sources = new Map<string, Source>()
  /** What it is sent, if it is in the audience. */
  readonly sinks = new Map<string, Sink>()
  /** Of each kind, how many are being opened just now. */
  readonly opening: Record<keyof SfuPeerLimits, number> = {
    transports: 0,
    producers: 0,
    consumers: 0,
    dataProducers: 0,
    dataConsumers: 0
  }

  constructor(room: Room, peer: string, secret: string, limits: SfuPeerLimits, listener: Listener) {
    this.room = room
    this.peer = peer
    this.secret = secret
    this.limits = limits
    this.listener = listener
  }

  /** Nothing is told while the connection is lost: the client asks with `sync` what it has missed. */
  tell(notification: SfuNotification): void {
    this.listener?.tell(notification)
  }

  /** How many of a kind it has open, or is opening. */
  count(kind: keyof SfuPeerLimits): number {
    const open = (things: Iterable<{ readonly kind: string }>, of: string) => [...things].filter(({ kind }) => kind === of).length
    const opened = {
      transports: () => this.transports.size,
      producers: () => open(this.sources.values(), "media"),
      dataProducers: () => open(this.sources.values(), "data"),
      consumers: () => open(this.sinks.values(), "media"),
      dataConsumers: () => open(this.sinks.values(), "data")
    }
    return opened[kind]() + this.opening[kind]
  }

  /** Closes a transport, and all that goes through it. */
  closeTransport(id: string): void {
    for (const source of this.sources.values()) {
      if (source.transport === id) {
        closeSource(source)
      }
    }
    for (const sink of this.sinks.values()) {
      if (sink.transport === id) {
        closeSink(sink)
      }
    }
    this.transports.get(id)?.transport.close()
    this.transports.delete(id)
  }

  /** Ends it, once: closes all that it has open, and tells the room, and its own client if there is a `why`. */
  end(why?: Ended): void {
    if (this.over) {
      return
    }
    this.over = true
    this.sources.forEach((source) => closeSource(source))
    this.sinks.forEach((sink) => closeSink(sink))
    this.transports.forEach(({ transport }) => transport.close())
    this.transports.clear()
    this.room.remove(this)
    if (why !== undefined) {
      this.tell({ event: "ended", why })
    }
    this.listener = undefined
  }
}
