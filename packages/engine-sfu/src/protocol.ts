/** What an SFU's client and server say to each other: requests, their replies, and what the server tells unasked. Plain JSON. */
import type { Slot } from "@enigma-rtc/core"
import type {
  DtlsParameters, IceCandidate, IceParameters, MediaKind, RtpCapabilities, RtpParameters, SctpParameters, SctpStreamParameters
} from "mediasoup-client/types"

/** Which way a transport carries media, seen from the client. */
export type TransportDirection = "send" | "receive"

/**
 * Every request, by its name, and its reply. Names of rooms and peers are 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`; ids are
 * the server's. Requests that say how something is to be from now on (`setAudience`, `setConsumer`, the closing ones) may be
 * said twice, and closing what is closed succeeds.
 */
export interface SfuRequests {
  /**
   * Comes first, and again after the connection to the server was lost: with `resume` the stay goes on, with all that it has
   * open, if it is still there. Otherwise a new stay begins. A stay of the same peer that is still there ends.
   */
  readonly join: {
    readonly request: { readonly room: string; readonly token?: string; readonly resume?: string }
    readonly reply: {
      /** The name that the server gives the client in this room. */
      readonly peer: string
      /** A secret of the server and this client, to go on with. */
      readonly resume: string
      readonly resumed: boolean
      /** The others that are there. */
      readonly peers: ReadonlyArray<string>
      readonly routerRtpCapabilities: RtpCapabilities
    }
  }
  /** What is open still: for a client that may have missed notifications. */
  readonly sync: {
    readonly request: {}
    readonly reply: {
      readonly peers: ReadonlyArray<string>
      readonly transports: ReadonlyArray<string>
      /** Of data; those of media are as open as their transport. */
      readonly dataProducers: ReadonlyArray<string>
      readonly consumers: ReadonlyArray<string>
      readonly dataConsumers: ReadonlyArray<string>
    }
  }
  readonly leave: { readonly request: {}; readonly reply: {} }
  readonly createTransport: {
    readonly request: { readonly direction: TransportDirection }
    readonly reply: {
      readonly transport: string
      readonly iceParameters: IceParameters
      readonly iceCandidates: ReadonlyArray<IceCandidate>
      readonly dtlsParameters: DtlsParameters
      readonly sctpParameters: SctpParameters
    }
  }
  /** Once for a transport. */
  readonly connectTransport: {
    readonly request: { readonly transport: string; readonly dtlsParameters: DtlsParameters }
    readonly reply: {}
  }
  readonly restartIce: {
    readonly request: { readonly transport: string }
    readonly reply: { readonly iceParameters: IceParameters }
  }
  readonly closeTransport: { readonly request: { readonly transport: string }; readonly reply: {} }
  /** Nobody is sent it who is not in its audience; anyone in the room who knows its id may consume it. */
  readonly produce: {
    readonly request: {
      readonly transport: string
      readonly slot: Slot
      readonly kind: MediaKind
      readonly rtpParameters: RtpParameters
      readonly audience: ReadonlyArray<string>
    }
    readonly reply: { readonly producer: string }
  }
  readonly produceData: {
    readonly request: {
      readonly transport: string
      readonly sctpStreamParameters: SctpStreamParameters
      readonly label: string
      readonly protocol: string
      readonly audience: ReadonlyArray<string>
    }
    readonly reply: { readonly producer: string }
  }
  /** Who is sent a producer of one's own, of media or of data, from now on: peers of this room, in place of those before. */
  readonly setAudience: {
    readonly request: { readonly producer: string; readonly audience: ReadonlyArray<string> }
    readonly reply: {}
  }
  /** Closes a producer of one's own, of media or of data, and all that consume it. */
  readonly closeProducer: { readonly request: { readonly producer: string }; readonly reply: {} }
  /** The consumer is paused until `setConsumer` says otherwise. */
  readonly consume: {
    readonly request: { readonly transport: string; readonly producer: string; readonly rtpCapabilities: RtpCapabilities }
    readonly reply: {
      readonly consumer: string
      readonly kind: MediaKind
      readonly rtpParameters: RtpParameters
      /** Who produces it: the client checks it against the ticket. */
      readonly peer: string
      readonly slot: Slot
    }
  }
  /** It runs at once. */
  readonly consumeData: {
    readonly request: { readonly transport: string; readonly producer: string }
    readonly reply: {
      readonly consumer: string
      readonly sctpStreamParameters: SctpStreamParameters
      readonly label: string
      readonly protocol: string
      readonly peer: string
    }
  }
  /**
   * What is left out stays. A consumer of data can be paused, and has no layers. Layers of simulcast and SVC: the highest that
   * is to be forwarded, from 0.
   */
  readonly setConsumer: {
    readonly request: {
      readonly consumer: string
      readonly paused?: boolean
      readonly layers?: { readonly spatial: number; readonly temporal?: number }
    }
    readonly reply: {}
  }
  /** Closes a consumer of one's own, of media or of data. */
  readonly closeConsumer: { readonly request: { readonly consumer: string }; readonly reply: {} }
}

/** The name of a request. */
export type SfuMethod = keyof SfuRequests

/** A request as it is sent, without whatever number the transport gives it. */
export type SfuRequest = { readonly [M in SfuMethod]: { readonly method: M } & SfuRequests[M]["request"] }[SfuMethod]

/** What the server replies to a request. */
export type SfuReply<M extends SfuMethod> = SfuRequests[M]["reply"]

/** What the server tells unasked. */
export type SfuNotification =
  | { readonly event: "peerJoined"; readonly peer: string }
  /** It left, or its connection was away for longer than the server waits. */
  | { readonly event: "peerLeft"; readonly peer: string }
  /** What is consumed is there no more. Said of media and of data. */
  | { readonly event: "consumerClosed"; readonly consumer: string }
  /** How well a consumer's media arrives at the server, and so at its client: 0 (nothing) to 10. */
  | { readonly event: "consumerScore"; readonly consumer: string; readonly score: number; readonly producerScore: number }
  /** The layers that are forwarded now; none at all when `spatial` is missing. */
  | { readonly event: "consumerLayers"; readonly consumer: string; readonly spatial?: number; readonly temporal?: number }
  /** This client's stay is over; it may join again, unless it was `removed`, or `replaced` by a later stay of its own. */
  | { readonly event: "ended"; readonly why: "roomClosed" | "workerDied" | "removed" | "replaced" }

/** Why a server refuses a request, as it says it. */
export type SfuRefusal =
  /** The token, or who has it, is not let in. */
  | { readonly code: "unauthorised" }
  /** The request is not one of these, at this place. */
  | { readonly code: "invalid"; readonly at: string; readonly expected: string }
  /** There is no such thing in this client's stay or room. */
  | { readonly code: "notFound"; readonly what: "room" | "transport" | "producer" | "consumer"; readonly id: string }
  /** Not in this order: before `join`, or a transport that is connected already. */
  | { readonly code: "wrongState"; readonly expected: string }
  | { readonly code: "tooMany"; readonly what: string; readonly limit: number }
  /** The client cannot receive what it wants to consume. */
  | { readonly code: "cannotConsume" }
  /** The server fails, or is about to stop; trying later may help. */
  | { readonly code: "unavailable" }
