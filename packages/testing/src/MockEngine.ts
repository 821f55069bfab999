/** An engine without media or network, as strict as a browser: for testing apps, and for testing core. */
import { type Capabilities, fromDriver, RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Faults, MockOperation } from "./Faults.ts"
import { makeMockPeer, type MockPeer, type MockScript } from "./MockPeer.ts"

/** What the mock does by itself, and how well. */
export interface MockOptions extends MockScript {
  /** How long each operation takes, on Effect's clock. Default 0: a turn of the event loop. */
  readonly latencyMs?: number
  readonly faults?: Faults
  readonly capabilities?: Partial<Capabilities>
}

/** A mock engine, and a handle on all that it does. */
export interface MockEngine {
  readonly engine: RtcEngine["Service"]
  readonly layer: Layer.Layer<RtcEngine>
  /** Every connection that was opened, in order. */
  readonly peers: ReadonlyArray<MockPeer>
  /** The connection that was opened last; throws when there is none. */
  readonly peer: MockPeer
  /** What to do wrong from now on. */
  faults: Faults
}

const everything: Capabilities = {
  media: true,
  data: true,
  codecPreference: true,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: true
}

const make = (options: MockOptions = {}): MockEngine => {
  const peers: Array<MockPeer> = []
  const capabilities = { ...everything, ...options.capabilities }
  const mock: MockEngine = {
    faults: options.faults ?? {},
    peers,
    get peer() {
      const last = peers.at(-1)
      if (last === undefined) throw new Error("The mock has not been opened.")
      return last
    },
    engine: {
      name: "mock",
      capabilities,
      open: (config, intent) =>
        Effect.gen(function*() {
          const context = yield* Effect.context<never>()
          const settle = async (operation: MockOperation) => {
            if (mock.faults.never?.includes(operation) === true) return new Promise<never>(() => {})
            if (options.latencyMs !== undefined) {
              await Effect.runPromiseWith(context)(Effect.sleep(options.latencyMs))
            }
            const failure = mock.faults.fail?.[operation]
            if (failure !== undefined) throw failure
          }
          return yield* fromDriver({
            engine: "mock",
            capabilities,
            operationTimeoutMs: config.operationTimeoutMs,
            open: async (emit) => {
              await settle("open")
              const { driver, peer } = makeMockPeer(peers.length, config, intent, options, emit, settle)
              peers.push(peer)
              return driver
            }
          })
        })
    },
    get layer() {
      return Layer.succeed(RtcEngine, mock.engine)
    }
  }
  return mock
}

/** An engine without media or network. */
export const MockEngine = {
  /** Makes an engine and a handle on all that it does. */
  make
}
