/** Two mock engines on one network, which negotiate with each other. For the tests of the mock. */
import { changeIntent, type EngineEvent, type IceCandidate, initialIntent, makeConfig, type MediaChange, type RtcConfigInput } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { MockEngine, mockNetwork, type MockOptions } from "../src/index.ts"
import { settle } from "./settle.ts"

/** One engine's connection, and what it tells. */
export const openOne = (options: MockOptions | MockEngine, input: RtcConfigInput = {}) =>
  Effect.gen(function*() {
    const mock = "engine" in options ? options : MockEngine.make(options)
    const config = yield* Effect.fromResult(makeConfig(input))
    const scope = yield* Scope.make()
    const peer = yield* Scope.provide(mock.engine.open(config, initialIntent(config)), scope)
    const events: Array<EngineEvent> = []
    const links: Array<string> = []
    const candidates: Array<IceCandidate> = []
    const tell = (event: EngineEvent) =>
      Effect.sync(() => {
        events.push(event)
        if (event._tag === "Link") links.push(event.state)
        if (event._tag === "LocalCandidate") candidates.push(event.candidate)
      })
    yield* Effect.forkScoped(Stream.runForEach(peer.events, tell))
    const change = (media: MediaChange) => peer.setMedia(changeIntent(mock.peer.intent, media))
    return { mock, peer, events, links, candidates, change, close: Effect.andThen(Scope.close(scope, Exit.void), settle) }
  })
export type One = Effect.Success<ReturnType<typeof openOne>>

/** Two engines on one network. */
export const openTwo = (options: MockOptions = { candidates: 1 }, input: RtcConfigInput = {}) =>
  Effect.gen(function*() {
    const network = mockNetwork()
    const ann = yield* openOne({ ...options, network, host: "ann", session: 100 }, input)
    const bob = yield* openOne({ ...options, network, host: "bob", session: 200 }, input)
    return { network, ann, bob }
  })

export const negotiate = (from: One, to: One, iceRestart = false) =>
  Effect.gen(function*() {
    const offer = yield* from.peer.createOffer({ iceRestart })
    const answer = yield* to.peer.createAnswer(offer)
    yield* from.peer.applyAnswer(answer)
    yield* settle
    return { offer, answer }
  })

export const giveCandidates = (from: One, to: One) =>
  Effect.andThen(Effect.forEach(from.candidates.splice(0), to.peer.addRemoteCandidate), settle)

/** Two that are connected, with these configurations. */
export const connect = (input: RtcConfigInput = {}, options: MockOptions = {}) =>
  Effect.gen(function*() {
    const two = yield* openTwo({ candidates: 1, ...options }, input)
    yield* negotiate(two.ann, two.bob)
    yield* giveCandidates(two.ann, two.bob)
    return two
  })

export const last = ({ links }: One) => links.at(-1)

/** The events of a kind that an end has told, in order. */
export const told = <T extends EngineEvent["_tag"]>({ events }: One, tag: T) =>
  events.filter((event): event is Extract<EngineEvent, { readonly _tag: T }> => event._tag === tag)

/** The name of what the stack threw. */
export const causeOf = <A, E extends { readonly cause?: unknown }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ cause }) => (cause instanceof Error ? cause.name : cause))
