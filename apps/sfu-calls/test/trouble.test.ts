/** Calls through a room whose server, worker, connection or path is lost: they go on, or come back. */
import type { SfuSignaling } from "@enigma-rtc/engine-sfu"
import { SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu/node"
import { CallLine, RtcEngine } from "@enigma-rtc/core"
import { inProcess } from "@enigma-rtc/sfu-server"
import { signalingOver } from "@enigma-rtc/sfu-server/client"
import { memoryRelay } from "@enigma-rtc/testing"
import { udpPath } from "@enigma-rtc/testing/node"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { expect, it } from "vitest"
import { aliceAndBob, connect, openLine, until, untilUp } from "../src/calls.ts"
import { generated, loopback, over, type Server, startServer } from "../src/rig.ts"

const scoped = (test: Effect.Effect<unknown, unknown, Scope.Scope>) => () => Effect.runPromise(Effect.asVoid(Effect.scoped(test)))

it("a connection to the server that is lost leaves media as it is, and is made again", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const { alice, bob, here, near, relay, there } = yield* aliceAndBob(server)
  for (let i = 0; i < 3; i++) {
    yield* Effect.all([alice.drop, bob.drop])
    yield* there.untilHeard("microphone")
    yield* Effect.sleep(300)
  }
  expect(here.saw("ConnectionInterrupted") + there.saw("ConnectionInterrupted")).toBe(0)
  yield* near.setMicrophoneEnabled(false)
  expect(yield* there.isSilent("microphone")).toBe(true)
  const carol = yield* openLine(relay, server, "carol")
  const { there: carols } = yield* connect(alice.line, carol.line, "carol")
  yield* carols.untilHeard("camera")
})), 40_000)

it("who mutes, and whose server does not answer, is muted: for all, if it must be, until it does", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  let isReachable = true
  const relay = memoryRelay()
  const signaling = yield* inProcess(server, "alice")
  const unreachable: SfuSignaling = {
    ...signaling,
    request: (method, request) => (isReachable || method !== "setAudience" ? signaling.request(method, request) : Effect.never)
  }
  const room = yield* SfuRoom.join({ room: "calls", token: "alice", signaling: unreachable, media: generated, ...loopback })
  const engine = yield* SfuEngine.make({ room })
  const channel = yield* relay.join("alice")
  const alice = yield* Effect.provideService(CallLine.make({ device: "alice", channel, config: { enableData: true } }), RtcEngine, engine)
  const bob = yield* openLine(relay, server, "bob")
  const { near, there } = yield* connect(alice, bob.line, "bob")
  yield* there.untilHeard("microphone")
  const carol = yield* openLine(relay, server, "carol")
  const { there: carols } = yield* connect(alice, carol.line, "carol")
  isReachable = false
  yield* near.setMicrophoneEnabled(false)
  yield* Effect.sleep(2_500)
  expect(yield* there.isSilent("microphone")).toBe(true)
  expect(yield* carols.isSilent("microphone")).toBe(true)
  yield* there.untilHeard("camera")
  isReachable = true
  yield* carols.untilHeard("microphone")
  expect(yield* there.isSilent("microphone")).toBe(true)
})), 40_000)

it("a worker that dies interrupts the calls of its rooms, and they come back", scoped(Effect.gen(function*() {
  const server = yield* startServer({ workers: 2 })
  const { here, near, there } = yield* aliceAndBob(server)
  const { workers } = yield* server.figures
  for (const { pid } of workers) if (pid !== undefined) process.kill(pid, "SIGKILL")
  yield* until("the interruption is told", Effect.sync(() => here.saw("ConnectionInterrupted") > 0))
  yield* until("media is there again", Effect.sync(() => here.saw("ConnectionRestored") > 0 && there.saw("ConnectionRestored") > 0), 25_000)
  for (const end of [here, there]) for (const slot of ["microphone", "camera"] as const) yield* end.untilHeard(slot)
  const channel = yield* near.openDataChannel("afterwards")
  yield* channel.send("hello")
})), 60_000)

it("a server that begins anew interrupts calls, and they come back", scoped(Effect.gen(function*() {
  const relay = memoryRelay()
  const lives = yield* Effect.acquireRelease(Effect.sync(() => Scope.makeUnsafe()), (scope) => Scope.close(scope, Exit.void))
  let server: Server | undefined = yield* Scope.provide(startServer(), lives)
  const open = (name: string) =>
    Effect.gen(function*() {
      const signaling = yield* signalingOver(
        Effect.suspend(() => (server === undefined ? Effect.fail("it is not there") : Effect.map(server.connect(name), (connection) => ({ send: connection.receive, received: connection.outgoing })))),
        { firstMs: 50, mostMs: 500 }
      )
      const room = yield* SfuRoom.join({ room: "calls", token: name, signaling, media: generated, ...loopback })
      const engine = yield* SfuEngine.make({ room })
      const channel = yield* relay.join(name)
      return yield* Effect.provideService(CallLine.make({ device: name, channel, config: { enableData: true } }), RtcEngine, engine)
    })
  const [alice, bob] = [yield* open("alice"), yield* open("bob")]
  const { here, there } = yield* connect(alice, bob, "bob")
  server = undefined
  yield* Scope.close(lives, Exit.void)
  yield* until("the interruption is told", Effect.sync(() => here.saw("ConnectionInterrupted") > 0), 20_000)
  yield* Effect.sleep(12_000)
  server = yield* startServer()
  yield* until("media is there again", Effect.sync(() => here.saw("ConnectionRestored") > 0 && there.saw("ConnectionRestored") > 0), 25_000)
  for (const end of [here, there]) yield* end.untilHeard("microphone")
})), 70_000)

it("a path that is lost for good is left for another one", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const [old, other] = [yield* udpPath(), yield* udpPath()]
  let path = old
  const { here, near, there } = yield* aliceAndBob(server, { alice: { carry: (candidate) => over(path)(candidate) } })
  path = other
  yield* old.cut
  yield* until("the interruption is told", Effect.sync(() => here.saw("ConnectionInterrupted") > 0), 20_000)
  yield* until("media is there again", Effect.sync(() => here.saw("ConnectionRestored") > 0 && there.saw("ConnectionRestored") > 0), 25_000)
  yield* untilUp(near)
  for (const end of [here, there]) yield* end.untilHeard("microphone")
})), 70_000)

it("a client that the server removes is told so, in its calls", scoped(Effect.gen(function*() {
  const server = yield* startServer()
  const { here } = yield* aliceAndBob(server)
  expect(yield* server.removePeer("calls", "alice")).toBe(true)
  yield* until("the call is over", Effect.sync(() => here.saw("ConnectionClosed") > 0))
})), 30_000)

it("a room that lets nobody in fails to join, with the server's reason", scoped(Effect.gen(function*() {
  const server = yield* startServer({ authorise: () => Effect.fail({ code: "unauthorised" }) })
  const signaling = yield* inProcess(server, "alice")
  const error = yield* Effect.flip(SfuRoom.join({ room: "calls", token: "alice", signaling }))
  expect(error).toMatchObject({ engine: "sfu", operation: "join", cause: { _tag: "SfuRefused", refusal: { code: "unauthorised" } } })
})), 20_000)
