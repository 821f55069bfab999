/** Lines on a relay in memory, each over a mock of its own. For the tests of `CallLine`. */
import { type CallLine as Line, CallLine, type LineCall, type LineOptions, type LineReceipt, type RtcConfigInput, type SignalingChannel, type SignalingMessage, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { type MemoryRelay, memoryRelay, MockEngine, type MockOptions } from "../src/index.ts"
import { theirOffer } from "./session.ts"
import { settle } from "./settle.ts"

export interface End {
  readonly line: Line
  readonly mock: MockEngine
  /** Its second engine, `relay`, of a kind of its own; without `relay` in its options it has none. */
  readonly relay: MockEngine
  /** The calls that rang, in order. */
  readonly rang: Array<LineCall>
  readonly receipts: Array<LineReceipt>
  /** Has `incoming` ended? */
  readonly ended: () => boolean
  /** Ends the line's scope. */
  readonly close: Effect.Effect<void>
}

export interface EndOptions extends MockOptions {
  readonly config?: RtcConfigInput
  readonly maxCalls?: number
  /** Has a second engine. */
  readonly relay?: MockOptions
  readonly follows?: NonNullable<LineOptions["follows"]>
}

export const openEnd = (channel: SignalingChannel, device: string, options: EndOptions = {}): Effect.Effect<End, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const mock = MockEngine.make({ candidates: 1, ...options })
    const relay = MockEngine.make({ candidates: 1, name: "relay", kind: "relay", ...options.relay })
    const rang: Array<LineCall> = []
    const receipts: Array<LineReceipt> = []
    let over = false
    const scope = yield* Scope.make()
    // Time goes on when the test is over: what never settles then runs into its limit.
    yield* Effect.addFinalizer(() =>
      Effect.gen(function*() {
        const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
        yield* settle
        yield* TestClock.adjust("1 hour")
        yield* Fiber.join(closing)
      })
    )
    const line = yield* CallLine.make({
      device,
      channel,
      ...(options.relay === undefined ? {} : { engines: [relay.engine] }),
      ...(options.config === undefined ? {} : { config: options.config }),
      ...(options.maxCalls === undefined ? {} : { maxCalls: options.maxCalls }),
      ...(options.follows === undefined ? {} : { follows: options.follows })
    }).pipe(
      Scope.provide(scope),
      Effect.provide(mock.layer)
    )
    yield* Stream.runForEach(line.incoming, (call) => Effect.sync(() => rang.push(call))).pipe(
      Effect.ensuring(Effect.sync(() => { over = true })),
      Effect.forkScoped
    )
    yield* Effect.forkScoped(Stream.runForEach(line.receipts, (receipt) => Effect.sync(() => receipts.push(receipt))))
    yield* settle
    return { line, mock, relay, rang, receipts, ended: () => over, close: Scope.close(scope, Exit.void) }
  })

export interface Pair {
  readonly relay: MemoryRelay
  readonly ann: End
  readonly bob: End
}

export const openPair = (annOptions?: EndOptions, bobOptions?: EndOptions): Effect.Effect<Pair, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const relay = memoryRelay()
    const ann = yield* openEnd(yield* relay.join("ann"), "phone", annOptions)
    const bob = yield* openEnd(yield* relay.join("bob"), "desk", bobOptions)
    return { relay, ann, bob }
  })

/** The last call that rang. */
export const lastRang = (end: End): LineCall => {
  const call = end.rang.at(-1)
  if (call === undefined) throw new Error("nothing rang")
  return call
}

/** Ann calls Bob, who accepts. */
export const connect = ({ ann, bob }: Pair) =>
  Effect.gen(function*() {
    const calling = yield* ann.line.call("bob")
    yield* settle
    const called = lastRang(bob)
    yield* called.accept().pipe(Effect.orDie)
    yield* settle
    return { calling, called }
  })

/** A peer that is only a name on a relay, and whatever the test sends in it. */
export const stranger = (relay: MemoryRelay, name: string) =>
  Effect.gen(function*() {
    const channel = yield* relay.join(name)
    return {
      send: (to: string, message: object | string) =>
        Effect.andThen(
          Effect.orDie(channel.send(typeof message === "string" ? message : JSON.stringify(message), to)),
          settle
        )
    }
  })

/** A stranger's offer of a call. */
export const offer = (callId: string) => ({ type: "offer", sdp: theirOffer, from: "far.1", call_id: callId })

/** A line, and a peer that may send it anything. */
export const withStranger = Effect.gen(function*() {
  const relay = memoryRelay()
  const end = yield* openEnd(yield* relay.join("ann"), "phone")
  const eve = yield* stranger(relay, "eve")
  return { relay, end, eve }
})

/** The messages that went from one name to another, in order. */
export const sentFrom = (relay: MemoryRelay, from: string): ReadonlyArray<SignalingMessage> =>
  // What a line sends has been through the codec.
  relay.log.filter((entry) => entry.from === from).map(({ text }) => JSON.parse(text) as SignalingMessage)
