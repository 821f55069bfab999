/** Makes sessions: the crate's operations, each an input of the machine and a wait for what comes of it. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CallState } from "../call/CallState.ts"
import type { EndReason } from "../call/EndReason.ts"
import type { MediaChange, Slot } from "../call/MediaIntent.ts"
import type { EnigmaRtcError, InvalidState, WebRtcError } from "../EnigmaRtcError.ts"
import { SignalingLimits } from "../signaling/limits.ts"
import { checkSdp } from "../signaling/sessionDescription.ts"
import type { HangupMessage, MessageOf, SignalingMessage } from "../signaling/SignalingMessage.ts"
import type { CallSession } from "./CallSession.ts"
import type { EventLog } from "./EventLog.ts"
import type { Receipt } from "./Receipt.ts"
import { inputOf, readCandidate, readMessage } from "./receiveMessage.ts"
import type { RtcEvent } from "./RtcEvent.ts"
import { type RunningCall, type Settle, untilEnded } from "./runCall.ts"

/** A call as its app has it. */
export interface ShownCall extends RunningCall {
  readonly events: EventLog<RtcEvent>
  readonly changes: EventLog<CallState>
}

/** Has the message been given to the machine to send? Then the operation that it is for has succeeded. */
const untilSent = <T extends "offer" | "answer">(
  call: RunningCall,
  operation: string,
  type: T
): Settle<MessageOf<T>, InvalidState | WebRtcError> => {
  const command = type === "offer" ? "SendOffer" : "SendAnswer"
  return (state, commands) => {
    for (const sent of commands) {
      // A message of this type has exactly these fields.
      if (sent._tag === command) {
        const { callId, negotiation, sdp } = sent
        return Effect.succeed({ type, sdp, call_id: callId, negotiation } as MessageOf<T>)
      }
    }
    if (type === "offer" && state._tag === "IncomingOffer") {
      return Effect.fail(call.notPossible(operation, "the peer called first, and its call is answered"))
    }
    return call.orEnded(operation, state)
  }
}

/** Gives the machine a message that has been read, or tells that it could not be. */
export const takeMessage = (
  call: RunningCall,
  events: Pick<EventLog<RtcEvent>, "publish">,
  read: Result.Result<SignalingMessage, EnigmaRtcError>,
  own: string | undefined
): Receipt => {
  const refused = (error: EnigmaRtcError): Receipt => {
    events.publish({ _tag: "MessageRefused", error })
    return { _tag: "Refused", error }
  }
  if (Result.isFailure(read)) return refused(read.failure)
  const message = read.success
  if (message.type === "ack") return { _tag: "Stale", why: "a line takes acknowledgements, a call does not" }
  const { verdict } = call.dispatch(inputOf(message, message.call_id ?? call.callId(), own))
  switch (verdict._tag) {
    case "Moved":
      return { _tag: "Delivered" }
    case "Ignored":
      return { _tag: "Stale", why: verdict.why }
    case "Rejected":
      return refused(call.notPossible(`receive ${message.type}`, verdict.why))
  }
}

/** A session over a call; `id` is the id to call with. */
export const makeSession = (call: ShownCall, id: string, own?: string): CallSession => {
  const accept = (operation: string, media: MediaChange = {}) =>
    call.outcome(operation, { _tag: "UserAccepted", media }, untilSent(call, operation, "answer"))
  const end = (operation: string, _tag: "UserHungUp" | "UserDeclined", given: EndReason) =>
    Effect.suspend(() => {
      // A hangup must not fail for its reason.
      const reason = typeof given === "string" ? given.slice(0, SignalingLimits.reason) : "normal"
      return Effect.map(
        call.outcome(operation, { _tag, reason }, untilEnded),
        (): HangupMessage => ({ type: "hangup", reason, call_id: call.callId() })
      )
    })
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
    get id() {
      return call.callId()
    },
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
        { _tag: "UserCalled", callId: id, media, ...(own === undefined ? {} : { line: own }) },
        untilSent(call, "createOffer", "offer")
      ),
    acceptOffer: (sdp, { media } = {}) =>
      Effect.fromResult(checkSdp(sdp)).pipe(
        // Beside a call of our own the machine would take it for the peer's call at the same moment.
        Effect.andThen(Effect.suspend(() =>
          call.state()._tag === "Idle"
            ? call.insist("acceptOffer", { _tag: "PeerOffered", sdp, callId: call.callId(), aware: false })
            : Effect.fail(call.notPossible("acceptOffer", "there is a call already"))
        )),
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
    receive: (message) => Effect.sync(() => takeMessage(call, call.events, readMessage(message), own)),
    accept: ({ media } = {}) => accept("accept", media),
    decline: (reason = "declined") => end("decline", "UserDeclined", reason),
    hangup: (reason = "normal") => end("hangup", "UserHungUp", reason),
    setMedia: (media) => setMedia("setMedia", media),
    hold: setMedia("hold", { hold: true }),
    resume: setMedia("resume", { hold: false }),
    restartIce: Effect.suspend(() => {
      const { verdict } = call.dispatch({ _tag: "UserRestartedIce" })
      return verdict._tag === "Rejected" ? Effect.fail(call.notPossible("restartIce", verdict.why)) : Effect.void
    }),
    setMicrophoneEnabled: enable("setMicrophoneEnabled", "microphone"),
    setCameraEnabled: enable("setCameraEnabled", "camera"),
    openDataChannel: (label, options) =>
      call.onPeer("openDataChannel", (peer) => peer.openDataChannel(label, options)),
    stats: call.onPeer("stats", (peer) => peer.stats)
  }
}
