/** One call. For apps that route messages themselves, and for `CallLine`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { CallState } from "../call/CallState.ts"
import type { EndReason } from "../call/EndReason.ts"
import type { Recorder } from "../call/Recorder.ts"
import type { MediaChange } from "../call/MediaIntent.ts"
import { allowedIn } from "../call/step.ts"
import type { CallStats } from "../engine/CallStats.ts"
import type { DataChannel, DataOptions } from "../engine/DataChannel.ts"
import { RtcEngine } from "../engine/RtcEngine.ts"
import type {
  ChannelClosed,
  InvalidCandidate,
  InvalidSdp,
  InvalidState,
  JsonError,
  WebRtcError
} from "../EnigmaRtcError.ts"
import { invalidConfig, makeConfig, type RtcConfigInput } from "../RtcConfig.ts"
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import { idExpected, isId } from "../signaling/id.ts"
import type { AnswerMessage, HangupMessage, OfferMessage, SignalingMessage } from "../signaling/SignalingMessage.ts"
import { EventLog, eventHistory } from "./EventLog.ts"
import { makeSession } from "./makeSession.ts"
import type { Send } from "./perform.ts"
import { withPageScheduler } from "./pageScheduler.ts"
import { randomId } from "./randomId.ts"
import type { Receipt } from "./Receipt.ts"
import type { RtcEvent } from "./RtcEvent.ts"
import { runCall } from "./runCall.ts"

/** What media to begin, or to answer, a call with: a change to what the configuration says. */
export interface MediaOptions {
  readonly media?: MediaChange
}

/** How a session stands in its app. */
export interface SessionOptions {
  /** The call's id: 1 to 64 visible ASCII characters. Random without it. */
  readonly callId?: string
  /** Takes every message for the peer, one at a time, in order. Without it the app passes on what operations return and events tell. */
  readonly send?: Send
  /** Looks on at the call: `recordTrace` of `@enigma-rtc/core/trace` writes its trace, for `enigma-rtc-replay`. */
  readonly trace?: Recorder
}

/**
 * One call. Every operation is checked against the state machine: an illegal one fails with `InvalidState`, names what
 * is possible, and changes nothing. To stop waiting for an operation does not undo it.
 */
export interface CallSession {
  /** The call's id, which every message carries: the session's own until an offer names another. */
  readonly id: string
  readonly state: Effect.Effect<CallState>
  /** The state now, and then each one after it. */
  readonly changes: Stream.Stream<CallState>
  /**
   * Every event once, in order, to every reader. `ConnectionClosed` is the last, but for a `SendFailed` of the hangup.
   * A late reader gets the last 256, and at most 256 wait for a slow one.
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
  /**
   * Ends the call. Succeeds when it has ended and the engine is closed. Fails when it was over before, as when the peer
   * hung up a moment earlier. A reason longer than 1,024 characters is cut: a hangup is always sent.
   */
  readonly hangup: (reason?: EndReason) => Effect.Effect<HangupMessage, InvalidState>

  /**
   * Changes the media of the call. Muting, and its end, take effect at once, and need no new offer. Anything else is
   * offered to the peer, now or as soon as the call is connected: this succeeds when the engine has taken it, not when
   * the peer has. An engine that cannot follow ends the call: nobody may believe to be muted who is not.
   */
  readonly setMedia: (media: MediaChange) => Effect.Effect<void, InvalidState | WebRtcError>
  /** Neither end sends or plays media (RFC 3264 section 8.4), until `resume`. */
  readonly hold: Effect.Effect<void, InvalidState | WebRtcError>
  readonly resume: Effect.Effect<void, InvalidState | WebRtcError>
  /** Looks for a media path anew (RFC 8445 section 9), as interrupted media do by themselves after a while. */
  readonly restartIce: Effect.Effect<void, InvalidState>
  readonly setMicrophoneEnabled: (enabled: boolean) => Effect.Effect<void, InvalidState | WebRtcError>
  readonly setCameraEnabled: (enabled: boolean) => Effect.Effect<void, InvalidState | WebRtcError>

  /** Opens a data channel, which lives as long as the call. Only once connected, and if the caller has `enableData`. */
  readonly openDataChannel: (
    label: string,
    options?: DataOptions
  ) => Effect.Effect<DataChannel, InvalidState | WebRtcError>
  readonly stats: Effect.Effect<CallStats, InvalidState | WebRtcError>
}

/** Makes sessions that stand alone. */
export const CallSession = {
  /**
   * Makes a session that stands alone, in state `Idle`. It ends, at the latest, with its scope: a call that is on then
   * is hung up. Fails with reason `InvalidConfig` for a configuration that no engine could use.
   */
  make: (
    config: RtcConfigInput = {},
    options: SessionOptions = {}
  ): Effect.Effect<CallSession, WebRtcError, RtcEngine | Scope.Scope> =>
    withPageScheduler(Effect.gen(function*() {
      const checked = yield* Effect.fromResult(makeConfig(config))
      const id = options.callId ?? (yield* randomId)
      if (!isId(id)) {
        return yield* invalidConfig("callId", idExpected)
      }
      const events = new EventLog<RtcEvent>(eventHistory)
      const changes = new EventLog<CallState>(1)
      const call = yield* runCall({
        events,
        changes,
        config: checked,
        engine: yield* RtcEngine,
        id,
        send: options.send,
        allowedIn,
        onEnded: () => {},
        trace: options.trace
      })
      return makeSession({ ...call, events, changes }, id)
    }))
}
