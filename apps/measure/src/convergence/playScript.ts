/** One trial of the script: two connections, each with the script, over the link's channels. */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Stream from "effect/Stream"
import { lookAt } from "../stacks/lookAt.ts"
import { missing } from "./agreement.ts"
import { limitMs } from "./cells.ts"
import { type Ground, playMoves } from "./Ground.ts"
import { perfectNegotiation } from "./perfectNegotiation.ts"
import type { Held } from "./untilHolds.ts"

const openEnd = ({ link, note, stack }: Ground, name: string, peer: string, polite: boolean) =>
  Effect.gen(function*() {
    const channel = yield* link.join(name)
    const pc = yield* Effect.acquireRelease(Effect.sync(stack.connect), (open) =>
      Effect.promise(async () => open.close()))
    const run = yield* FiberSet.makeRuntime<never>()
    // Each message is on its way before the next statement of the script, as with a socket.
    const send = (text: string) => void run(Effect.ignore(channel.send(text, peer)))
    const take = perfectNegotiation(pc, polite, send, (error) => note(error, name))
    yield* Effect.forkScoped(
      Stream.runForEach(channel.incoming, ({ text }) => Effect.sync(() => void take(text))),
      { startImmediately: true }
    )
    const wants: Array<string> = []
    return {
      look: () => lookAt(stack, pc, wants),
      start: (kind: "audio" | "video") => {
        wants.push(kind)
        pc.addTrack(stack.track(kind))
      }
    }
  })

/** Plays the trial. Whoever calls sends, as in the script: a callee that has not started sends nothing. */
export const playScript = (ground: Ground): Promise<Held> =>
  Effect.gen(function*() {
    const isFirstPolite = ground.spec.number % 2 === 0
    const a = yield* openEnd(ground, "alice", "bob", isFirstPolite)
    const b = yield* openEnd(ground, "bob", "alice", !isFirstPolite)
    const lack = () => missing([a.look(), b.look()])
    const begin = () => a.start("audio")
    const both = (kind: "audio" | "video") => () => {
      a.start(kind)
      b.start(kind)
    }
    const limits = { missing: lack, limitMs, longestMs: limitMs }
    const { column } = ground.spec
    return yield* Effect.promise(() => {
      switch (column) {
        case "one side calls":
          return playMoves(ground, { ...limits, move: begin })
        case "both call at once":
          return playMoves(ground, { ...limits, move: both("audio") })
        case "both renegotiate at once":
          return playMoves(ground, { ...limits, ready: { begin, missing: lack }, move: both("video") })
      }
    })
  }).pipe(Effect.scoped, Effect.runPromise)
