/** A member of a group in a place of its own, a process or a page: calls whoever is there when it joins, and takes every call. */
import { CallLine, type LineCall, type RemoteTrack, RtcEngine, type RtcEvent, type SignalingChannel, type Slot, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { TextTransport } from "../../conformance/src/remote/TextTransport.ts"

/** What a member is told: to join now, or what another member signals. */
export type ToMember = { readonly _tag: "Join" } | { readonly _tag: "Text"; readonly peer: string; readonly text: string }

/** A call, as its member sees it. */
export interface CallReport {
  readonly peer: string
  /** `Up`: connected, with media. Else the state's name; of a call that is over, why. */
  readonly state: string
  readonly interruptions: number
  /** What has arrived until now: in a page decoded, in Node packets. */
  readonly microphone: number
  readonly camera: number
}

/** What a member tells: what it signals, or how all of its calls are. */
export type FromMember =
  | { readonly _tag: "Text"; readonly to: string; readonly text: string }
  | { readonly _tag: "Report"; readonly calls: ReadonlyArray<CallReport> }

const reportMs = 250

/** What differs between pages and Node. */
export interface MemberOptions {
  readonly name: string
  /** Joins the room. */
  readonly join: Effect.Effect<{ readonly engine: RtcEngine["Service"]; readonly peers: Stream.Stream<ReadonlyArray<string>> }, WebRtcError, Scope.Scope>
  readonly arrived: (track: RemoteTrack) => Effect.Effect<number>
}

const watch = (call: LineCall, arrived: MemberOptions["arrived"]) =>
  Effect.gen(function*() {
    const events: Array<RtcEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event))), { startImmediately: true })
    const of = (slot: Slot) =>
      Effect.map(
        Effect.forEach(events, (event) => (event._tag === "RemoteTrack" && event.track.slot === slot ? arrived(event.track) : Effect.succeed(0))),
        (counts) => counts.reduce((sum, count) => sum + count, 0)
      )
    return Effect.gen(function*() {
      const state = yield* call.state
      const up = state._tag === "Connected" && state.media._tag === "Up"
      return {
        peer: call.peer,
        state: up ? "Up" : state._tag === "Ended" ? `Ended: ${state.reason}` : state._tag,
        interruptions: events.filter(({ _tag }) => _tag === "ConnectionInterrupted").length,
        microphone: yield* of("microphone"),
        camera: yield* of("camera")
      } satisfies CallReport
    })
  })

/** Runs until the transport closes. */
export const runMember = (transport: TextTransport, { arrived, join, name }: MemberOptions): Effect.Effect<void, unknown, Scope.Scope> =>
  Effect.gen(function*() {
    const tell = (frame: FromMember) => transport.send(JSON.stringify(frame))
    const inbox = yield* Queue.unbounded<{ readonly peer: string; readonly text: string }>()
    const [joining, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    transport.listen((text) => {
      // Both ends are of one build.
      const frame = JSON.parse(text) as ToMember
      if (frame._tag === "Join") joining.resolve()
      else Queue.offerUnsafe(inbox, frame)
    }, closed.resolve)
    yield* Effect.promise(() => joining.promise)
    const channel: SignalingChannel = {
      send: (text, to) => Effect.sync(() => tell({ _tag: "Text", to, text })),
      incoming: Stream.fromQueue(inbox)
    }
    const { engine, peers } = yield* join
    // Who is gone is to be known soon.
    const config = { reconnectTimeoutMs: 10_000 }
    const line = yield* Effect.provideService(CallLine.make({ device: name, channel, config }), RtcEngine, engine)
    const reports: Array<Effect.Effect<CallReport>> = []
    const keep = (call: LineCall) => Effect.map(watch(call, arrived), (report) => void reports.push(report))
    yield* Effect.forkScoped(Stream.runForEach(line.incoming, (call) => Effect.andThen(keep(call), Effect.ignore(call.accept()))))
    const [there = []] = yield* Stream.runCollect(Stream.take(peers, 1))
    yield* Effect.forEach(there, (peer) => Effect.flatMap(line.call(peer), keep), { discard: true })
    const telling = Effect.forever(
      Effect.andThen(
        Effect.flatMap(Effect.suspend(() => Effect.all(reports)), (calls) => Effect.sync(() => tell({ _tag: "Report", calls }))),
        Effect.sleep(reportMs)
      )
    )
    yield* Effect.raceFirst(telling, Effect.promise(() => closed.promise))
  })
