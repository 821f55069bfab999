/** The bot in one room: a line of its own, which is opened anew whatever happens to it. For `hostBots`. */
import { CallLine, type RtcConfigInput, RtcEngine, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { type Note, writeNote } from "../../relay/notes.ts"
import { RelayClient } from "../../relay/RelayClient.ts"
import type { RoomKey } from "../../relay/roomLink.ts"
import type { SocketLike } from "../../relay/SocketLike.ts"
import { withoutNotes } from "../../relay/withoutNotes.ts"
import { lateSfu } from "../../sfu/lateSfu.ts"
import { answerCall, stayInCall } from "./answerCall.ts"

/** What the bots of a server have done. */
export interface BotFigures {
  lines: number
  calls: number
  answered: number
  busy: number
  failed: number
  restarts: number
}

export interface BotWorld {
  readonly name: string
  readonly connect: () => SocketLike
  readonly engine: RtcEngine["Service"]
  /** Joins a room at the SFU, where there is one; a caller may have the call move there. */
  readonly joinSfu?: (room: string) => Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope>
  /** How many calls all bots of this server take at once. */
  readonly room: Semaphore.Semaphore
  /** How many of them in one room, and how long one may last. */
  readonly callsPerRoom: number
  readonly callMs: number
  /** How long to wait after a line has failed, or the name was taken, by another server's bot for one. */
  readonly againMs: number
  readonly figures: BotFigures
}

const config: RtcConfigInput = { enableData: true, operationTimeoutMs: 5_000 }

/** How many notes of pages may wait. */
const mostNotes = 16

/** One line, until its channel fails. */
const stay = (world: BotWorld, key: RoomKey) =>
  Effect.gen(function*() {
    const { callMs, callsPerRoom, connect, engine, figures, joinSfu, name, room } = world
    const relay = yield* RelayClient.make({ ...key, url: "ws://inside", name, open: connect })
    yield* relay.joined
    const notes = yield* Queue.sliding<readonly [Note, string]>(mostNotes)
    const channel = withoutNotes(relay.channel, (note, peer) => void Queue.offerUnsafe(notes, [note, peer]))
    const engines = joinSfu === undefined ? [] : [(yield* lateSfu(joinSfu(key.room))).engine]
    const line = yield* CallLine.make({ device: "bot", channel, config, engines, maxCalls: callsPerRoom }).pipe(
      Effect.provideService(RtcEngine, engine)
    )
    yield* Effect.forkScoped(Stream.runForEach(relay.reconnected, () => line.reconnected))
    yield* Effect.acquireRelease(Effect.sync(() => figures.lines++), () => Effect.sync(() => figures.lines--))

    const withWhom = new Set<string>()
    /** Nothing, if the bots of this server are in as many calls as they take. */
    const attend = <E>(peer: string, call: Effect.Effect<void, E>) =>
      room.withPermitsIfAvailable(1)(Effect.gen(function*() {
        yield* Effect.acquireRelease(Effect.sync(() => figures.calls++), () => Effect.sync(() => figures.calls--))
        yield* Effect.acquireRelease(Effect.sync(() => withWhom.add(peer)), () => Effect.sync(() => withWhom.delete(peer)))
        yield* Effect.catch(call, () => Effect.sync(() => figures.failed++))
      }).pipe(Effect.scoped))
    yield* Effect.forkScoped(Stream.runForEach(Stream.fromQueue(notes), ([note, peer]) =>
      Effect.gen(function*() {
        if (note.demo !== "glare") return
        if (note.step === "ask") yield* Effect.ignore(relay.channel.send(writeNote({ demo: "glare", step: "ready" }), peer))
        // Its own call may have come first, and is answered.
        if (note.step !== "go" || withWhom.has(peer)) return
        yield* Effect.forkScoped(attend(peer, Effect.flatMap(line.call(peer), (call) => stayInCall(call, callMs))))
      })))
    yield* Stream.runForEach(line.incoming, (call) =>
      Effect.gen(function*() {
        const taken = yield* attend(call.peer, answerCall(call, callMs, () => figures.answered++))
        if (taken._tag === "Some") return
        figures.busy++
        yield* Effect.ignore(call.decline("busy"))
      }).pipe(Effect.forkScoped))
    yield* line.closed
  }).pipe(Effect.scoped)

/** Stays in the room until it is interrupted. */
export const keepBot = (world: BotWorld, key: RoomKey): Effect.Effect<never> =>
  stay(world, key).pipe(
    // Whatever has failed, a defect too: the next line is a new beginning.
    Effect.catchCause(() => Effect.void),
    Effect.andThen(Effect.sync(() => world.figures.restarts++)),
    Effect.andThen(Effect.sleep(world.againMs)),
    Effect.forever
  )
