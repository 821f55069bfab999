/** An engine somewhere else as an engine here: for the conformance suite and for plays, over any transport. */
import { type Capabilities, type RemoteTrack, RtcEngine, type WebRtcError } from "@enigma-rtc/core"
import type { BreakablePath, EngineUnderTest } from "@enigma-rtc/testing/conformance"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Handle, Which } from "./Frame.ts"
import { type RemoteConnection, remoteConnection } from "./RemoteConnection.ts"
import { remotePeer } from "./remotePeer.ts"
import type { TextTransport } from "./TextTransport.ts"

export interface RemoteOptions {
  /** What the engine says of itself, which must be known before there is a transport. */
  readonly capabilities: Capabilities
  /** Which offers are for it, where it says so: a line must know without asking. */
  readonly takes?: NonNullable<RtcEngine["Service"]["takes"]>
  /** How long a question that is none of a connection's may take. Default 15 s. */
  readonly limitMs?: number
  /** How much longer than `operationTimeoutMs` an operation may take, on its way here and there. Default 2 s. */
  readonly graceMs?: number
}

/** The first use opens the transport; all engines, and all that they open, share it. */
export const remoteEngine = (
  transport: () => Promise<TextTransport>,
  { capabilities, graceMs = 2_000, limitMs = 15_000, takes }: RemoteOptions
): EngineUnderTest => {
  let opened: Promise<RemoteConnection> | undefined
  const connecting = Effect.promise(() => opened ??= transport().then(remoteConnection))
  const limits = { engine: "remote", limitMs }
  const engines = new WeakMap<RtcEngine["Service"], Handle>()
  const tracks = new WeakMap<RemoteTrack, Effect.Effect<number, WebRtcError>>()

  const open = (which: Which) =>
    Effect.gen(function*() {
      const connection = yield* connecting
      const engine = connection.newHandle()
      const close = Effect.ignore(connection.ask(limits, "closeEngine", engine))
      yield* Effect.addFinalizer(() => close)
      const { capabilities, name } = yield* connection.ask(limits, "openEngine", engine, which)
      const service: RtcEngine["Service"] = {
        name,
        capabilities,
        ...(takes === undefined ? {} : { takes }),
        open: (config, intent) =>
          Effect.gen(function*() {
            const handle = connection.newHandle()
            const onTrack = (track: RemoteTrack, of: Handle) => void tracks.set(track, connection.ask({ ...limits, engine: name }, "arrived", of))
            const peer = remotePeer({ connection, engine: name, handle, config, graceMs, onTrack })
            const of = { engine: name, limitMs: config.operationTimeoutMs + graceMs }
            // Also while it is being opened, and when nobody waits for that any more.
            yield* Effect.addFinalizer(() => {
              connection.abandon(handle)
              return Effect.ignore(connection.ask(of, "closePeer", handle))
            })
            yield* connection.ask(of, "open", engine, handle, config, intent)
            return peer
          })
      }
      engines.set(service, engine)
      return service
    })

  const path: NonNullable<EngineUnderTest["path"]> = (left, right) =>
    Effect.gen(function*() {
      const { ask, newHandle } = yield* connecting
      const [handle, one, other] = [newHandle(), engines.get(left) ?? 0, engines.get(right) ?? 0]
      yield* Effect.addFinalizer(() => Effect.ignore(ask(limits, "closePath", handle)))
      yield* ask(limits, "openPath", handle, one, other)
      return {
        carry: (candidate) => Effect.orDie(ask(limits, "carry", handle, candidate)),
        cut: Effect.orDie(Effect.asVoid(ask(limits, "cut", handle))),
        mend: Effect.orDie(Effect.asVoid(ask(limits, "mend", handle)))
      } satisfies BreakablePath
    })

  return {
    left: Layer.effect(RtcEngine, open("left")),
    right: Layer.effect(RtcEngine, open("right")),
    capabilities,
    media: {
      // What cannot be asked any more must not look like silence.
      arrived: (track) => Effect.orDie(tracks.get(track) ?? Effect.die(new Error("The track is of another engine."))),
      ending: Layer.effect(RtcEngine, open("ending"))
    },
    path,
    resources: Effect.flatMap(connecting, ({ ask }) => Effect.orDie(ask(limits, "resources")))
  }
}
