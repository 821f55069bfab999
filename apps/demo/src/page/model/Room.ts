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
import { peerToPeer, throughSfu } from "./engines.ts"
import { logCame, logReceipt, logSent } from "./messageLog.ts"
import { run, runPromise } from "./run.ts"
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
  /** Resolves to whether calls can go through the SFU now. */
  readonly prepareSfu: () => Promise<boolean>
  readonly note: (note: Note, peer: string) => Promise<boolean>
  readonly retryNow: () => void
  /** Hangs up every call and leaves. */
  readonly close: () => Promise<void>
}

export interface RoomOptions {
  readonly key: RoomKey
  readonly url: string
  /** The SFU's path, where there is one. */
  readonly sfuPath: string | undefined
  readonly name: string
  readonly config?: RtcConfigInput
  readonly onIncoming: (call: LineCall) => void
  readonly onNote: (note: Note, peer: string) => void
}

export const openRoom = ({ config, key, name, onIncoming, onNote, sfuPath, url }: RoomOptions): Room => {
  const relay = signal<RelayState>({ _tag: "Connecting" })
  const peers = signal<ReadonlyArray<Peer>>([])
  const scope = Scope.makeUnsafe()
  const opened = runPromise(Scope.provide(
    Effect.gen(function*() {
      const client = yield* RelayClient.make({ ...key, url, name, secret })
      const follow = <A>(stream: Stream.Stream<A>, use: (value: A) => void) =>
        Effect.forkScoped(Stream.runForEach(stream, (value) => Effect.sync(() => use(value))))
      yield* follow(client.state, (state) => void (relay.value = state))
      yield* follow(client.presence, (present) => void (peers.value = present))
      const channel = worsen(withoutNotes(client.channel, onNote), { sent: logSent, came: logCame })
      const sfu = sfuPath === undefined ? undefined : yield* throughSfu(sfuPath, key)
      const engines = sfu === undefined ? [] : [sfu.engine]
      const line = yield* CallLine.make({ device, channel, engines, ...(config && { config }), trace: recorder }).pipe(
        Effect.provideService(RtcEngine, yield* peerToPeer)
      )
      yield* Effect.forkScoped(Stream.runForEach(client.reconnected, () => line.reconnected))
      yield* follow(line.receipts, logReceipt)
      yield* follow(line.incoming, onIncoming)
      return { client, line, sfu }
    }),
    scope
  ))
  let closing: Promise<void> | undefined
  return {
    name,
    relay,
    peers,
    joined: opened.then(({ client }) => runPromise(Effect.match(client.joined, { onFailure: () => false, onSuccess: () => true }))),
    call: async (peer, options) => {
      let call: LineCall | undefined
      const { line } = await opened
      await run(Effect.map(line.call(peer, options), (made) => void (call = made)))
      return call
    },
    prepareSfu: async () => {
      const { sfu } = await opened
      return sfu !== undefined && runPromise(Effect.match(sfu.prepare, { onFailure: () => false, onSuccess: () => true }))
    },
    note: async (note, peer) => {
      const { client } = await opened
      return runPromise(Effect.match(client.channel.send(writeNote(note), peer), { onFailure: () => false, onSuccess: () => true }))
    },
    retryNow: () => void opened.then(({ client }) => runPromise(client.retryNow)),
    close: () => (closing ??= opened.then(() => {}, () => {}).then(() => runPromise(Scope.close(scope, Exit.void))))
  }
}
