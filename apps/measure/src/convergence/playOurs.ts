/** One trial of ours: two lines over the link's channels, each accepting what rings. */
import { CallLine, type LineCall, RtcEngine } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Stream from "effect/Stream"
import { lookAt } from "../stacks/lookAt.ts"
import { seenConnections } from "../stacks/seenConnections.ts"
import { missing } from "./agreement.ts"
import { limitMs, longestMs } from "./cells.ts"
import { type Ground, playMoves } from "./Ground.ts"
import type { Held } from "./untilHolds.ts"
import { watchEngine } from "./watchEngine.ts"

const openEnd = ({ link, note, stack }: Ground, name: string, peer: string, device: string) =>
  Effect.gen(function*() {
    const channel = yield* link.join(name)
    const engine = watchEngine(yield* stack.engine, (error) => note(error, name))
    const line = yield* CallLine.make({ device, channel, config: { enableVideo: false } }).pipe(
      Effect.provideService(RtcEngine, engine)
    )
    const run = yield* FiberSet.makeRuntime<never>()
    const calls = new Set<LineCall>()
    const follow = (call: LineCall) => {
      if (calls.has(call)) return
      calls.add(call)
      run(Stream.runForEach(call.events, (event) =>
        Effect.sync(() => {
          if (event._tag === "MessageRefused") note(event.error, `${name} MessageRefused`)
          if (event._tag === "NegotiationFailed") note(event.failure.message, `${name} NegotiationFailed`)
          if (event._tag === "ConnectionClosed" && isOn) note(event.reason, `${name} ConnectionClosed`)
        })))
    }
    let isOn = true
    yield* Effect.addFinalizer(() => Effect.sync(() => { isOn = false }))
    yield* Effect.forkScoped(Stream.runForEach(line.incoming, (call) => {
      follow(call)
      return Effect.catch(call.accept(), (error) => Effect.sync(() => note(error, `${name} accept`)))
    }))
    return {
      call: () => void run(Effect.map(line.call(peer), follow)),
      change: () => {
        for (const call of calls) {
          const change = call.setMedia({ send: { camera: "on" }, receive: { camera: true } })
          run(Effect.catch(change, (error) => Effect.sync(() => note(error, `${name} setMedia`))))
        }
      }
    }
  })

/** Plays the trial. Both ends send, whoever calls. */
export const playOurs = (ground: Ground): Promise<Held> => {
  const { spec, stack } = ground
  const connections = seenConnections(stack)
  connections.forget()
  const lack = (...wants: ReadonlyArray<string>) => () =>
    missing(connections.open().map((connection) => lookAt(stack, connection, wants)))
  return Effect.gen(function*() {
    // The line that sorts lower goes on when both call: each end in turns.
    const [first, second] = spec.number % 2 === 0 ? ["a", "b"] : ["b", "a"]
    const a = yield* openEnd(ground, "alice", "bob", first)
    const b = yield* openEnd(ground, "bob", "alice", second)
    const limits = { limitMs, longestMs }
    const held = yield* Effect.promise(() => {
      switch (spec.column) {
        case "one side calls":
          return playMoves(ground, { ...limits, move: a.call, missing: lack("audio") })
        case "both call at once":
          return playMoves(ground, { ...limits, missing: lack("audio"), move: () => {
            a.call()
            b.call()
          } })
        case "both renegotiate at once":
          return playMoves(ground, {
            ...limits,
            ready: { begin: a.call, missing: lack("audio") },
            missing: lack("audio", "video"),
            move: () => {
              a.change()
              b.change()
            }
          })
      }
    })
    // What is still to be said goes out at once: the trial is over.
    ground.link.conditions = {}
    return held
  }).pipe(Effect.scoped, Effect.runPromise)
}
