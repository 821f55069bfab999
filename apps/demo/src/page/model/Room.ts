/** A room that this tab is in: the relay's client, a line over it, and notes beside it. One for each name that is tried. */
import { CallLine, type LineCall, RtcEngine, type RtcConfigInput } from "@enigma-rtc/core"
import { type ReadonlySignal, signal } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Note, writeNote } from "../../relay/notes.ts"
import type { Peer } from "../../relay/protocol.ts"
import { RelayClient, type RelayState } from "../../relay/RelayClient.ts"
import type { RoomKey } from "../../relay/roomLink.ts"
import { withoutNotes } from "../../relay/withoutNotes.ts"
import type { EngineChoice } from "./engines.ts"
import { logCame, logReceipt, logSent } from "./messageLog.ts"
import { run } from "./run.ts"
import { device, secret } from "./tab.ts"
import { recorder } from "./traces.ts"
import { worsen } from "./worsen.ts"

export interface Room {
  readonly name: string
  readonly relay: ReadonlySignal<RelayState>
  /** Everybody else. */
  readonly peers: ReadonlySignal<ReadonlyArray<Peer>>
  /** Resolves when the room has been joined, or to false when that is refused for good. */
  readonly joined: Promise<boolean>
  /** Nothing, and told in words, when it cannot even begin. */
  readonly call: (peer: string, options: Parameters<CallLine["call"]>[1]) => Promise<LineCall | undefined>
  readonly note: (note: Note, peer: string) => Promise<boolean>
  readonly retryNow: () => void
  /** Hangs up every call and leaves. */
  readonly close: () => Promise<void>
}

export interface RoomOptions {
  readonly key: RoomKey
  readonly url: string
  readonly name: string
  readonly engine: EngineChoice
  readonly config?: RtcConfigInput
  readonly onIncoming: (call: LineCall) => void
  readonly onNote: (note: Note, peer: string) => void
}

export const openRoom = ({ config, engine, key, name, onIncoming, onNote, url }: RoomOptions): Room => {
  const relay = signal<RelayState>({ _tag: "Connecting" })
  const peers = signal<ReadonlyArray<Peer>>([])
  const scope = Scope.makeUnsafe()
  const opened = Effect.runPromise(Scope.provide(
    Effect.gen(function*() {
      const client = yield* RelayClient.make({ ...key, url, name, secret })
      const follow = <A>(stream: Stream.Stream<A>, use: (value: A) => void) =>
        Effect.forkScoped(Stream.runForEach(stream, (value) => Effect.sync(() => use(value))))
      yield* follow(client.state, (state) => void (relay.value = state))
      yield* follow(client.presence, (present) => void (peers.value = present))
      const channel = worsen(withoutNotes(client.channel, onNote), { sent: logSent, came: logCame })
      const line = yield* CallLine.make({ device, channel, ...(config && { config }), trace: recorder }).pipe(
        Effect.provideService(RtcEngine, yield* engine.open)
      )
      yield* Effect.forkScoped(Stream.runForEach(client.reconnected, () => line.reconnected))
      yield* follow(line.receipts, logReceipt)
      yield* follow(line.incoming, onIncoming)
      return { client, line }
    }),
    scope
  ))
  let closing: Promise<void> | undefined
  return {
    name,
    relay,
    peers,
    joined: opened.then(({ client }) => Effect.runPromise(Effect.match(client.joined, { onFailure: () => false, onSuccess: () => true }))),
    call: async (peer, options) => {
      let call: LineCall | undefined
      const { line } = await opened
      await run(Effect.map(line.call(peer, options), (made) => void (call = made)))
      return call
    },
    note: async (note, peer) => {
      const { client } = await opened
      return Effect.runPromise(Effect.match(client.channel.send(writeNote(note), peer), { onFailure: () => false, onSuccess: () => true }))
    },
    retryNow: () => void opened.then(({ client }) => Effect.runPromise(client.retryNow)),
    close: () => (closing ??= opened.then(() => {}, () => {}).then(() => Effect.runPromise(Scope.close(scope, Exit.void))))
  }
}
