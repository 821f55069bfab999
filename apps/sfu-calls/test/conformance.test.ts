/** The SFU engine keeps the contract in Node, through a real server. */
import { RtcEngine } from "@enigma-rtc/core"
import { type NodeRoomOptions, SfuEngine } from "@enigma-rtc/engine-sfu/node"
import { type BreakablePath, type EngineUnderTest } from "@enigma-rtc/testing/conformance"
import { openFiles, udpPath } from "@enigma-rtc/testing/node"
import { describeEngine } from "@enigma-rtc/testing/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { afterAll } from "vitest"
import { arrived, generated, joinRoom, over, secondOfOpus, startServer } from "../src/rig.ts"
import { sfuCapabilities } from "../src/sfuCapabilities.ts"

const scope = Scope.makeUnsafe()
const server = await Effect.runPromise(Scope.provide(startServer(), scope))
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

/** The path that an engine's transports are found over. */
const paths = new WeakMap<RtcEngine["Service"], BreakablePath>()
let count = 0

const layer = (options: Partial<NodeRoomOptions> = {}) =>
  Layer.effect(RtcEngine, Effect.gen(function*() {
    const path = yield* udpPath()
    const { room } = yield* joinRoom(server, "conformance", `peer${++count}`, options, over(path))
    const engine = yield* SfuEngine.make({ room })
    paths.set(engine, path)
    return engine
  }))

/** Nothing is carried: what is found is the room's own affair. */
const path: NonNullable<EngineUnderTest["path"]> = (...engines) => {
  const both = engines.flatMap((engine) => paths.get(engine) ?? [])
  return Effect.succeed({
    carry: (candidate) => Effect.succeed(candidate),
    cut: Effect.forEach(both, ({ cut }) => cut, { discard: true }),
    mend: Effect.forEach(both, ({ mend }) => mend, { discard: true })
  })
}

describeEngine("sfu, Node", {
  left: layer(),
  right: layer(),
  capabilities: sfuCapabilities,
  media: { arrived, ending: layer({ media: { ...generated, microphone: secondOfOpus } }) },
  path,
  resources: openFiles
})
