/** A driver made by hand, for the tests of `fromDriver`: it writes down each call, and does what a test says. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { WebRtcError } from "../../src/EnigmaRtcError.ts"
import { type Capabilities, type DataChannel, type Driver, type DriverEvent, type EngineEvent, fromDriver, makeDataChannel, type RtcPeer } from "../../src/engine/index.ts"
import { smallSdp } from "../signaling/smallSdp.ts"

export const operationTimeoutMs = 1_000

export const everything: Capabilities = {
  media: true,
  data: true,
  codecPreference: true,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: true
}

/** A description with an ICE generation of its own. */
export const sdpOf = (ufrag: string): string => smallSdp.replace("a=ice-ufrag:abcd", `a=ice-ufrag:${ufrag}`)
export const offerSdp = sdpOf("their-offer")
export const answerSdp = sdpOf("their-answer")

export interface HandDriver {
  readonly driver: Driver
  /** Every call of the driver, in order. */
  readonly calls: ReadonlyArray<string>
  /** How many calls ran at the same time, at most. Data channels and figures may run beside others. */
  readonly mostAtOnce: () => number
  emit: (event: DriverEvent) => void
}

export const never = () => new Promise<never>(() => {})

/** A promise, and how to settle it. */
export const pending = <A>() => {
  let resolve: (value: A) => void = () => {}
  let reject: (cause: unknown) => void = () => {}
  const promise = new Promise<A>((done, failed) => {
    resolve = done
    reject = failed
  })
  return { promise, resolve, reject }
}

export const aChannel = (label: string, close: () => void = () => {}): DataChannel =>
  makeDataChannel({ engine: "hand", label, protocol: "", send: () => Effect.void, bufferedAmount: () => 0, close }).channel

export const handDriver = (does: Partial<Driver> = {}): HandDriver => {
  const calls: Array<string> = []
  let running = 0
  let most = 0
  let offers = 0
  const call = <Args extends ReadonlyArray<unknown>, A>(name: string, run: (...args: Args) => A | Promise<A>, alone = true) =>
  async (...args: Args): Promise<A> => {
    const [first] = args
    calls.push(typeof first === "object" && first !== null && "candidate" in first ? `${name} ${String(first.candidate)}` : name)
    if (alone) most = Math.max(most, ++running)
    try {
      return await run(...args)
    } finally {
      if (alone) running--
    }
  }
  return {
    calls,
    mostAtOnce: () => most,
    emit: () => {
      throw new Error("not open")
    },
    driver: {
      setMedia: call("setMedia", does.setMedia ?? (() => {})),
      createOffer: call("createOffer", does.createOffer ?? (() => sdpOf(`our-offer-${++offers}`))),
      createAnswer: call("createAnswer", does.createAnswer ?? (() => sdpOf("our-answer"))),
      applyAnswer: call("applyAnswer", does.applyAnswer ?? (() => {})),
      rollback: call("rollback", does.rollback ?? (() => {})),
      addRemoteCandidate: call("addRemoteCandidate", does.addRemoteCandidate ?? (() => {})),
      openDataChannel: call("openDataChannel", does.openDataChannel ?? ((label: string) => aChannel(label)), false),
      stats: call("stats", does.stats ?? (() => ({ sent: [], received: [] })), false),
      close: call("close", does.close ?? (() => {}), false)
    }
  }
}

export const openHand = (hand: HandDriver, capabilities: Partial<Capabilities> = {}): Effect.Effect<RtcPeer, WebRtcError, Scope.Scope> =>
  fromDriver({
    engine: "hand",
    capabilities: { ...everything, ...capabilities },
    operationTimeoutMs,
    open: (emit) => {
      hand.emit = emit
      return hand.driver
    }
  })

/** Reads a peer's events into a list, for as long as the test runs. */
export const readEvents = (peer: RtcPeer): Effect.Effect<Array<EngineEvent>, never, Scope.Scope> =>
  Effect.gen(function*() {
    const events: Array<EngineEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(peer.events, (event) => Effect.sync(() => events.push(event))))
    return events
  })

/** A peer in a scope that the test closes when it likes. */
export const openApart = (hand: HandDriver, capabilities?: Partial<Capabilities>) =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const peer = yield* Scope.provide(openHand(hand, capabilities), scope)
    return { peer, close: Scope.close(scope, Exit.void) }
  })

/** Every operation of a peer, in a peer that is ready for it. */
export const operations: ReadonlyArray<{
  readonly name: keyof Driver
  readonly prepare: (peer: RtcPeer) => Effect.Effect<unknown, WebRtcError>
  readonly run: (peer: RtcPeer) => Effect.Effect<unknown, WebRtcError, Scope.Scope>
}> = [
  { name: "setMedia", prepare: () => Effect.void, run: (peer) => peer.setMedia({} as never) },
  { name: "createOffer", prepare: () => Effect.void, run: (peer) => peer.createOffer() },
  { name: "createAnswer", prepare: () => Effect.void, run: (peer) => peer.createAnswer(offerSdp) },
  { name: "applyAnswer", prepare: (peer) => peer.createOffer(), run: (peer) => peer.applyAnswer(answerSdp) },
  { name: "rollback", prepare: (peer) => peer.createOffer(), run: (peer) => peer.rollback },
  {
    name: "addRemoteCandidate",
    prepare: (peer) => peer.createAnswer(offerSdp),
    run: (peer) => peer.addRemoteCandidate({ candidate: "", sdpMid: "0" })
  },
  { name: "openDataChannel", prepare: () => Effect.void, run: (peer) => peer.openDataChannel("chat") },
  { name: "stats", prepare: () => Effect.void, run: (peer) => peer.stats }
]

/** How an operation failed, in short. */
export const reasonOf = <A, R>(effect: Effect.Effect<A, WebRtcError, R>) => Effect.map(Effect.flip(effect), (error) => error.reason)

/** How an operation that runs beside the test failed. */
export const reasonLater = <A>(fiber: Fiber.Fiber<A, WebRtcError>) => reasonOf(Fiber.join(fiber))
