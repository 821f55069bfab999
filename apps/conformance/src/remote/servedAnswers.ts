/** What a served engine answers to each question: the port's own operations, on what the handles name. */
import { RtcEngine, type RtcPeer, WebRtcError, type WebRtcReason } from "@enigma-rtc/core"
import type { BreakablePath, EngineUnderTest } from "@enigma-rtc/testing/conformance"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { Handle, Questions, ToNear, Verb } from "./Frame.ts"
import { Handles } from "./Handles.ts"
import { servedEvents } from "./servedEvents.ts"
import { fromWireData } from "./wire.ts"

/** The questions, each answered by an effect. */
export type Answers = {
  readonly [V in Verb]: (...args: Parameters<Questions[V]>) => Effect.Effect<ReturnType<Questions[V]>, WebRtcError>
}

interface OpenEngine {
  readonly scope: Scope.Closeable
  readonly service: RtcEngine["Service"]
}

interface OpenPeer {
  readonly engine: string
  readonly scope: Scope.Closeable
  peer?: RtcPeer
}

const fail = (engine: string, operation: string, reason: WebRtcReason, cause?: unknown) =>
  new WebRtcError({ engine, operation, reason, ...(cause === undefined ? {} : { cause }) })

export const servedAnswers = (
  served: EngineUnderTest,
  tell: (frame: ToNear) => void
): { readonly answers: Answers; readonly closeAll: Effect.Effect<void> } => {
  const engines = new Handles<OpenEngine>()
  const peers = new Handles<OpenPeer>()
  const paths = new Handles<{ readonly path: BreakablePath; readonly scope: Scope.Closeable }>()
  const { channels, read, tracks, watch } = servedEvents(tell)

  const lacks = (what: string) => Effect.fail(fail("remote", what, { _tag: "Unsupported", capability: what }))
  const engineOf = (handle: Handle, operation: string) => {
    const open = engines.get(handle)
    return open === undefined ? Effect.fail(fail("remote", operation, { _tag: "Closed" })) : Effect.succeed(open.service)
  }
  /** An operation of a connection. One that is closed is still asked: its engine's own answer counts. */
  const on = <A>(handle: Handle, operation: string, use: (peer: RtcPeer) => Effect.Effect<A, WebRtcError>) => {
    const { engine = "remote", peer } = peers.get(handle) ?? {}
    return peer === undefined ? Effect.fail(fail(engine, operation, { _tag: "Closed" })) : use(peer)
  }
  const pathOf = (handle: Handle) => {
    const open = paths.get(handle)
    return open === undefined ? lacks("path") : Effect.succeed(open.path)
  }
  const close = ({ scope }: { readonly scope: Scope.Closeable }) => Scope.close(scope, Exit.void)
  const done = <E>(effect: Effect.Effect<unknown, E>) => Effect.as(effect, null)
  const closed = (open: { readonly scope: Scope.Closeable } | undefined) => done(open === undefined ? Effect.void : close(open))

  const answers: Answers = {
    openEngine: (handle, which) => {
      const layer = which === "ending" ? served.media?.ending : served[which]
      if (layer === undefined) return lacks("media")
      const scope = Scope.makeUnsafe()
      const built = Scope.provide(Layer.build(layer), scope).pipe(
        Effect.mapError((cause) => (cause instanceof WebRtcError ? cause : fail("remote", "openEngine", { _tag: "Refused" }, cause))),
        Effect.onError(() => Scope.close(scope, Exit.void))
      )
      return Effect.map(built, (context) => {
        const service = Context.get(context, RtcEngine)
        engines.set(handle, { scope, service })
        return { name: service.name, capabilities: service.capabilities }
      })
    },
    closeEngine: (handle) => {
      const open = engines.take(handle)
      for (const all of [peers, channels, tracks]) all.forget(handle)
      return closed(open)
    },
    open: (engine, handle, config, intent) =>
      Effect.flatMap(engineOf(engine, "open"), (service) => {
        const opening: OpenPeer = { engine: service.name, scope: Scope.makeUnsafe() }
        peers.set(handle, opening, engine)
        return done(Effect.map(Scope.provide(service.open(config, intent), opening.scope), (peer) => {
          opening.peer = peer
          watch(handle, engine, peer)
        }))
      }),
    closePeer: (handle) => closed(peers.get(handle)),
    setMedia: (peer, intent) => done(on(peer, "setMedia", ({ setMedia }) => setMedia(intent))),
    createOffer: (peer, options) => on(peer, "createOffer", ({ createOffer }) => createOffer(options ?? undefined)),
    createAnswer: (peer, sdp) => on(peer, "createAnswer", ({ createAnswer }) => createAnswer(sdp)),
    applyAnswer: (peer, sdp) => done(on(peer, "applyAnswer", ({ applyAnswer }) => applyAnswer(sdp))),
    rollback: (peer) => done(on(peer, "rollback", ({ rollback }) => rollback)),
    addRemoteCandidate: (peer, candidate) =>
      done(on(peer, "addRemoteCandidate", ({ addRemoteCandidate }) => addRemoteCandidate(candidate))),
    stats: (peer) => on(peer, "stats", ({ stats }) => stats),
    openDataChannel: (peer, handle, label, options) =>
      on(peer, "openDataChannel", ({ openDataChannel }) => {
        // It closes when it is asked to, or with its connection.
        const scope = peers.get(peer)?.scope ?? Scope.makeUnsafe()
        return Effect.map(Scope.provide(openDataChannel(label, options ?? undefined), scope), (channel) => {
          channels.set(handle, channel, peers.ownerOf(peer))
          read(handle, channel)
          return { label: channel.label, protocol: channel.protocol }
        })
      }),
    send: (handle, data) => {
      const channel = channels.get(handle)
      return channel === undefined ? Effect.fail(fail("remote", "send", { _tag: "Closed" })) : done(channel.send(fromWireData(data)))
    },
    bufferedAmount: (handle) => channels.get(handle)?.bufferedAmount ?? Effect.succeed(0),
    closeChannel: (handle) => done(channels.get(handle)?.close ?? Effect.void),
    arrived: (handle) => {
      const track = tracks.get(handle)
      return track === undefined || served.media === undefined ? lacks("media") : served.media.arrived(track)
    },
    resources: () => served.resources ?? lacks("resources"),
    openPath: (handle, left, right) =>
      Effect.gen(function*() {
        if (served.path === undefined) return yield* lacks("path")
        const scope = Scope.makeUnsafe()
        const made = served.path(yield* engineOf(left, "path"), yield* engineOf(right, "path"))
        const path = yield* Effect.mapError(Scope.provide(made, scope), (cause) => fail("remote", "path", { _tag: "Refused" }, cause))
        paths.set(handle, { path, scope })
        return null
      }),
    carry: (handle, candidate) => Effect.flatMap(pathOf(handle), ({ carry }) => carry(candidate)),
    cut: (handle) => done(Effect.flatMap(pathOf(handle), ({ cut }) => cut)),
    mend: (handle) => done(Effect.flatMap(pathOf(handle), ({ mend }) => mend)),
    closePath: (handle) => closed(paths.take(handle))
  }
  const closeAll = Effect.suspend(() => {
    const open: ReadonlyArray<{ readonly scope: Scope.Closeable }> = [...peers.values(), ...engines.values(), ...paths.values()]
    return Effect.forEach(open, close, { concurrency: "unbounded", discard: true })
  })
  return { answers, closeAll }
}
