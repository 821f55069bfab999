/** Two lines of one page, and whole calls between them, one after another, which end in every way. */
import { CallLine, type CallState, type LineCall, RtcEngine } from "@enigma-rtc/core"
import { memoryRelay } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { BrowserEngine, type LocalTracks } from "../src/index.ts"

const limitMs = 10_000

const first = <A, E>(what: string, stream: Stream.Stream<A, E>) =>
  Stream.runHead(stream).pipe(
    Effect.flatMap(Effect.fromOption),
    Effect.timeout(limitMs),
    Effect.mapError((cause) => new Error(`Waited for ${what}.`, { cause }))
  )

const is = (call: LineCall, what: string, test: (state: CallState) => boolean) => first(what, Stream.filter(call.changes, test))

const isUp = (state: CallState) => state._tag === "Connected" && state.media._tag === "Up"
const isAtRest = (state: CallState) => isUp(state) && state._tag === "Connected" && state.negotiation._tag === "Stable"

/** A data channel, a message there and back, mute and its end, and a round of offer and answer. */
const talk = (one: LineCall, other: LineCall, round: "hold" | "screen") =>
  Effect.gen(function*() {
    yield* Effect.all([is(one, "media here", isUp), is(other, "media there", isUp)], { concurrency: 2 })
    const near = yield* one.openDataChannel("chat")
    const far = yield* first("the channel", Stream.filterMap(other.events, (event) =>
      event._tag === "DataChannelOpened" ? Result.succeed(event.channel) : Result.fail(event)))
    yield* near.send("ping")
    yield* first("ping", far.messages)
    yield* far.send(new Uint8Array(1_000))
    yield* first("its answer", near.messages)
    yield* one.setMicrophoneEnabled(false)
    yield* other.setCameraEnabled(false)
    yield* one.setMicrophoneEnabled(true)
    if (round === "screen") {
      yield* one.setMedia({ send: { screen: "on" } })
      yield* first("the screen", Stream.filter(other.events, (event) => event._tag === "RemoteTrack" && event.track.slot === "screen"))
    } else {
      yield* one.hold
      yield* is(one, "hold", isAtRest)
      yield* other.resume
    }
    yield* Effect.all([is(one, "rest here", isAtRest), is(other, "rest there", isAtRest)], { concurrency: 2 })
    yield* one.stats
  })

const wanted = { media: { receive: { screen: true } } }

const ends = ["talk", "talk", "decline", "talk", "cancel", "talk", "talk", "drop", "talk", "talk"] as const

export interface CallsInARow {
  /** The next call, from its beginning to its end at both ends. Gives its two sessions. */
  readonly next: Effect.Effect<ReadonlyArray<LineCall>, unknown>
}

/** Each end calls in turn, and each hangs up in turn. Of ten calls one is declined, and two end before they are up. */
export const openCallsInARow = (left: LocalTracks, right: LocalTracks) =>
  Effect.gen(function*() {
    const relay = memoryRelay()
    const open = (device: string, media: LocalTracks) =>
      Effect.gen(function*() {
        const channel = yield* relay.join(device)
        const engine = yield* BrowserEngine.make({ media })
        return yield* CallLine.make({ device, channel, config: { enableData: true } }).pipe(Effect.provideService(RtcEngine, engine))
      })
    const lines = [{ name: "ann", line: yield* open("ann", left) }, { name: "bob", line: yield* open("bob", right) }] as const
    let n = 0
    const next = Effect.gen(function*() {
      const [from, to] = n % 2 === 0 ? lines : [lines[1], lines[0]]
      const end = ends[n % ends.length]
      const isFirst = n % 4 < 2
      n++
      const calling = yield* from.line.call(to.name, wanted)
      const called = yield* first("the ring", to.line.incoming)
      if (end === "decline") yield* called.decline()
      else if (end === "cancel") yield* calling.hangup()
      else {
        yield* called.accept(wanted)
        if (end === "talk") yield* talk(...(isFirst ? [calling, called] as const : [called, calling] as const), n % 3 === 0 ? "screen" : "hold")
        yield* (isFirst ? calling : called).hangup()
      }
      yield* Effect.all([calling, called].map((call) => is(call, "the end", ({ _tag }) => _tag === "Ended")))
      ;(relay.log as Array<unknown>).length = 0
      return [calling, called]
    })
    return { next } satisfies CallsInARow
  })
