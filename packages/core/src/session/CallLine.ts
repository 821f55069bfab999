/** What an app holds: one end of one signaling channel, and the calls that go over it. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Recorder } from "../call/Recorder.ts"
import { RtcEngine, takesOffer } from "../engine/RtcEngine.ts"
import { ChannelClosed, type WebRtcError } from "../EnigmaRtcError.ts"
import { invalidConfig, makeConfig, type RtcConfigInput } from "../RtcConfig.ts"
import { encodeSignaling } from "../signaling/codec.ts"
import { SignalingLimits } from "../signaling/limits.ts"
import type { MediaOptions } from "./CallSession.ts"
import { makeConversations } from "./Conversations.ts"
import { makeEarlyMessages } from "./EarlyMessages.ts"
import { EventLog } from "./EventLog.ts"
import { type LineCall, type LineCalls, makeLineCalls, type PeerMove, ringsNow } from "./LineCalls.ts"
import { withPageScheduler } from "./pageScheduler.ts"
import { randomId } from "./randomId.ts"
import type { LineReceipt } from "./Receipt.ts"
import { receiver, tooMany } from "./receiveText.ts"
import { makeRingingCalls } from "./RingingCalls.ts"
import type { SignalingChannel } from "./SignalingChannel.ts"

/** What a line is made of. */
export interface LineOptions {
  /** Names this device among its user's, in every message: 1 to 40 visible ASCII characters, without a dot. */
  readonly device: string
  readonly channel: SignalingChannel
  /**
   * Further engines, beside the `RtcEngine` of the context, each with a name of its own: for `switchEngine`, and for
   * calls that begin on them. An offer of the peer's is for the first that takes it.
   */
  readonly engines?: ReadonlyArray<RtcEngine["Service"]>
  /**
   * Asked when a peer moves a call to another of this line's engines: `true` lets it. The default is to follow it to any.
   * Engines show different things: a peer-to-peer connection tells the peer this end's IP addresses, and one through a
   * server does not. With anything but `true` the call stays where it is, and the peer's `switchEngine` fails (`declined`).
   * It is not asked of a new connection of the engine that the call is on, nor of this end's own moves.
   */
  readonly follows?: (move: PeerMove) => boolean
  /** For every call of this line. */
  readonly config?: RtcConfigInput
  /** How many calls may be on at once; one more that comes in is answered with `busy`. 1 to 64, which is the default. */
  readonly maxCalls?: number
  /** Looks on at each call: `recordTrace` of `@enigma-rtc/core/trace` writes its trace. */
  readonly trace?: Recorder
}

/** How to begin a call. */
export interface LineCallOptions extends MediaOptions {
  /** The name of the engine to call with. Default: that of the `RtcEngine` of the context. */
  readonly engine?: string
}

/** One end of one signaling channel, and its calls. */
export interface CallLine {
  /** This line's name on the wire: the device, and what tells this start of the app from others. */
  readonly from: string
  /**
   * Calls a peer. The session comes back at once, making its offer; how that goes is told by its events. When both call
   * each other at the same moment, one call remains, and is this session on either end. When the peer's call rings here
   * already, this accepts it. Fails when the channel is closed, with reason `TooMany` when `maxCalls` are on, and with
   * `InvalidConfig` for an engine that the line does not have.
   */
  readonly call: (peer: string, options?: LineCallOptions) => Effect.Effect<LineCall, ChannelClosed | WebRtcError>
  /**
   * Calls that ring, each once, for one reader after another; a call that is over before it is read is left out. Ends
   * when the channel does.
   */
  readonly incoming: Stream.Stream<LineCall>
  /**
   * What became of each text that came; a late reader gets the last 256. One that has to wait for an earlier one is told
   * of twice: when it comes, and when it is delivered.
   */
  readonly receipts: Stream.Stream<LineReceipt>
  /**
   * For a channel that was away and is there again, to tell so: what is owed is sent at once. Without it that is found
   * out with the next text, in either direction: within 4 s, or when a text that hangs has run out of time.
   */
  readonly reconnected: Effect.Effect<void>
  /** Succeeds when the channel has ended, or the line; fails when the channel has failed. Calls that are on stay on. */
  readonly closed: Effect.Effect<void, ChannelClosed>
}

/** How many calls a line holds at most. */
const mostCalls = 64
const receiptHistory = 256

/** Names one start of an app. It begins with the time, so that of two starts of a device the later one sorts higher. */
const startName = (nowMs: number, random: string): string => nowMs.toString(36).padStart(9, "0") + random.slice(0, 14)

/** The delivery fields at their longest. */
const widestEnvelope = (from: string) => ({
  from,
  to: "x".repeat(SignalingLimits.id),
  seq: SignalingLimits.number - 1,
  ack: SignalingLimits.number,
  base: SignalingLimits.number
})

const make = (options: LineOptions): Effect.Effect<CallLine, WebRtcError, RtcEngine | Scope.Scope> =>
  Effect.gen(function*() {
    const { channel, device, maxCalls = mostCalls, trace } = options
    if (typeof device !== "string" || !/^[!-~]{1,40}$/.test(device) || device.includes(".")) {
      return yield* invalidConfig("device", "1 to 40 visible ASCII characters without a dot")
    }
    if (!(Number.isInteger(maxCalls) && maxCalls >= 1 && maxCalls <= mostCalls)) {
      return yield* invalidConfig("maxCalls", `a whole number from 1 to ${mostCalls}`)
    }
    const engines = [yield* RtcEngine, ...(options.engines ?? [])]
    const names = engines.map(({ name }) => name)
    if (new Set(names).size < names.length) return yield* invalidConfig("engines", "engines of different names")
    const config = yield* Effect.fromResult(makeConfig(options.config))
    const clock = yield* Clock.Clock
    const nowMs = () => clock.currentTimeMillisUnsafe()
    const from = `${device}.${startName(nowMs(), yield* randomId)}`

    // What is opened first is closed last: the calls say their ends, and only then is nothing sent any more.
    const fibers = yield* FiberSet.make<unknown, unknown>()
    const fork = yield* FiberSet.runtime(fibers)<never>()
    const conversations = makeConversations({
      line: from,
      nowMs,
      fork,
      transmit: (message, peer) =>
        Effect.fromResult(encodeSignaling(message)).pipe(
          Effect.flatMap((text) => channel.send(text, peer)),
          Effect.timeout(config.operationTimeoutMs)
        )
    })
    yield* Effect.addFinalizer(() => Effect.timeoutOption(conversations.flushed, config.operationTimeoutMs))
    // Calls are left at the same time: one whose engine hangs does not hold up the others.
    const scope = yield* Scope.fork(yield* Effect.scope, "parallel")

    const early = makeEarlyMessages(nowMs)
    const ringing = makeRingingCalls<LineCall>(ringsNow)
    let open = true
    const engineOf = (name: string) => {
      const engine = engines.find((one) => one.name === name)
      return engine === undefined
        ? Effect.fail(invalidConfig("engine", `one of ${names.join(", ")}`))
        : Effect.succeed(engine)
    }
    const calls: LineCalls = makeLineCalls({
      config,
      from,
      scope,
      fork,
      onEnded: ({ call, id }) => {
        conversations.of(call.peer).over(id())
        early.callEnded(call.peer)
        ringing.remove(call)
      },
      sendTo: (peer, callId) => (message) =>
        // What could not be written is not sent at all, and told at once: with as much around it as there may ever be.
        Effect.flatMap(Effect.fromResult(encodeSignaling({ ...message, ...widestEnvelope(from) })), () =>
          conversations.of(peer).post({ ...message, call_id: message.call_id ?? callId })),
      // Whoever waits no longer stops nothing: a move is begun as a whole or not at all.
      switchEngine: (peer, moving, name) =>
        Effect.flatten(Effect.uninterruptible(Effect.gen(function*() {
          const engine = yield* engineOf(name)
          const refuse = (why: string) => moving.notPossible("switchEngine", why)
          const one = calls.find(peer, moving.current().call.callId())
          const state = one?.state()
          if (!open) return yield* refuse("the channel has ended")
          if (one === undefined || state?._tag !== "Connected") return yield* refuse("the call is not connected")
          const { line } = state.call
          if (line === undefined) return yield* refuse("the peer has no delivery fields, and would take it for another call")
          if (moving.isMoving()) return yield* refuse("the call moves already")
          const callId = yield* randomId
          const next = yield* calls.replace(one, callId, engine)
          if (next === undefined) return yield* refuse("the peer moves the call, or it has ended")
          // No other device of the peer's is to ring for it.
          conversations.of(peer).bind(callId, line)
          return moving.moved(name, () => next.feed({ _tag: "UserCalled", callId, line: from, media: {} }))
        }))),
      ...(trace === undefined ? {} : { trace })
    })
    const receipts = new EventLog<LineReceipt>(receiptHistory)
    const closed = yield* Deferred.make<void, ChannelClosed>()

    const { follows = () => true } = options
    const receive = receiver({
      calls,
      conversations,
      early,
      engineFor: (offerSdp, mayUse) => engines.find((engine) => takesOffer(engine, offerSdp) && mayUse?.(engine.name) !== false),
      follows: (move) => {
        try {
          // A promise, say, is no yes.
          const answer: unknown = move.from === move.to || follows(move)
          return answer === true
        } catch {
          return false
        }
      },
      from,
      maxCalls,
      ringing
    })

    yield* Stream.runForEach(channel.incoming, (incoming) =>
      Effect.map(receive(incoming), (all) => {
        for (const receipt of all) receipts.publish(receipt)
      })).pipe(
        Effect.catchDefect((cause) => Effect.fail(new ChannelClosed({ operation: "receive", cause }))),
        Effect.onExit((exit) =>
          Effect.sync(() => {
            open = false
            ringing.end()
            receipts.end()
            Deferred.doneUnsafe(closed, Exit.hasInterrupts(exit) ? Effect.void : exit)
          })
        ),
        Effect.ignore,
        // Reading has begun when the line is there: what a peer sends from now on is not missed.
        Effect.forkScoped({ startImmediately: true })
      )

    return {
      from,
      closed: Deferred.await(closed),
      call: (peer, { engine: name = names[0] ?? "", media = {} } = {}) =>
        Effect.gen(function*() {
          const engine = yield* engineOf(name)
          if (!open) return yield* new ChannelClosed({ operation: "call" })
          const rings = calls.of(peer).find(({ call }) => ringsNow(call))
          if (rings !== undefined) {
            ringing.remove(rings.call)
            fork(Effect.ignore(rings.call.accept({ media })))
            return rings.call
          }
          if (calls.size() >= maxCalls) return yield* tooMany("call", "calls", maxCalls)
          const { call } = yield* calls.open(peer, yield* randomId, engine)
          // The offer is made beside us. A failure ends the call, and its end says why.
          fork(Effect.ignore(call.createOffer({ media })))
          return call
        }),
      incoming: ringing.stream,
      get receipts() {
        return receipts.stream
      },
      reconnected: Effect.sync(conversations.returned)
    }
  })

/** Makes lines. */
export const CallLine = {
  /** Opens a line. With its scope, every call on it is hung up and the channel is no longer read. */
  make: (options: LineOptions): Effect.Effect<CallLine, WebRtcError, RtcEngine | Scope.Scope> => withPageScheduler(make(options))
}
