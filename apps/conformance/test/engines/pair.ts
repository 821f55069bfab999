/** Two peers of an engine with their candidates carried over, driven by promises: the stage of the engines' tests. */
import {
  type EngineEvent, type LinkState, makeConfig, type MediaIntent, type RemoteTrack, RtcEngine, type RtcPeer, type Slot
} from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

const config = Result.getOrThrow(makeConfig({ enableData: true }))

/** What a test wants of media; everything that is not named is off. */
export const wanting = (
  { data = true, hold = false, prefer, receive = {}, send = {} }: {
    readonly data?: boolean
    readonly hold?: boolean
    readonly prefer?: string
    readonly send?: Partial<MediaIntent["send"]>
    readonly receive?: Partial<MediaIntent["receive"]>
  }
): MediaIntent => ({
  hold,
  data,
  ...(prefer === undefined ? {} : { preferCodec: prefer }),
  send: { microphone: "off", camera: "off", screen: "off", ...send },
  receive: { microphone: false, camera: false, screen: false, ...receive }
})

/** Waits until something holds, which it has to within the limit. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> => {
  const end = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export interface End {
  readonly peer: RtcPeer
  readonly events: ReadonlyArray<EngineEvent>
  readonly link: () => LinkState | undefined
  /** The tracks that have begun and not ended. */
  readonly tracks: () => ReadonlyArray<RemoteTrack>
  readonly track: (slot: Slot) => Promise<RemoteTrack>
}

export interface Pair {
  readonly a: End
  readonly b: End
  readonly close: () => Promise<void>
}

export const run = Effect.runPromise

const watch = (peer: RtcPeer, far: () => RtcPeer, scope: Scope.Scope): End => {
  const events: Array<EngineEvent> = []
  Effect.runFork(
    Effect.forkIn(
      Stream.runForEach(peer.events, (event) => {
        events.push(event)
        return event._tag === "LocalCandidate" ? Effect.ignore(far().addRemoteCandidate(event.candidate)) : Effect.void
      }),
      scope
    )
  )
  const tracks = () =>
    events.reduce<ReadonlyArray<RemoteTrack>>((live, event) => {
      if (event._tag === "RemoteTrack") return [...live, event.track]
      return event._tag === "RemoteTrackEnded" ? live.filter((track) => track !== event.track) : live
    }, [])
  return {
    peer,
    events,
    link: () => events.findLast((event) => event._tag === "Link")?.state,
    tracks,
    track: async (slot) => {
      const find = () => tracks().find((track) => track.slot === slot)
      await until(`a track of the ${slot}`, () => find() !== undefined)
      const track = find()
      if (track === undefined) throw new Error("The track is gone.")
      return track
    }
  }
}

/** Opens two peers, each of its own engine; nothing is negotiated yet. */
export const openPair = async (
  left: Layer.Layer<RtcEngine, unknown>,
  right: Layer.Layer<RtcEngine, unknown>,
  intents: readonly [MediaIntent, MediaIntent]
): Promise<Pair> => {
  const scope = Scope.makeUnsafe()
  const open = (layer: Layer.Layer<RtcEngine, unknown>, intent: MediaIntent) =>
    run(Scope.provide(
      Effect.flatMap(Layer.build(layer), (context) =>
        Effect.provide(Effect.flatMap(RtcEngine, (engine) => engine.open(config, intent)), context)),
      scope
    ))
  const a = await open(left, intents[0])
  const b = await open(right, intents[1])
  return { a: watch(a, () => b, scope), b: watch(b, () => a, scope), close: () => run(Scope.close(scope, Exit.void)) }
}

/** One round of offer and answer. */
export const negotiate = async (from: End, to: End, options = {}): Promise<{ readonly offer: string; readonly answer: string }> => {
  const offer = await run(from.peer.createOffer(options))
  const answer = await run(to.peer.createAnswer(offer))
  await run(from.peer.applyAnswer(answer))
  return { offer, answer }
}

export const untilUp = ({ a, b }: Pair): Promise<void> => until("both links are up", () => a.link() === "up" && b.link() === "up")
