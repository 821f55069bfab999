/** What an app holds: one end of one signaling channel, and the calls that go over it. */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberSet from "effect/FiberSet"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { RtcEngine } from "../engine/RtcEngine.ts"
import { JsonError, WebRtcError } from "../EnigmaRtcError.ts"
import { makeConfig, type RtcConfigInput } from "../RtcConfig.ts"
import { decodeSignaling, encodeSignaling } from "../signaling/codec.ts"
import type { SignalingMessage } from "../signaling/SignalingMessage.ts"
import { type CallSession, makeSession, type MediaOptions } from "./CallSession.ts"
import { makeEarlyMessages } from "./EarlyMessages.ts"
import { EventLog } from "./EventLog.ts"
import { randomId } from "./randomId.ts"
import type { Receipt } from "./Receipt.ts"
import type { Incoming, SignalingChannel } from "./SignalingChannel.ts"

/** What a line is made of. */
export interface LineOptions {
  /** Names this device among its user's, in every message: 1 to 40 visible ASCII characters, without a dot. */
  readonly device: string
  readonly channel: SignalingChannel
  /** For every call of this line. */
  readonly config?: RtcConfigInput
}

/** A call of a line, which knows whom it is with. */
export interface LineCall extends CallSession {
  /** The peer's name, as the channel has it. */
  readonly peer: string
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
  /** Calls a peer. The session comes back at once, making its offer; how that goes is told by its events. */
  readonly call: (peer: string, options?: MediaOptions) => Effect.Effect<LineCall>
  /** Calls that ring, each once, for one reader. Ends when the channel does. */
  readonly incoming: Stream.Stream<LineCall>
  /** What became of each text that came; a late reader gets the last 256. */
  readonly receipts: Stream.Stream<LineReceipt>
}

/** How many calls a line holds; one more that comes in is answered with `busy`. */
const maxCalls = 64
/** How many ended calls are remembered, so that a repeat of theirs does not ring again. */
const maxEnded = 256
const receiptHistory = 256

interface Live {
  readonly peer: string
  readonly session: LineCall
}

const make = (options: LineOptions): Effect.Effect<CallLine, WebRtcError, RtcEngine | Scope.Scope> =>
  Effect.gen(function*() {
    const { channel, device } = options
    if (!/^[!-~]{1,40}$/.test(device) || device.includes(".")) {
      const reason = { _tag: "InvalidConfig", field: "device", expected: "1 to 40 visible ASCII characters without a dot" } as const
      return yield* new WebRtcError({ engine: "core", operation: "configure", reason })
    }
    const engine = yield* RtcEngine
    const config = yield* Effect.fromResult(makeConfig(options.config))
    const clock = yield* Clock.Clock
    const from = `${device}.${yield* randomId}`
    // Calls are left at the same time: one whose engine hangs does not hold up the others.
    const calls = yield* Scope.fork(yield* Effect.scope, "parallel")
    const fibers = yield* FiberSet.make<unknown, unknown>()
    const fork = yield* FiberSet.runtime(fibers)<never>()

    const live = new Map<string, Live>()
    const ended = new Set<string>()
    const early = makeEarlyMessages(() => clock.currentTimeMillisUnsafe())
    const incoming = yield* Queue.sliding<LineCall, Cause.Done>(maxCalls)
    const receipts = new EventLog<LineReceipt>(receiptHistory)

    const post = (peer: string, message: SignalingMessage) =>
      Effect.flatMap(Effect.fromResult(encodeSignaling(message)), (text) => channel.send(text, peer))

    const open = (peer: string, callId: string): Effect.Effect<LineCall> =>
      Effect.gen(function*() {
        const own = yield* Scope.fork(calls)
        const session = yield* makeSession(
          config,
          callId,
          (message) => post(peer, { ...message, from, call_id: callId }),
          () => {
            live.delete(callId)
            ended.add(callId)
            for (const oldest of ended) {
              if (ended.size <= maxEnded) break
              ended.delete(oldest)
            }
            fork(Scope.close(own, Exit.void))
          }
        ).pipe(Scope.provide(own), Effect.provideService(RtcEngine, engine))
        const call: LineCall = Object.assign(session, { peer })
        live.set(callId, { peer, session: call })
        return call
      })

    /** The call that a message is for: the one that it names, or, if its peer names none, the one that is on with it. */
    const find = (peer: string, callId: string | undefined): Live | undefined =>
      callId === undefined ? [...live.values()].findLast((call) => call.peer === peer) : live.get(callId)

    const ring = (peer: string, message: SignalingMessage): Effect.Effect<Receipt> =>
      Effect.gen(function*() {
        const callId = message.call_id ?? (yield* randomId)
        if (live.size >= maxCalls) {
          const busy = post(peer, { type: "hangup", reason: "busy", from, call_id: callId })
          fork(Effect.ignore(Effect.timeoutOption(busy, config.operationTimeoutMs)))
          const reason = { _tag: "TooMany", what: "calls", limit: maxCalls } as const
          return { _tag: "Refused", error: new WebRtcError({ engine: "core", operation: "receive offer", reason }) }
        }
        const session = yield* open(peer, callId)
        const receipt = yield* session.receive(message)
        for (const kept of early.take(peer, message.call_id)) yield* session.receive(kept)
        if ((yield* session.state)._tag === "IncomingOffer") Queue.offerUnsafe(incoming, session)
        return receipt
      })

    const receive = ({ peer, text }: Incoming): Effect.Effect<LineReceipt> =>
      Effect.gen(function*() {
        const decoded = decodeSignaling(text)
        if (Result.isFailure(decoded)) return { peer, receipt: { _tag: "Refused", error: decoded.failure } }
        const message = decoded.success
        const callId = message.call_id
        const stale = (why: string): LineReceipt => ({
          peer,
          ...(callId === undefined ? {} : { callId }),
          receipt: { _tag: "Stale", why }
        })
        const told = (receipt: Receipt): LineReceipt => ({ ...stale(""), receipt })

        if (message.from === from) return stale("our own message came back")
        const call = find(peer, callId)
        if (call !== undefined) {
          // Ids are no secrets: only the peer that a call is with may speak in it.
          if (call.peer === peer) return told(yield* call.session.receive(message))
          return told({ _tag: "Refused", error: new JsonError({ at: "call_id", expected: "a call with this peer" }) })
        }
        if (callId !== undefined && ended.has(callId)) return stale("the call has ended")
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

    yield* Stream.runForEach(channel.incoming, (text) => Effect.map(receive(text), (receipt) => receipts.publish(receipt))).pipe(
      Effect.ignore,
      Effect.ensuring(Effect.sync(() => {
        Queue.endUnsafe(incoming)
        receipts.end()
      })),
      // Reading has begun when the line is there: what a peer sends from now on is not missed.
      Effect.forkScoped({ startImmediately: true })
    )

    return {
      from,
      call: (peer, { media = {} } = {}) =>
        Effect.gen(function*() {
          const session = yield* open(peer, yield* randomId)
          // The offer is made beside us. A failure ends the call, and its end says why.
          fork(Effect.ignore(session.createOffer({ media })))
          return session
        }),
      incoming: Stream.fromQueue(incoming),
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
