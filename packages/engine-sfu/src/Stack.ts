/** What differs between a page and Node: the stack under mediasoup-client, what goes into it, and what comes out. */
import type { CallStats, CountedStats, RemoteTrack, RtpFigures, Slot } from "@enigma-rtc/core"
import type { Consumer, HandlerFactory, Producer, ProducerOptions, RtpParameters, Transport } from "mediasoup-client/types"

/** A call, as its sources see it. */
export interface SendingCall {
  /** Does it send this slot now, if there is something to send? */
  readonly sends: (slot: Slot) => boolean
  /** There is something else to send. Fulfilled when it is sent. */
  readonly changed: () => Promise<unknown>
  /** A source has ended by itself, or cannot be sent; `reason` is in words. */
  readonly ended: (slot: Slot, reason: string) => void
}

/** What goes into one slot's producer: silent until it is told to send. */
export interface Feed {
  /** What the producer is made with. */
  readonly options: ProducerOptions
  /** The producer is there; nothing is sent yet. */
  readonly begin: (producer: Producer) => Promise<void>
  /** Sends what there is to send, or really nothing. Asked again, it sends what there is by then. Calls are told of what cannot be sent. */
  readonly send: (isSent: boolean) => Promise<void>
  readonly close: () => void
}

/** What comes out of one slot's consumer, as apps know it: consumers may come and go under it. */
export interface Received {
  readonly track: RemoteTrack
  readonly attach: (consumer: Consumer) => void
  readonly end: () => void
}

/** One slot's media on a transport. */
export interface Flow {
  readonly slot: Slot
  readonly parameters: RtpParameters
}

/** What goes one way over a transport. */
export interface Flows {
  readonly way: "sent" | "received"
  readonly all: ReadonlyArray<Flow>
  /** Of one call, one way: kept from one asking to the next. */
  readonly counted: CountedStats
}

/** Figures of what goes one way over a transport, and of its path. */
export interface Figures extends Pick<CallStats, "path" | "roundTripTimeMs"> {
  readonly rtp: ReadonlyArray<RtpFigures>
}

/** A page's, or Node's. */
export interface Stack {
  /** Left out where mediasoup-client knows the browser by itself. */
  readonly handlerFactory?: HandlerFactory
  /** For the peer connection of each transport. */
  readonly connection: RTCConfiguration
  /** What is not there makes joining fail with the reason `Unsupported`. */
  readonly lacks: string | undefined
  /** Gives how to leave. */
  readonly joinSources: (call: SendingCall) => () => void
  /** What a call sends may have changed. */
  readonly demand: () => void
  readonly openFeed: (slot: Slot) => Feed
  readonly beginTrack: (slot: Slot) => Received
  /** Waits before the next message goes into a channel, where the stack cannot take many at once. */
  readonly pace?: () => Promise<void>
  /**
   * Does the server answer over a transport that is connected? Given where the stack cannot restart ICE: one without an answer
   * is then given up.
   */
  readonly isAnswered?: (transport: Transport) => Promise<boolean>
  readonly figures: (transport: Transport, flows: Flows) => Promise<Figures>
}
