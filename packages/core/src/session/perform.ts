/** Does what the machine asks: one command in, the engine, the channel or a timer set to work. The only file that acts. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type { CallCommand } from "../call/CallCommand.ts"
import type { CallInput } from "../call/CallInput.ts"
import type { EngineFailure } from "../call/EndReason.ts"
import type { MediaIntent } from "../call/MediaIntent.ts"
import type { EngineEvent } from "../engine/EngineEvent.ts"
import { type RtcEngine, type RtcPeer, takesOffer } from "../engine/RtcEngine.ts"
import { ChannelClosed, type EnigmaRtcError, WebRtcError } from "../EnigmaRtcError.ts"
import type { RtcConfig } from "../RtcConfig.ts"
import { type IceCandidate, toMessage } from "../signaling/iceCandidate.ts"
import type { CallMessage } from "../signaling/SignalingMessage.ts"
import { askIceServers } from "./askIceServers.ts"
import { makeCallTimers } from "./CallTimers.ts"
import { type Fork, makePeerHandle, type PeerHandle } from "./PeerHandle.ts"
import type { RtcEvent } from "./RtcEvent.ts"

/** Hands a message to the peer's channel. */
export type Send = (message: CallMessage) => Effect.Effect<void, EnigmaRtcError>

export interface World {
  /** The engine to open connections with from now on. */
  readonly engine: () => RtcEngine["Service"]
  readonly config: RtcConfig
  readonly fork: Fork
  readonly send: Send | undefined
  /** Gives the machine an input. */
  readonly feed: (input: CallInput) => void
  readonly publish: (event: RtcEvent) => void
}

export interface Performer {
  /** The fiber at work, for a caller that waits for its result. */
  readonly perform: (command: CallCommand) => Fiber.Fiber<void, WebRtcError> | undefined
  readonly peer: () => PeerHandle | undefined
  /** Succeeds when every message so far is with the channel, or has failed. */
  readonly sent: Effect.Effect<void>
  /** The engine's error that a failure tells of, with its cause. */
  readonly errorOf: (failure: EngineFailure) => WebRtcError | undefined
}

/** The offer is of a kind of engines that this one, or all of a line's, are none of. */
export const notItsOffer = (engine: string, operation: string) =>
  new WebRtcError({ engine, operation, reason: { _tag: "Unsupported", capability: "offers of this kind of engine" } })

export const makePerformer = ({ config, engine: engineNow, feed, fork, publish, send }: World): Performer => {
  /** The engine that is at work. */
  let engine = engineNow()
  const outbox = Semaphore.makeUnsafe(1)
  const timers = makeCallTimers(config, fork, (timer, token) => feed({ _tag: "TimerFired", timer, token }))
  let handle: PeerHandle | undefined
  /** Connections that another has taken the place of, and that are not closed yet. */
  const leaving: Array<Fiber.Fiber<void>> = []
  const errors = new WeakMap<EngineFailure, WebRtcError>()

  const failureOf = (error: WebRtcError): EngineFailure => {
    const { engine: name, message, operation, reason } = error
    const failure = { engine: name, operation, reason: reason._tag, message }
    errors.set(failure, error)
    return failure
  }
  const onEngineEvent = (event: EngineEvent) => {
    switch (event._tag) {
      case "LocalCandidate":
        return feed({ _tag: "EngineTrickled", candidate: event.candidate, ufrag: event.ufrag })
      case "Link":
        switch (event.state) {
          case "connecting":
            return
          case "up":
            return feed({ _tag: "EngineUp" })
          case "interrupted":
            return feed({ _tag: "EngineInterrupted" })
          case "failed": {
            const error = new WebRtcError({ engine: engine.name, operation: "link", reason: { _tag: "IceFailed" } })
            return feed({ _tag: "EngineLost", failure: failureOf(error) })
          }
        }
        return
      case "Failed":
        return feed({ _tag: "EngineFailed", failure: failureOf(event.error) })
      case "CandidateRefused":
        return publish({ _tag: "MessageRefused", error: event.error })
      case "NegotiationNeeded":
        return feed({ _tag: "EngineNeedsNegotiation" })
      case "RemoteTrack":
      case "RemoteTrackEnded":
      case "LocalSourceEnded":
      case "DataChannelOpened":
        return publish(event)
    }
  }

  /** An engine that dies has refused, too. */
  const orRefused = <A>(operation: string, effect: Effect.Effect<A, WebRtcError>) =>
    Effect.catchDefect(effect, (cause) =>
      Effect.fail(new WebRtcError({ engine: engine.name, operation, reason: { _tag: "Refused" }, cause })))
  const onPeer = <A>(operation: string, run: (peer: RtcPeer) => Effect.Effect<A, WebRtcError>) =>
    Effect.suspend(() =>
      handle === undefined
        ? Effect.fail(new WebRtcError({ engine: engine.name, operation, reason: { _tag: "Closed" } }))
        : orRefused(operation, handle.run(operation, run))
    )
  /** Runs an operation of which the machine awaits the result. */
  const ask = <A>(operation: number, effect: Effect.Effect<A, WebRtcError>, done: (value: A) => void) =>
    fork(
      Effect.matchEager(effect, {
        onSuccess: done,
        onFailure: (error) => feed({ _tag: "EngineRefused", operation, failure: failureOf(error) })
      })
    )
  /** Sends after all that was sent before. A call whose offer or answer cannot be sent would only wait: it ends. */
  const post = (message: CallMessage) => {
    if (send === undefined) return undefined
    const failed = (error: EnigmaRtcError) =>
      Effect.sync(() => {
        publish({ _tag: "SendFailed", message, error })
        if ("sdp" in message) feed({ _tag: "UserHungUp", reason: "signaling_failed" })
      })
    return fork(
      Effect.suspend(() => send(message)).pipe(
        Effect.catchDefect((cause) => Effect.fail(new ChannelClosed({ operation: `sending ${message.type}`, cause }))),
        Effect.timeoutOrElse({
          duration: config.operationTimeoutMs,
          orElse: () =>
            Effect.fail(new ChannelClosed({ operation: `sending ${message.type}`, limitMs: config.operationTimeoutMs }))
        }),
        Effect.catch(failed),
        outbox.withPermits(1)
      )
    )
  }
  const openPeer = (operation: number, intent: MediaIntent) => {
    engine = engineNow()
    // One that another has taken the place of is heard no more.
    const own: PeerHandle = makePeerHandle(engine, config, fork, (event) => {
      if (own === handle) onEngineEvent(event)
    })
    handle = own
    return ask(operation, orRefused("open", own.open(intent)), () => {})
  }
  const addCandidate = (candidate: IceCandidate): Effect.Effect<void, WebRtcError> =>
    Effect.tapError(onPeer("addRemoteCandidate", (peer) => peer.addRemoteCandidate(candidate)), (error) =>
      Effect.sync(() => {
        if (error.reason._tag !== "Closed") publish({ _tag: "MessageRefused", error })
      }))

  const perform = (command: CallCommand): Fiber.Fiber<void, WebRtcError> | undefined => {
    switch (command._tag) {
      case "OpenPeer":
        return openPeer(command.operation, command.intent)
      case "ReopenPeer":
        if (handle !== undefined) leaving.push(fork(handle.close))
        return openPeer(command.operation, command.intent)
      case "ClosePeer":
        return fork(
          Effect.all([handle?.close ?? Effect.void, ...leaving.map(Fiber.await)], { concurrency: "unbounded" }).pipe(
            Effect.andThen(Effect.sync(() => feed({ _tag: "EngineClosed" })))
          )
        )
      case "CreateOffer": {
        const { iceRestart, operation } = command
        // Servers that the app cannot name now are those that it named last.
        const servers = iceRestart ? Effect.orElseSucceed(askIceServers(config), () => ({})) : Effect.succeed({})
        const offer = onPeer("createOffer", (peer) => Effect.flatMap(servers, (fresh) => peer.createOffer({ iceRestart, ...fresh })))
        return ask(operation, offer, (sdp) => feed({ _tag: "EngineOffered", operation, sdp }))
      }
      case "CreateAnswer": {
        const { operation, offer } = command
        const answer = takesOffer(engine, offer)
          ? onPeer("createAnswer", (peer) => peer.createAnswer(offer))
          : Effect.fail(notItsOffer(engine.name, "createAnswer"))
        return ask(operation, answer, (sdp) => feed({ _tag: "EngineAnswered", operation, sdp }))
      }
      case "ApplyAnswer": {
        const { operation, answer } = command
        return ask(operation, onPeer("applyAnswer", (peer) => peer.applyAnswer(answer)), () =>
          feed({ _tag: "EngineApplied", operation }))
      }
      case "RollBack": {
        const { operation } = command
        return ask(operation, onPeer("rollback", (peer) => peer.rollback), () =>
          feed({ _tag: "EngineRolledBack", operation }))
      }
      case "AddCandidates":
        return fork(
          Effect.forEach(command.candidates, (candidate) => Effect.result(addCandidate(candidate)), {
            // All take their place in the engine's queue now: one that comes later must not overtake them.
            concurrency: "unbounded"
          }).pipe(
            // One candidate that is refused does not keep the others from the engine.
            Effect.flatMap((results) => Effect.fromResult(results.find(Result.isFailure) ?? Result.succeed(undefined)))
          )
        )
      case "ApplyIntent":
        // Nobody may believe to be muted who is not: an engine that does not follow is of no more use.
        return fork(
          Effect.tapError(onPeer("setMedia", (peer) => peer.setMedia(command.intent)), (error) =>
            Effect.sync(() => feed({ _tag: "EngineFailed", failure: failureOf(error) })))
        )
      case "SendOffer":
        return post({ type: "offer", sdp: command.sdp, call_id: command.callId, negotiation: command.negotiation })
      case "SendAnswer":
        return post({ type: "answer", sdp: command.sdp, call_id: command.callId, negotiation: command.negotiation })
      case "SendCandidates":
        for (const candidate of command.candidates) {
          const message = { ...toMessage(candidate), call_id: command.callId, negotiation: command.negotiation }
          publish({ _tag: "LocalIceCandidate", message })
          post(message)
        }
        return undefined
      case "SendHangup":
        return post({
          type: "hangup",
          reason: command.reason,
          call_id: command.callId,
          ...(command.answeredBy === undefined ? {} : { answered_by: command.answeredBy })
        })
      case "StartTimer":
        timers.start(command.timer, command.token)
        return undefined
      case "StopTimer":
        timers.stop(command.timer)
        return undefined
      case "Emit":
        publish(command.event)
        return undefined
    }
  }
  return {
    perform,
    peer: () => handle,
    sent: outbox.withPermits(1)(Effect.void),
    errorOf: (failure) => errors.get(failure)
  }
}
