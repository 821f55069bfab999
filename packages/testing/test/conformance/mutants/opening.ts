/** Faults in opening and closing. */
import type { WebRtcError } from "@enigma-rtc/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Mutant, onPeer } from "./Mutant.ts"

export const opening: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-100",
    fault: "claims a capability less than its author",
    says: /expected the declared capabilities, found other than declared: data/,
    plant: () => (engine) => ({ ...engine, capabilities: { ...engine.capabilities, data: false } })
  },
  { clause: "ENG-100", fault: "has no name", says: /expected a name, found none/, plant: () => (engine) => ({ ...engine, name: "" }) },
  {
    clause: "ENG-101",
    fault: "wants to negotiate before anybody asks",
    says: /no event before the first description, found NegotiationNeeded/,
    plant: onPeer((peer) => ({ events: Stream.concat(Stream.make({ _tag: "NegotiationNeeded" }), peer.events) }))
  },
  {
    clause: "ENG-102",
    fault: "never ends its events",
    says: /expected the events to end within 5000 ms/,
    plant: onPeer((peer) => ({ events: Stream.concat(peer.events, Stream.never) }))
  },
  {
    clause: "ENG-103",
    fault: "hangs when a call is closed",
    says: /expected the closing in a call to settle within 12000 ms, found it hangs/,
    plant: () => (engine) => ({
      ...engine,
      open: (config, intent) =>
        Effect.gen(function*() {
          let connected = false
          yield* Effect.addFinalizer(() => (connected ? Effect.sleep(20_000) : Effect.void))
          const peer = yield* engine.open(config, intent)
          return { ...peer, applyAnswer: (sdp) => Effect.tap(peer.applyAnswer(sdp), () => Effect.sync(() => { connected = true })) }
        })
    })
  },
  {
    clause: "ENG-104",
    fault: "closes all of its connections with one",
    says: /the peer connection is closed/,
    plant: () => {
      const scopes = new Map<string, Array<Scope.Closeable>>()
      return (engine, side) => ({
        ...engine,
        open: (config, intent) =>
          Effect.gen(function*() {
            const scope = yield* Scope.make()
            const all = scopes.get(side) ?? []
            scopes.set(side, [...all, scope])
            yield* Effect.addFinalizer(() => Effect.forEach(scopes.get(side) ?? [], (one) => Scope.close(one, Exit.void), { discard: true }))
            return yield* Scope.provide(engine.open(config, intent), scope)
          })
      })
    }
  }
]

export const order: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-170",
    fault: "changes its media in its own time",
    says: /expected recvonly for the camera, found sendrecv/,
    plant: onPeer((peer) => ({ setMedia: (intent) => Effect.delay(peer.setMedia(intent), 20) }))
  },
  {
    clause: "ENG-171",
    fault: "makes two offers at once",
    says: /expected the first to be made, and WrongState for the second, found an offer and an offer/,
    plant: onPeer((peer) => {
      let making: Effect.Effect<string, WebRtcError> | undefined
      return {
        createOffer: (options) =>
          Effect.suspend(() => {
            if (making !== undefined) return making
            const offer = Deferred.makeUnsafe<string, WebRtcError>()
            making = Deferred.await(offer)
            return Effect.onExit(peer.createOffer(options), (exit) => {
              making = undefined
              return Deferred.done(offer, exit)
            })
          })
      }
    })
  },
  {
    clause: "ENG-172",
    fault: "is stuck when nobody waits for an operation any more",
    says: /expected all of it within 40000 ms, found it still runs/,
    plant: onPeer((peer) => {
      let stuck = false
      return {
        stats: Effect.onInterrupt(Effect.andThen(Effect.sleep(1), peer.stats), () => Effect.sync(() => { stuck = true })),
        createOffer: (options) => Effect.suspend(() => (stuck ? Effect.never : peer.createOffer(options)))
      }
    })
  }
]
