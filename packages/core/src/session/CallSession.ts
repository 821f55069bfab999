/** One call. For apps that route messages themselves, and for `CallLine`. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { CallInput } from "../call/CallInput.ts"
import type { CallState } from "../call/CallState.ts"
import type { EndReason } from "../call/EndReason.ts"
import type { MediaChange, Slot } from "../call/MediaIntent.ts"
import type { CallStats } from "../engine/CallStats.ts"
import type { DataChannel, DataOptions } from "../engine/DataChannel.ts"
import type { RtcEngine } from "../engine/RtcEngine.ts"
import type {
  ChannelClosed,
  EnigmaRtcError,
  InvalidCandidate,
  InvalidSdp,
  InvalidState,
  JsonError,
  WebRtcError
} from "../EnigmaRtcError.ts"
import { makeConfig, type RtcConfig, type RtcConfigInput } from "../RtcConfig.ts"
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import { checkSdp } from "../signaling/sessionDescription.ts"
import type { AnswerMessage, HangupMessage, OfferMessage, SignalingMessage } from "../signaling/SignalingMessage.ts"
import type { Send } from "./perform.ts"
import { randomId } from "./randomId.ts"
import type { Receipt } from "./Receipt.ts"
import { inputOf, readCandidate, readMessage } from "./receiveMessage.ts"
import type { RtcEvent } from "./RtcEvent.ts"
import { runCall, type RunningCall, type Settle, untilEnded } from "./runCall.ts"

/** What media to begin, or to answer, a call with: a change to what the configuration says. */
export interface MediaOptions {
  readonly media?: MediaChange
}

/** How a session stands in its app. */
export interface SessionOptions {
  /** The call's id. Random without it. */
  readonly callId?: string
  /** Takes every message for the peer, one at a time, in order. Without it the app passes on what operations return and events tell. */
  readonly send?: Send
}

/**
 * One call. Every operation is checked against the state machine: an illegal one fails with `InvalidState`, names what
 * is possible, and changes nothing. To stop waiting for an operation does not undo it.
 */
export interface CallSession {
  readonly id: string
  readonly state: Effect.Effect<CallState>
  /** The state now, and then each one after it. */
  readonly changes: Stream.Stream<CallState>
  /**
   * Every event once, in order, to every reader; ends after `ConnectionClosed`. A late reader gets the last 256, and
   * at most 256 wait for a slow one.
   */
  readonly events: Stream.Stream<RtcEvent>
  /** The next event, from the first; fails after the last one. For one caller. */
  readonly nextEvent: Effect.Effect<RtcEvent, ChannelClosed>

  /** Calls: opens the engine and makes the offer. */
  readonly createOffer: (options?: MediaOptions) => Effect.Effect<OfferMessage, InvalidState | WebRtcError>
  /** Takes an offer and answers it at once. */
  readonly acceptOffer: (
    sdp: string,
    options?: MediaOptions
  ) => Effect.Effect<AnswerMessage, InvalidState | InvalidSdp | WebRtcError>
  /** Takes the answer to our offer. Succeeds when the engine has applied it. */
  readonly acceptAnswer: (sdp: string) => Effect.Effect<void, InvalidState | InvalidSdp | WebRtcError>
  /** Takes a remote candidate, as a value or as the JSON of an `ice_candidate` message. */
  readonly addIceCandidate: (
    candidate: string | IceCandidate
  ) => Effect.Effect<void, InvalidState | InvalidCandidate | JsonError | WebRtcError>
  /** Takes any message at any time, as a value or as JSON, and tells what became of it. Never fails. */
  readonly receive: (message: string | SignalingMessage) => Effect.Effect<Receipt>

  /** Answers the call that rings. */
  readonly accept: (options?: MediaOptions) => Effect.Effect<AnswerMessage, InvalidState | WebRtcError>
  /** Declines the call that rings. */
  readonly decline: (reason?: EndReason) => Effect.Effect<HangupMessage, InvalidState>
  /** Ends the call. Succeeds when it has ended and the engine is closed. */
  readonly hangup: (reason?: EndReason) => Effect.Effect<HangupMessage, InvalidState>

  /** Changes the media of the call. Muting, and its end, take effect at once, and need no new offer. */
  readonly setMedia: (media: MediaChange) => Effect.Effect<void, InvalidState | WebRtcError>
  readonly setMicrophoneEnabled: (enabled: boolean) => Effect.Effect<void, InvalidState | WebRtcError>
  readonly setCameraEnabled: (enabled: boolean) => Effect.Effect<void, InvalidState | WebRtcError>

  /** Opens a data channel, which lives as long as the call. Only once connected, and with `enableData` on either end. */
  readonly openDataChannel: (
    label: string,
    options?: DataOptions
  ) => Effect.Effect<DataChannel, InvalidState | WebRtcError>
  readonly stats: Effect.Effect<CallStats, InvalidState | WebRtcError>
}

/** Has the message been given to the machine to send? Then the operation that it is for has succeeded. */
const untilSent = <T extends "SendOffer" | "SendAnswer", M>(
  call: RunningCall,
  operation: string,
  command: T,
  message: (sdp: string) => M
): Settle<M, InvalidState | WebRtcError> =>
(state, commands) => {
  for (const sent of commands) if (sent._tag === command) return Effect.succeed(message(sent.sdp))
  return call.orEnded(operation, state)
}

const receive = (call: RunningCall, id: string, message: string | SignalingMessage): Receipt => {
  const refused = (error: EnigmaRtcError): Receipt => {
    call.events.publish({ _tag: "MessageRefused", error })
    return { _tag: "Refused", error }
  }
  const read = readMessage(message)
  if (Result.isFailure(read)) return refused(read.failure)
  const { verdict } = call.dispatch(inputOf(read.success, id))
  switch (verdict._tag) {
    case "Moved":
      return { _tag: "Delivered" }
    case "Ignored":
      return { _tag: "Stale", why: verdict.why }
    case "Rejected":
      return refused(call.notPossible(`receive ${read.success.type}`, verdict.why))
  }
}

/** For `CallLine`: a session over a configuration that is checked, that tells when it has ended. */
export const makeSession = (
  config: RtcConfig,
  id: string,
  send: Send | undefined,
  onEnded: () => void
): Effect.Effect<CallSession, never, RtcEngine | Scope.Scope> =>
  Effect.map(runCall(config, send, onEnded), (call) => {
    const accept = (operation: string, media: MediaChange = {}) =>
      call.outcome(
        operation,
        { _tag: "UserAccepted", media },
        untilSent(call, operation, "SendAnswer", (sdp): AnswerMessage => ({ type: "answer", sdp }))
      )
    const end = (operation: string, input: CallInput, reason: EndReason) =>
      Effect.as(call.outcome(operation, input, untilEnded), { type: "hangup", reason } satisfies HangupMessage)
    const setMedia = (operation: string, media: MediaChange) =>
      Effect.flatMap(call.insist(operation, { _tag: "UserChangedMedia", media }), (dispatched) =>
        call.finished(operation, dispatched))
    const enable = (operation: string, slot: Slot) => (enabled: boolean) =>
      Effect.suspend(() => {
        const state = call.state()
        const intent = state._tag === "Idle" ? state.intent : "call" in state ? state.call.intent : undefined
        // A slot that was never negotiated stays as it is when it is switched off.
        const off = intent?.send[slot] === "off" ? "off" : "muted"
        return setMedia(operation, { send: { [slot]: enabled ? "on" : off } })
      })

    return {
      id,
      state: Effect.sync(call.state),
      get changes() {
        return call.changes.stream
      },
      get events() {
        return call.events.stream
      },
      get nextEvent() {
        return call.events.next
      },
      createOffer: ({ media = {} } = {}) =>
        call.outcome(
          "createOffer",
          { _tag: "UserCalled", callId: id, media },
          untilSent(call, "createOffer", "SendOffer", (sdp): OfferMessage => ({ type: "offer", sdp }))
        ),
      acceptOffer: (sdp, { media } = {}) =>
        Effect.fromResult(checkSdp(sdp)).pipe(
          Effect.andThen(call.insist("acceptOffer", { _tag: "PeerOffered", sdp, callId: id, aware: false })),
          Effect.andThen(accept("acceptOffer", media))
        ),
      acceptAnswer: (sdp) =>
        Effect.andThen(
          Effect.fromResult(checkSdp(sdp)),
          call.outcome("acceptAnswer", { _tag: "PeerAnswered", sdp, aware: false }, (state) =>
            state._tag === "Connected" ? Effect.void : call.orEnded("acceptAnswer", state))
        ),
      addIceCandidate: (given) =>
        Effect.flatMap(
          Effect.fromResult(readCandidate(given)),
          (candidate): Effect.Effect<void, InvalidState | WebRtcError> => {
            const dispatched = call.dispatch({ _tag: "PeerTrickled", candidate, aware: false })
            return dispatched.verdict._tag === "Rejected"
              ? Effect.fail(call.notPossible("addIceCandidate", dispatched.verdict.why))
              : call.finished("addIceCandidate", dispatched)
          }
        ),
      receive: (message) => Effect.sync(() => receive(call, id, message)),
      accept: ({ media } = {}) => accept("accept", media),
      decline: (reason = "declined") => end("decline", { _tag: "UserDeclined", reason }, reason),
      hangup: (reason = "normal") => end("hangup", { _tag: "UserHungUp", reason }, reason),
      setMedia: (media) => setMedia("setMedia", media),
      setMicrophoneEnabled: enable("setMicrophoneEnabled", "microphone"),
      setCameraEnabled: enable("setCameraEnabled", "camera"),
      openDataChannel: (label, options) =>
        call.onPeer("openDataChannel", (peer) => peer.openDataChannel(label, options)),
      stats: call.onPeer("stats", (peer) => peer.stats)
    }
  })

export const CallSession = {
  /**
   * Makes a session that stands alone, in state `Idle`. It ends, at the latest, with its scope: a call that is on then
   * is hung up. Fails with reason `InvalidConfig` for a configuration that no engine could use.
   */
  make: (
    config: RtcConfigInput = {},
    options: SessionOptions = {}
  ): Effect.Effect<CallSession, WebRtcError, RtcEngine | Scope.Scope> =>
    Effect.gen(function*() {
      const checked = yield* Effect.fromResult(makeConfig(config))
      const id = options.callId ?? (yield* randomId)
      return yield* makeSession(checked, id, options.send, () => {})
    })
}
