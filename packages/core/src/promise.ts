/**
 * `@enigma-rtc/core/promise`: the same calls for apps without Effect: promises that reject with the same tagged errors,
 * and async iterables.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CallState } from "./call/CallState.ts"
import type { EndReason } from "./call/EndReason.ts"
import type { Recorder } from "./call/Recorder.ts"
import type { MediaChange } from "./call/MediaIntent.ts"
import type { CallStats } from "./engine/CallStats.ts"
import type { DataChannel, DataOptions } from "./engine/DataChannel.ts"
import { RtcEngine } from "./engine/RtcEngine.ts"
import { ChannelClosed, type WebRtcError } from "./EnigmaRtcError.ts"
import type { RtcConfigInput } from "./RtcConfig.ts"
import { CallLine, type LineCallOptions, type LineOptions } from "./session/CallLine.ts"
import type { LineCall } from "./session/LineCalls.ts"
import { CallSession, type MediaOptions } from "./session/CallSession.ts"
import { pageContext } from "./session/pageScheduler.ts"
import type { LineReceipt, Receipt } from "./session/Receipt.ts"
import type { RtcEvent } from "./session/RtcEvent.ts"
import type { Incoming, SignalingChannel } from "./session/SignalingChannel.ts"
import type { IceCandidate } from "./signaling/iceCandidate.ts"
import type { AnswerMessage, CallMessage, HangupMessage, OfferMessage, SignalingMessage } from "./signaling/SignalingMessage.ts"

/** What an engine's package makes, such as `WeriftEngine.make(options)`. */
export type EngineSource = Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope>

/** `SignalingChannel` for apps without Effect. */
export interface PromiseChannel {
  /** Throws, or rejects, when the transport is closed. */
  readonly send: (text: string, peer: string) => void | Promise<void>
  /** Begins to hand on what comes, and tells when the transport is closed for good. Returns how to stop. */
  readonly subscribe: (receive: (incoming: Incoming) => void, closed: () => void) => () => void
}

/** `DataChannel` for apps without Effect. */
export interface PromiseDataChannel {
  readonly label: string
  readonly protocol: string
  readonly send: (data: string | Uint8Array) => Promise<void>
  /** How many bytes have been handed to the stack and not yet sent. */
  readonly bufferedAmount: () => Promise<number>
  /** One loop over it takes up where the one before has stopped. Rejects when more than 16 MiB wait. */
  readonly messages: AsyncIterable<string | Uint8Array>
  readonly close: () => Promise<void>
}

/** `RtcEvent` for apps without Effect. */
export type PromiseRtcEvent =
  | Exclude<RtcEvent, { readonly _tag: "DataChannelOpened" }>
  | { readonly _tag: "DataChannelOpened"; readonly channel: PromiseDataChannel }

/** `CallSession` for apps without Effect: each promise rejects with the error that the effect would fail with. */
export interface PromiseSession {
  readonly id: string
  readonly state: CallState
  readonly changes: AsyncIterable<CallState>
  /** Each loop over it starts with the last 256 events. */
  readonly events: AsyncIterable<PromiseRtcEvent>
  readonly nextEvent: () => Promise<PromiseRtcEvent>
  readonly createOffer: (options?: MediaOptions) => Promise<OfferMessage>
  readonly acceptOffer: (sdp: string, options?: MediaOptions) => Promise<AnswerMessage>
  readonly acceptAnswer: (sdp: string) => Promise<void>
  readonly addIceCandidate: (candidate: string | IceCandidate) => Promise<void>
  readonly receive: (message: string | SignalingMessage) => Receipt
  readonly accept: (options?: MediaOptions) => Promise<AnswerMessage>
  readonly decline: (reason?: EndReason) => Promise<HangupMessage>
  readonly hangup: (reason?: EndReason) => Promise<HangupMessage>
  readonly setMedia: (media: MediaChange) => Promise<void>
  readonly hold: () => Promise<void>
  readonly resume: () => Promise<void>
  readonly restartIce: () => Promise<void>
  readonly setMicrophoneEnabled: (enabled: boolean) => Promise<void>
  readonly setCameraEnabled: (enabled: boolean) => Promise<void>
  readonly openDataChannel: (label: string, options?: DataOptions) => Promise<PromiseDataChannel>
  readonly stats: () => Promise<CallStats>
}

/** A call of a line, for apps without Effect. */
export interface PromiseCall extends PromiseSession {
  readonly peer: string
  /** The name of the engine that the call is on now. */
  readonly engine: () => string
  /** Moves the call to another of the line's engines, by its name. */
  readonly switchEngine: (engine: string) => Promise<void>
}

/** `CallLine` for apps without Effect. */
export interface PromiseLine {
  readonly from: string
  readonly call: (peer: string, options?: LineCallOptions) => Promise<PromiseCall>
  readonly incoming: AsyncIterable<PromiseCall>
  readonly receipts: AsyncIterable<LineReceipt>
  /** Tells that the channel is there again: what is owed is sent at once. */
  readonly reconnected: () => void
  /** Resolves when the channel has ended, or the line; rejects when the channel has failed. */
  readonly closed: () => Promise<void>
  /** Hangs up every call and lets the engine go. */
  readonly close: () => Promise<void>
}

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromiseWith(pageContext())(effect)
const toAsyncIterable = <A, E>(stream: Stream.Stream<A, E>): AsyncIterable<A> => Stream.toAsyncIterableWith(stream, pageContext())

const toPromiseDataChannel = (channel: DataChannel): PromiseDataChannel => ({
  label: channel.label,
  protocol: channel.protocol,
  send: (data) => run(channel.send(data)),
  bufferedAmount: () => run(channel.bufferedAmount),
  messages: toAsyncIterable(channel.messages),
  close: () => run(channel.close)
})
const toPromiseEvent = (event: RtcEvent): PromiseRtcEvent =>
  event._tag === "DataChannelOpened" ? { ...event, channel: toPromiseDataChannel(event.channel) } : event

const toPromiseSession = (session: CallSession): PromiseSession => ({
  get id() {
    return session.id
  },
  get state() {
    return Effect.runSync(session.state)
  },
  changes: toAsyncIterable(session.changes),
  events: toAsyncIterable(Stream.map(session.events, toPromiseEvent)),
  nextEvent: () => run(Effect.map(session.nextEvent, toPromiseEvent)),
  createOffer: (options) => run(session.createOffer(options)),
  acceptOffer: (sdp, options) => run(session.acceptOffer(sdp, options)),
  acceptAnswer: (sdp) => run(session.acceptAnswer(sdp)),
  addIceCandidate: (candidate) => run(session.addIceCandidate(candidate)),
  receive: (message) => Effect.runSync(session.receive(message)),
  accept: (options) => run(session.accept(options)),
  decline: (reason) => run(session.decline(reason)),
  hangup: (reason) => run(session.hangup(reason)),
  setMedia: (media) => run(session.setMedia(media)),
  hold: () => run(session.hold),
  resume: () => run(session.resume),
  restartIce: () => run(session.restartIce),
  setMicrophoneEnabled: (enabled) => run(session.setMicrophoneEnabled(enabled)),
  setCameraEnabled: (enabled) => run(session.setCameraEnabled(enabled)),
  openDataChannel: (label, options) => run(Effect.map(session.openDataChannel(label, options), toPromiseDataChannel)),
  stats: () => run(session.stats)
})
const toPromiseCall = (call: LineCall): PromiseCall =>
  Object.assign(toPromiseSession(call), {
    peer: call.peer,
    engine: () => Effect.runSync(call.engine),
    switchEngine: (engine: string) => run(call.switchEngine(engine))
  })

/** Hands something to the app's transport, which may throw or reject. */
const toTransport = (send: () => void | Promise<void>): Effect.Effect<void, ChannelClosed> =>
  Effect.tryPromise({
    try: async () => send(),
    catch: (cause) => new ChannelClosed({ operation: "send", cause })
  })

const toChannel = (channel: PromiseChannel): SignalingChannel => ({
  send: (text, peer) => toTransport(() => channel.send(text, peer)),
  incoming: Stream.callback<Incoming>((queue) =>
    Effect.acquireRelease(
      Effect.sync(() =>
        channel.subscribe(
          (incoming) => Queue.offerUnsafe(queue, incoming),
          () => Queue.endUnsafe(queue)
        )
      ),
      (stop) => Effect.sync(stop)
    )
  )
})

/** Builds something scoped over an engine, and how to let both go. */
const scoped = async <A>(
  engine: EngineSource,
  make: Effect.Effect<A, WebRtcError, RtcEngine | Scope.Scope>
): Promise<{ readonly value: A; readonly close: () => Promise<void> }> => {
  const scope = Scope.makeUnsafe()
  const close = () => run(Scope.close(scope, Exit.void))
  try {
    const value = await run(Scope.provide(Effect.provideServiceEffect(make, RtcEngine, engine), scope))
    return { value, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Opens a line: one end of one signaling channel, with an engine. */
export const openLine = async (options: {
  /** Names this device among its user's: 1 to 40 visible ASCII characters, without a dot. */
  readonly device: string
  readonly channel: PromiseChannel
  readonly engine: EngineSource
  /** Further engines, each with a name of its own: for `switchEngine`, and for calls that begin on them. */
  readonly engines?: ReadonlyArray<EngineSource>
  /** Asked when a peer moves a call to another of these engines: `true` lets it. The default is to follow it to any. */
  readonly follows?: NonNullable<LineOptions["follows"]>
  readonly config?: RtcConfigInput
  /** How many calls may be on at once; one more that comes in is answered with `busy`. 1 to 64, which is the default. */
  readonly maxCalls?: number
  /** Looks on at each call: `recordTrace` of `@enigma-rtc/core/trace` writes its trace. */
  readonly trace?: Recorder
}): Promise<PromiseLine> => {
  const { engine, engines = [], channel, ...rest } = options
  const made = Effect.flatMap(Effect.all(engines), (further) =>
    CallLine.make({ ...rest, channel: toChannel(channel), engines: further }))
  const { close, value: line } = await scoped(engine, made)
  return {
    from: line.from,
    call: (peer, how) => run(Effect.map(line.call(peer, how), toPromiseCall)),
    incoming: toAsyncIterable(Stream.map(line.incoming, toPromiseCall)),
    receipts: toAsyncIterable(line.receipts),
    reconnected: () => Effect.runSync(line.reconnected),
    closed: () => run(line.closed),
    close
  }
}

/** Opens a session that stands alone, for apps that route messages themselves. */
export const openSession = async (options: {
  readonly engine: EngineSource
  readonly config?: RtcConfigInput
  readonly callId?: string
  /** Takes every message for the peer, one at a time, in order. */
  readonly send?: (message: CallMessage) => void | Promise<void>
  /** Looks on at the call: `recordTrace` of `@enigma-rtc/core/trace` writes its trace. */
  readonly trace?: Recorder
}): Promise<PromiseSession & { readonly close: () => Promise<void> }> => {
  const { config, engine, send, ...rest } = options
  const { close, value } = await scoped(
    engine,
    CallSession.make(config, {
      ...rest,
      ...(send === undefined ? {} : { send: (message) => toTransport(() => send(message)) })
    })
  )
  return Object.assign(toPromiseSession(value), { close })
}
