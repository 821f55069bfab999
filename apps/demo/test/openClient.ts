/** A relay client as an app has it, followed for a test: how it stands, who is there, what comes. */
import type { Incoming } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { onTestFinished } from "vitest"
import type { Peer } from "../src/relay/protocol.ts"
import { RelayClient, type RelayClientOptions, type RelayState } from "../src/relay/RelayClient.ts"

export interface OpenClient extends RelayClient {
  readonly states: ReadonlyArray<RelayState>
  readonly present: () => ReadonlyArray<string>
  /** How often the list of peers has come. */
  readonly lists: () => number
  readonly came: ReadonlyArray<Incoming>
  readonly say: (text: string, peer: string) => Promise<void>
  readonly close: () => Promise<void>
}

export const openClient = async (options: RelayClientOptions): Promise<OpenClient> => {
  const scope = Scope.makeUnsafe()
  const states: Array<RelayState> = []
  const came: Array<Incoming> = []
  const lists: Array<ReadonlyArray<Peer>> = []
  const client = await Effect.runPromise(Scope.provide(
    Effect.gen(function*() {
      const client = yield* RelayClient.make(options)
      yield* Effect.forkScoped(Stream.runForEach(client.state, (state) => Effect.sync(() => states.push(state))))
      yield* Effect.forkScoped(Stream.runForEach(client.presence, (peers) => Effect.sync(() => lists.push(peers))))
      yield* Effect.forkScoped(Effect.ignore(Stream.runForEach(client.channel.incoming, (one) => Effect.sync(() => came.push(one)))))
      return client
    }),
    scope
  ))
  let closing: Promise<void> | undefined
  const close = () => (closing ??= Effect.runPromise(Scope.close(scope, Exit.void)))
  onTestFinished(close)
  return Object.assign(client, {
    states,
    came,
    present: () => (lists.at(-1) ?? []).map(({ name }) => name).toSorted(),
    lists: () => lists.length,
    say: (text: string, peer: string) => Effect.runPromise(client.channel.send(text, peer)),
    close
  })
}
