/** An engine that only seems to carry media, as strict as a browser: for testing apps, and for testing core. */
import { type Capabilities, fromDriver, RtcEngine } from "@enigma-rtc/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Faults, MockOperation } from "./Faults.ts"
import { makeMockPeer } from "./makeMockPeer.ts"
import type { MockError } from "./MockDescriptions.ts"
import type { JoinableNetwork } from "./MockNetwork.ts"
import type { MockPeer, MockPlace, MockScript } from "./MockPeer.ts"
import { kindAttribute } from "./mockSdp.ts"
import { mockSource } from "./MockSource.ts"

/** What the mock does by itself, and how well. */
export interface MockOptions extends MockScript {
  /** How long each operation takes, in milliseconds on Effect's clock. Default 0: a turn of the event loop. */
  readonly latencyMs?: number | ((operation: MockOperation) => number)
  readonly faults?: Faults
  readonly capabilities?: Partial<Capabilities>
  /** The engine's name. Default: `mock`. */
  readonly name?: string
  /**
   * Makes it an engine of a kind of its own, as one behind an SFU is: its descriptions say so (`a=x-enigma-engine`), and it
   * takes no other offers. Visible ASCII characters.
   */
  readonly kind?: string
  /** The `o=` session id of the first connection; each later one has the next. Default: one that no other mock has. */
  readonly session?: number
  /**
   * What brings media up, and takes it away. With it the far end's tracks come and go, media flows (`mockArrived`), and
   * data channels carry messages, between connections that reach each other. Without it media comes up as soon as both
   * descriptions are set, and all else is the test's to play.
   */
  readonly network?: JoinableNetwork
  /** Where on the network this engine is. Default: the session id. */
  readonly host?: string
  /** The microphone ends this long after its media first flows, on Effect's clock. Default: it never ends. */
  readonly sourceEndsAfterMs?: number
}

/** A mock engine, and a handle on all that it does. */
export interface MockEngine {
  readonly engine: RtcEngine["Service"]
  readonly layer: Layer.Layer<RtcEngine>
  /** Every connection that was opened, in order. */
  readonly peers: ReadonlyArray<MockPeer>
  /** The connection that was opened last; throws when there is none. */
  readonly peer: MockPeer
  /** All that was asked for and that a browser would have rejected, in order. Planted failures are not among it. */
  readonly errors: ReadonlyArray<MockError>
  /** What to do wrong from now on. */
  faults: Faults
}

/** All that an engine can do: what the mock can without being told otherwise. */
export const everything: Capabilities = {
  media: true,
  data: true,
  codecPreference: true,
  rollback: true,
  renegotiation: true,
  iceRestart: true,
  remoteCandidates: true
}

/** How many connections an engine may open before its session ids run into those of the next. */
const sessionsOfEngine = 1_000
let engines = 0

const make = (options: MockOptions = {}): MockEngine => {
  const peers: Array<MockPeer> = []
  const errors: Array<MockError> = []
  const capabilities = { ...everything, ...options.capabilities }
  const firstSession = options.session ?? sessionsOfEngine * ++engines
  const { host = String(firstSession), kind, latencyMs, name = "mock", network, sourceEndsAfterMs } = options
  const kindLine = `a=${kindAttribute}:${kind}`
  const source = mockSource(sourceEndsAfterMs)
  const mock: MockEngine = {
    faults: options.faults ?? {},
    peers,
    errors,
    get peer() {
      const last = peers.at(-1)
      if (last === undefined) throw new Error("The mock has not been opened.")
      return last
    },
    engine: {
      name,
      capabilities,
      ...(kind === undefined ? {} : { takes: (sdp: string) => sdp.split(/\r?\n/).includes(kindLine) }),
      open: (config, intent) =>
        Effect.gen(function*() {
          const context = yield* Effect.context<never>()
          const clock = yield* Clock.Clock
          const settle = async (operation: MockOperation) => {
            const planted = mock.faults.next?.(operation)
            if (planted === "never" || mock.faults.never?.includes(operation) === true) return new Promise<never>(() => {})
            const ms = typeof latencyMs === "function" ? latencyMs(operation) : latencyMs
            if (ms !== undefined) await Effect.runPromiseWith(context)(Effect.sleep(ms))
            const failure = planted?.fail ?? mock.faults.fail?.[operation]
            if (failure !== undefined) throw failure
          }
          const after = (ms: number, act: () => void) => {
            const fiber = Effect.runForkWith(context)(Effect.delay(Effect.sync(act), ms))
            return () => fiber.interruptUnsafe()
          }
          return yield* fromDriver({
            engine: name,
            capabilities,
            operationTimeoutMs: config.operationTimeoutMs,
            open: async (emit) => {
              await settle("open")
              const index = peers.length
              const place: MockPlace = {
                index,
                session: firstSession + index,
                kind,
                host,
                network,
                capabilities,
                source,
                settle,
                after,
                nowMs: () => clock.currentTimeMillisUnsafe(),
                onError: (error) => errors.push(error)
              }
              const { driver, peer } = makeMockPeer(place, config, intent, options, emit)
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

/** An engine without a stack. */
export const MockEngine = {
  /** Makes an engine and a handle on all that it does. */
  make
}
