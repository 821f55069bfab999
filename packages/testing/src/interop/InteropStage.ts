/** Two engines at the two ends of a signaling link, and the calls between them. For plays. */
import { CallLine, type Capabilities, type LineCall, type MediaChange, type RemoteTrack, RtcEngine, type RtcEvent, type Slot } from "@enigma-rtc/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Violation } from "../conformance/Clause.ts"
import type { EngineUnderTest } from "../conformance/EngineUnderTest.ts"
import { insist, until, untilStill } from "../conformance/until.ts"
import type { ChannelConditions } from "../link/ChannelConditions.ts"
import { faultyLink } from "../link/FaultyLink.ts"

/** One of the two engines. */
export interface InteropEngine {
  readonly name: string
  readonly engine: EngineUnderTest
}

/** A call at one end, and all that it has told. */
export interface WatchedCall {
  readonly call: LineCall
  readonly events: ReadonlyArray<RtcEvent>
  /** Connected, with media up and no round under way. */
  readonly untilSettled: Effect.Effect<void, Violation>
  readonly untilEnded: Effect.Effect<void, Violation>
  readonly untilArrives: (slot: Slot) => Effect.Effect<void, Violation>
  readonly untilSilent: (slot: Slot) => Effect.Effect<void, Violation>
  /** The channels that the far end has opened. */
  readonly channelOpened: (label: string) => Effect.Effect<Extract<RtcEvent, { readonly _tag: "DataChannelOpened" }>["channel"], Violation>
  /** Nothing of what came was refused by the engine. */
  readonly insistNoError: Effect.Effect<void, Violation>
}

/** One end: its line, and what its user does. */
export interface InteropEnd {
  readonly name: "left" | "right"
  readonly calls: (media?: MediaChange) => Effect.Effect<WatchedCall, unknown, Scope.Scope>
  /** Waits for a call that rings and accepts it. */
  readonly accepts: (media?: MediaChange) => Effect.Effect<WatchedCall, unknown, Scope.Scope>
}

/** The two ends, and what both can do. */
export interface InteropStage {
  readonly left: InteropEnd
  readonly right: InteropEnd
  readonly common: Capabilities
}

/** Signaling may be slow, and lose: what a play waits for may take a few resends. */
const settleMs = 20_000

const both = (left: Capabilities, right: Capabilities): Capabilities => ({
  media: left.media && right.media,
  data: left.data && right.data,
  codecPreference: left.codecPreference && right.codecPreference,
  rollback: left.rollback && right.rollback,
  renegotiation: left.renegotiation && right.renegotiation,
  iceRestart: left.iceRestart && right.iceRestart,
  remoteCandidates: left.remoteCandidates && right.remoteCandidates
})

/** What both engines can do. */
export const commonCapabilities = (left: InteropEngine, right: InteropEngine): Capabilities =>
  both(left.engine.capabilities, right.engine.capabilities)

const watch = (call: LineCall, { media }: EngineUnderTest): Effect.Effect<WatchedCall, never, Scope.Scope> =>
  Effect.gen(function*() {
    const events: Array<RtcEvent> = []
    yield* Effect.forkScoped(Stream.runForEach(call.events, (event) => Effect.sync(() => events.push(event))))
    const words = Effect.map(call.state, (state) =>
      state._tag === "Connected" ? `Connected, media ${state.media._tag}, negotiation ${state.negotiation._tag}` : JSON.stringify(state).slice(0, 200))
    const arrived = (slot: Slot) =>
      Effect.gen(function*() {
        let sum = 0
        for (const event of events) {
          if (event._tag !== "RemoteTrack" || event.track.slot !== slot) continue
          const track: RemoteTrack = event.track
          sum += media === undefined ? 0 : yield* media.arrived(track)
        }
        return sum
      })
    const untilState = (expected: string, is: (state: Effect.Success<LineCall["state"]>) => boolean) =>
      until(
        { expected: `the call to be ${expected}`, withinMs: settleMs, found: () => Effect.runSync(words) },
        Effect.map(call.state, (state) => (is(state) ? true : undefined))
      ).pipe(Effect.asVoid)
    return {
      call,
      events,
      untilSettled: untilState("connected, with media up, and stable", (state) =>
        state._tag === "Connected" && state.media._tag === "Up" && state.negotiation._tag === "Stable"),
      untilEnded: untilState("over", ({ _tag }) => _tag === "Ended"),
      untilArrives: (slot) =>
        Effect.flatMap(arrived(slot), (before) =>
          until(
            { expected: `the ${slot} to arrive`, found: () => "nothing new", withinMs: settleMs },
            Effect.map(arrived(slot), (now) => (now > before ? true : undefined))
          )),
      untilSilent: (slot) => untilStill(`the ${slot}`, arrived(slot), settleMs),
      channelOpened: (label) =>
        until(
          { expected: `the channel ${label} at the far end`, withinMs: settleMs },
          Effect.sync(() => events.flatMap((event) => (event._tag === "DataChannelOpened" && event.channel.label === label ? [event.channel] : []))[0])
        ),
      insistNoError: Effect.suspend(() => {
        const refused = events.flatMap((event) => (event._tag === "MessageRefused" ? [event.error.message] : []))
        return insist(refused.length === 0, "nothing that came to be refused", () => refused.join("; "))
      })
    }
  })

/** Opens both lines over a link with these faults, which the seed decides. */
export const openStage = (
  left: InteropEngine,
  right: InteropEngine,
  conditions: ChannelConditions,
  seed: number
): Effect.Effect<InteropStage, unknown, Scope.Scope> =>
  Effect.gen(function*() {
    const common = commonCapabilities(left, right)
    const link = faultyLink({ seed, ...conditions })
    const open = (name: "left" | "right", under: EngineUnderTest, peer: string) =>
      Effect.gen(function*() {
        const engine = Context.get(yield* Layer.build(under[name]), RtcEngine)
        const channel = yield* link.join(name)
        const config = { enableAudio: common.media, enableVideo: common.media, enableData: common.data }
        const line = yield* Effect.provideService(CallLine.make({ device: name, channel, config }), RtcEngine, engine)
        const withMedia = (media: MediaChange | undefined) => (media === undefined ? {} : { media })
        return {
          name,
          calls: (media) => Effect.flatMap(line.call(peer, withMedia(media)), (call) => watch(call, under)),
          accepts: (media) =>
            Effect.gen(function*() {
              const ringing = Effect.flatMap(Stream.runHead(line.incoming), Effect.fromOption)
              const call = yield* Effect.timeoutOrElse(ringing, {
                duration: settleMs,
                orElse: () => Effect.fail(new Violation({ expected: `a call to ring at the ${name}`, found: "none" }))
              })
              yield* call.accept(withMedia(media))
              return yield* watch(call, under)
            })
        } satisfies InteropEnd
      })
    return { left: yield* open("left", left.engine, "right"), right: yield* open("right", right.engine, "left"), common }
  })
