/** What an app holds: one end of one signaling channel, and the calls that go over it. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { RtcEngine } from "../engine/RtcEngine.ts"
import { ChannelClosed, type EnigmaRtcError, JsonError, WebRtcError } from "../EnigmaRtcError.ts"
import { invalidConfig, makeConfig, type RtcConfigInput } from "../RtcConfig.ts"
import { decodeSignaling, encodeSignaling, readAddress } from "../signaling/codec.ts"
import type { SignalingMessage } from "../signaling/SignalingMessage.ts"
import type { MediaOptions } from "./CallSession.ts"
import { makeEarlyMessages } from "./EarlyMessages.ts"
import { EventLog } from "./EventLog.ts"
import { type LineCall, makeLineCalls, ringsNow } from "./LineCalls.ts"
import { randomId } from "./randomId.ts"
import type { Receipt } from "./Receipt.ts"
import { makeRingingCalls } from "./RingingCalls.ts"
import type { Incoming, SignalingChannel } from "./SignalingChannel.ts"

/** What a line is made of. */
export interface LineOptions {
  /** Names this device among its user's, in every message: 1 to 40 visible ASCII characters, without a dot. */
  readonly device: string
  readonly channel: SignalingChannel
  /** For every call of this line. */
  readonly config?: RtcConfigInput
}

/** What became of one text that came over the channel. */
export interface LineReceipt {
  readonly peer: string
  readonly callId?: string
  readonly receipt: Receipt
}

/** One end of one signaling channel, and its calls. */
export interface CallLine {
  /** This line's name on the wire: the device, and what tells this start of the app from others. */
  readonly from: string
  /**
   * Calls a peer. The session comes back at once, making its offer; how that goes is told by its events. Fails when the
   * channel is closed, and with reason `TooMany` when 64 calls are on.
   */
  readonly call: (peer: string, options?: MediaOptions) => Effect.Effect<LineCall, ChannelClosed | WebRtcError>
  /**
   * Calls that ring, each once, for one reader after another; a call that is over before it is read is left out. Ends
   * when the channel does.
   */
  readonly incoming: Stream.Stream<LineCall>
  /** What became of each text that came; a late reader gets the last 256. */
  readonly receipts: Stream.Stream<LineReceipt>
  /** Succeeds when the channel has ended, or the line; fails when the channel has failed. Calls that are on stay on. */
  readonly closed: Effect.Effect<void, ChannelClosed>
}

/** How many calls a line holds. One more that comes in is answered with `busy`. */
const maxCalls = 64
/** How many calls of one peer may ring at once, so that no peer takes up the whole line. */
const maxRingingOfPeer = 4
const receiptHistory = 256

const tooMany = (operation: string, what: string, limit: number) =>
  new WebRtcError({ engine: "core", operation, reason: { _tag: "TooMany", what, limit } })

const receiptOf = (peer: string, callId: string | undefined, receipt: Receipt): LineReceipt => ({
  peer,
  ...(callId === undefined ? {} : { callId }),
  receipt
})

const make = (options: LineOptions): Effect.Effect<CallLine, WebRtcError, RtcEngine | Scope.Scope> =>
  Effect.gen(function*() {
    const { channel, device } = options
    if (typeof device !== "string" || !/^[!-~]{1,40}$/.test(device) || device.includes(".")) {
      return yield* invalidConfig("device", "1 to 40 visible ASCII characters without a dot")
    }
    const engine = yield* RtcEngine
    const config = yield* Effect.fromResult(makeConfig(options.config))
    const clock = yield* Clock.Clock
    const from = `${device}.${yield* randomId}`
    // Calls are left at the same time: one whose engine hangs does not hold up the others.
    const scope = yield* Scope.fork(yield* Effect.scope, "parallel")
    const fibers = yield* FiberSet.make<unknown, unknown>()
    const fork = yield* FiberSet.runtime(fibers)<never>()

    const early = makeEarlyMessages(() => clock.currentTimeMillisUnsafe())
    const ringing = makeRingingCalls<LineCall>(ringsNow)
    const calls = makeLineCalls(config, engine, scope, fork, ringing.remove)
    const receipts = new EventLog<LineReceipt>(receiptHistory)
    const closed = yield* Deferred.make<void, ChannelClosed>()
    let open = true

    const post = (peer: string, message: SignalingMessage) =>
      Effect.flatMap(Effect.fromResult(encodeSignaling({ ...message, from })), (text) => channel.send(text, peer))

    const openCall = (peer: string, callId: string) => calls.open(peer, callId, (message) => post(peer, message))

    const ring = (peer: string, message: SignalingMessage): Effect.Effect<Receipt> =>
      Effect.gen(function*() {
        const callId = message.call_id ?? (yield* randomId)
        const full = calls.size() >= maxCalls
        if (full || calls.ringingOf(peer) >= maxRingingOfPeer) {
          const busy = post(peer, { type: "hangup", reason: "busy", call_id: callId })
          fork(Effect.ignore(Effect.timeoutOption(busy, config.operationTimeoutMs)))
          const error = full
            ? tooMany("receive offer", "calls", maxCalls)
            : tooMany("receive offer", "ringing calls of one peer", maxRingingOfPeer)
          return { _tag: "Refused", error }
        }
        const { call, take } = yield* openCall(peer, callId)
        const receipt = take(Result.succeed(message))
        for (const kept of early.take(peer, message.call_id)) take(Result.succeed(kept))
        ringing.add(call)
        return receipt
      })

    /** A text that is no message. The call that it is for is told; without that offer or answer it is over. */
    const refuse = (peer: string, text: string, error: EnigmaRtcError): LineReceipt => {
      const { callId, type } = readAddress(text)
      const named = calls.find(peer, callId)
      if (named?.call.peer === peer) {
        named.take(Result.fail(error))
        if (type === "offer" || type === "answer") fork(Effect.ignore(named.call.hangup("protocol_error")))
      }
      return receiptOf(peer, callId, { _tag: "Refused", error })
    }

    const receive = ({ peer, text }: Incoming): Effect.Effect<LineReceipt> =>
      Effect.gen(function*() {
        const decoded = decodeSignaling(text)
        if (Result.isFailure(decoded)) return refuse(peer, text, decoded.failure)
        const message = decoded.success
        const callId = message.call_id
        const told = (receipt: Receipt) => receiptOf(peer, callId, receipt)
        const stale = (why: string) => told({ _tag: "Stale", why })

        if (message.from === from) return stale("our own message came back")
        const one = calls.find(peer, callId)
        if (one !== undefined) {
          // Ids are no secrets: only the peer that a call is with may speak in it.
          if (one.call.peer === peer) return told(one.take(decoded))
          return told({ _tag: "Refused", error: new JsonError({ at: "call_id", expected: "a call with this peer" }) })
        }
        if (callId !== undefined && calls.hasEnded(callId)) return stale("the call has ended")
        switch (message.type) {
          case "offer":
            return told(yield* ring(peer, message))
          case "ice_candidate":
            early.keep(peer, message)
            return told({ _tag: "Held", why: "its offer is not here yet" })
          case "answer":
          case "hangup":
            return stale("there is no such call")
        }
      })
    /** What comes is the transport's: it may be anything. */
    const take = (incoming: Incoming): Effect.Effect<LineReceipt> => {
      const { peer, text } = (incoming ?? {}) as Partial<Incoming>
      if (typeof peer === "string" && typeof text === "string") return receive({ peer, text })
      const error = new JsonError({ at: "the channel", expected: "a peer's name and a text" })
      return Effect.succeed(receiptOf(typeof peer === "string" ? peer : "", undefined, { _tag: "Refused", error }))
    }

    yield* Stream.runForEach(channel.incoming, (incoming) =>
      Effect.map(take(incoming), (receipt) => receipts.publish(receipt))).pipe(
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
      call: (peer, { media = {} } = {}) =>
        Effect.gen(function*() {
          if (!open) return yield* new ChannelClosed({ operation: "call" })
          if (calls.size() >= maxCalls) return yield* tooMany("call", "calls", maxCalls)
          const { call } = yield* openCall(peer, yield* randomId)
          // The offer is made beside us. A failure ends the call, and its end says why.
          fork(Effect.ignore(call.createOffer({ media })))
          return call
        }),
      incoming: ringing.stream,
      get receipts() {
        return receipts.stream
      }
    }
  })

/** Makes lines. */
export const CallLine = {
  /** Opens a line. With its scope, every call on it is hung up and the channel is no longer read. */
  make
}
