/** What goes between a served engine and who uses it from afar: questions one way, answers and events the other. */
import type {
  CallStats, Capabilities, DataOptions, EngineEvent, IceCandidate, MediaIntent, OfferOptions, RemoteTrack, RtcConfig, WebRtcReason
} from "@enigma-rtc/core"

/** Names an engine, a connection, a channel, a track or a path. The near side's are positive, the far side's negative. */
export type Handle = number

/** Which engine of what is served. */
export type Which = "left" | "right" | "ending"

/** Everything that can be asked, as functions that run at the far side. What closes may be asked for twice. */
export interface Questions {
  readonly openEngine: (engine: Handle, which: Which) => { readonly name: string; readonly capabilities: Capabilities }
  readonly closeEngine: (engine: Handle) => null
  readonly open: (engine: Handle, peer: Handle, config: RtcConfig, intent: MediaIntent) => null
  readonly closePeer: (peer: Handle) => null
  readonly setMedia: (peer: Handle, intent: MediaIntent) => null
  readonly createOffer: (peer: Handle, options: OfferOptions | null) => string
  readonly createAnswer: (peer: Handle, offerSdp: string) => string
  readonly applyAnswer: (peer: Handle, answerSdp: string) => null
  readonly rollback: (peer: Handle) => null
  readonly addRemoteCandidate: (peer: Handle, candidate: IceCandidate) => null
  readonly stats: (peer: Handle) => CallStats
  readonly openDataChannel: (peer: Handle, channel: Handle, label: string, options: DataOptions | null) => ChannelFacts
  readonly send: (channel: Handle, data: WireData) => null
  readonly bufferedAmount: (channel: Handle) => number
  readonly closeChannel: (channel: Handle) => null
  readonly arrived: (track: Handle) => number
  readonly resources: () => number
  readonly openPath: (path: Handle, left: Handle, right: Handle) => null
  readonly carry: (path: Handle, candidate: IceCandidate) => IceCandidate
  readonly cut: (path: Handle) => null
  readonly mend: (path: Handle) => null
  readonly closePath: (path: Handle) => null
}

export type Verb = keyof Questions

/** What is fixed about a channel. */
export interface ChannelFacts {
  readonly label: string
  readonly protocol: string
}

/** Text, or bytes in base64. */
export type WireData = string | { readonly bytes: string }

export interface WireError {
  readonly engine: string
  readonly operation: string
  readonly reason: WebRtcReason
  readonly cause?: { readonly name: string; readonly message: string }
}

/** An event: errors in words, and objects by their handles. */
export type WireEvent =
  | Extract<EngineEvent, { readonly _tag: "LocalCandidate" | "Link" | "NegotiationNeeded" | "LocalSourceEnded" }>
  | { readonly _tag: "RemoteTrack" | "RemoteTrackEnded"; readonly track: RemoteTrack; readonly handle: Handle }
  | { readonly _tag: "DataChannelOpened"; readonly channel: ChannelFacts; readonly handle: Handle }
  | { readonly _tag: "CandidateRefused"; readonly candidate: IceCandidate; readonly error: WireError }
  | { readonly _tag: "Failed"; readonly error: WireError }

/** A question, or that its answer is waited for no more. */
export type ToFar =
  | { readonly _tag: "Ask"; readonly id: number; readonly verb: Verb; readonly args: ReadonlyArray<unknown> }
  | { readonly _tag: "Stop"; readonly id: number }

/** The answer to a question, and what is told unasked. */
export type ToNear =
  | { readonly _tag: "Done"; readonly id: number; readonly value: unknown }
  | { readonly _tag: "Failed"; readonly id: number; readonly error: WireError }
  /** It died of a defect, in words. */
  | { readonly _tag: "Died"; readonly id: number; readonly message: string }
  | { readonly _tag: "Event"; readonly peer: Handle; readonly event: WireEvent }
  | { readonly _tag: "EventsEnded"; readonly peer: Handle }
  | { readonly _tag: "Message"; readonly channel: Handle; readonly data: WireData }
  | { readonly _tag: "ChannelEnded"; readonly channel: Handle; readonly error?: WireError }
