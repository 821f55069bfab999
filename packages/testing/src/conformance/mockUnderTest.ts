/** The mock as an engine to check: how the suite itself is tried, and an example of what it is given. */
import { type Capabilities, RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { everything, MockEngine } from "../mock/MockEngine.ts"
import { mockArrived } from "../mock/mockMedia.ts"
import { mockNetwork } from "../mock/MockNetwork.ts"
import type { BreakablePath, EngineUnderTest } from "./EngineUnderTest.ts"

/** What to change of the mock before it is checked, for its one end or the other. */
export type EngineChange = (engine: RtcEngine["Service"], side: "left" | "right") => RtcEngine["Service"]

/** How long ICE and DTLS take over the mock's network. */
const connectsInMs = 20

/**
 * The mock with a network between its ends, and capabilities as they are given. `change` is made to each end's engine:
 * an engine that is changed for the worse must break a clause.
 */
export const mockUnderTest = (
  capabilities: Partial<Capabilities> = {},
  change: EngineChange = (engine) => engine
): EngineUnderTest => {
  const network = mockNetwork({ connectsInMs: () => connectsInMs })
  const candidates = capabilities.remoteCandidates === false ? 0 : 2
  const opened: Array<MockEngine> = []
  const hosts = new WeakMap<RtcEngine["Service"], string>()
  const layer = (side: "left" | "right", sourceEndsAfterMs?: number) =>
    Layer.effect(
      RtcEngine,
      Effect.sync(() => {
        const host = `${side} ${opened.length}`
        const ends = sourceEndsAfterMs === undefined ? {} : { sourceEndsAfterMs }
        const mock = MockEngine.make({ network, host, candidates, capabilities, ...ends })
        opened.push(mock)
        const engine = change(mock.engine, side)
        hosts.set(engine, host)
        return engine
      })
    )
  /** Of two ends: the path that their last candidates went over, and those that are cut. */
  const ways = new WeakMap<RtcEngine["Service"], { last: symbol; readonly cut: Set<symbol> }>()
  const path = (left: RtcEngine["Service"], right: RtcEngine["Service"]) =>
    Effect.gen(function*() {
      const [one, other] = [hosts.get(left), hosts.get(right)]
      const self = Symbol("path")
      const way = ways.get(left) ?? { last: self, cut: new Set() }
      ways.set(left, way)
      const update = Effect.sync(() => (way.cut.has(way.last) ? network.cut(one, other) : network.mend(one, other)))
      const mend = Effect.suspend(() => {
        way.cut.delete(self)
        return update
      })
      yield* Effect.addFinalizer(() => mend)
      return {
        carry: (candidate) =>
          Effect.suspend(() => {
            way.last = self
            return Effect.as(update, candidate)
          }),
        cut: Effect.suspend(() => {
          way.cut.add(self)
          return update
        }),
        mend
      } satisfies BreakablePath
    })
  return {
    left: layer("left"),
    right: layer("right"),
    capabilities: { ...everything, ...capabilities },
    media: { arrived: mockArrived, ending: layer("left", 500) },
    path,
    resources: Effect.sync(() => opened.flatMap(({ peers }) => peers).filter(({ signalingState }) => signalingState !== "closed").length)
  }
}
