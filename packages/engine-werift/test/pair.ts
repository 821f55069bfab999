/** Two peers of the engine on loopback, whose descriptions and candidates a test carries: the stage below sessions. */
import {
  changeIntent,
  type DataChannel,
  initialIntent,
  type LinkState,
  makeConfig,
  type MediaChange,
  type MediaIntent,
  type OfferOptions,
  readSections,
  type RemoteTrack,
  type RtcConfig,
  type RtcPeer,
  type Slot
} from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { picture, receivedRtp, tone, WeriftEngine, type WeriftOptions } from "../src/index.ts"
import type { UdpRelay } from "./udpRelay.ts"
import { until } from "./until.ts"
import { loopback } from "./twoPeers.ts"

export const config = Result.getOrThrow(makeConfig({ enableData: true }))

/** Nothing at all is sent or taken. */
export const nothing: MediaIntent = {
  hold: false,
  data: false,
  send: { microphone: "off", camera: "off", screen: "off" },
  receive: { microphone: true, camera: true, screen: true }
}
export const audio: MediaIntent = { ...nothing, send: { ...nothing.send, microphone: "on" }, receive: { ...nothing.receive, camera: false, screen: false } }

export class End {
  readonly peer: RtcPeer
  intent: MediaIntent
  /** The far end's live media, with how many packets have come of it. */
  readonly live = new Map<Slot, { readonly track: RemoteTrack; packets: number }>()
  readonly ended: Array<RemoteTrack> = []
  readonly links: Array<LinkState> = []
  readonly channels: Array<DataChannel> = []
  readonly descriptions: Array<string> = []
  readonly candidates: Array<{ readonly candidate: string; readonly ufrag: string }> = []
  readonly failures: Array<unknown> = []
  /** Closes this end alone. */
  readonly close: Effect.Effect<void>

  constructor(peer: RtcPeer, intent: MediaIntent, close: Effect.Effect<void>) {
    this.peer = peer
    this.intent = intent
    this.close = close
  }
  change(change: MediaChange) {
    this.intent = changeIntent(this.intent, change)
    return this.peer.setMedia(this.intent)
  }
  offer(options?: OfferOptions) {
    return Effect.tap(this.peer.createOffer(options), (sdp) => Effect.sync(() => this.descriptions.push(sdp)))
  }
  answer(sdp: string) {
    return Effect.tap(this.peer.createAnswer(sdp), (answer) => Effect.sync(() => this.descriptions.push(answer)))
  }
  packets(slot: Slot): number {
    return this.live.get(slot)?.packets ?? 0
  }
  get sections() {
    return readSections(this.descriptions.at(-1) ?? "")
  }
}

/** New packets of each of these slots come in a live track. */
export const flows = (end: End, wanted: ReadonlyArray<Slot>, limitMs = 5_000) =>
  Effect.gen(function*() {
    yield* until(`tracks of ${String(wanted)} (there are ${[...end.live.keys()].join()})`, () => wanted.every((slot) => end.live.has(slot)), limitMs)
    const before = new Map(wanted.map((slot) => [slot, end.packets(slot)]))
    yield* until(`packets of ${String(wanted)}`, () => wanted.every((slot) => end.packets(slot) >= (before.get(slot) ?? 0) + 2), limitMs)
  })

/** No packet of a slot comes for a while, once what was under way has come. */
export const isSilent = (end: End, slot: Slot) =>
  Effect.gen(function*() {
    yield* Effect.sleep(150)
    const before = end.packets(slot)
    yield* Effect.sleep(400)
    return end.packets(slot) === before
  })

const sources = () => ({ microphone: tone(), camera: picture(), screen: picture() })

export interface PairOptions {
  readonly left?: MediaIntent
  readonly right?: MediaIntent
  readonly relay?: UdpRelay
  readonly engine?: WeriftOptions
  readonly config?: RtcConfig
  /** How a candidate looks to the far end; none is lost when nothing is said. */
  readonly told?: (candidate: string) => string | undefined
  /** How a description looks to the far end. */
  readonly toldSdp?: (sdp: string) => string
}

const openEnd = (intent: MediaIntent, engine: WeriftOptions, config: RtcConfig) =>
  Effect.gen(function*() {
    const service = yield* WeriftEngine.make({ media: sources(), ...loopback, ...engine })
    const scope = yield* Scope.fork(yield* Effect.scope)
    const peer = yield* Scope.provide(service.open(config, intent), scope)
    return new End(peer, intent, Scope.close(scope, Exit.void))
  })

const listen = (end: End, far: End, relay: UdpRelay | undefined, told: NonNullable<PairOptions["told"]>) =>
  Effect.forkScoped(Stream.runForEach(end.peer.events, (event) =>
    Effect.gen(function*() {
      switch (event._tag) {
        case "LocalCandidate": {
          end.candidates.push({ candidate: event.candidate.candidate, ufrag: event.ufrag })
          const candidate = told(event.candidate.candidate)
          if (candidate === undefined) return
          const carried = relay === undefined ? candidate : yield* Effect.promise(() => relay.rewrite(candidate))
          yield* Effect.ignore(far.peer.addRemoteCandidate({ ...event.candidate, candidate: carried }))
          return
        }
        case "RemoteTrack": {
          const live = { track: event.track, packets: 0 }
          end.live.set(event.track.slot, live)
          yield* Effect.forkScoped(Stream.runForEach(receivedRtp(event.track), () => Effect.sync(() => live.packets++)))
          return
        }
        case "RemoteTrackEnded":
          end.ended.push(event.track)
          end.live.delete(event.track.slot)
          return
        case "Link":
          end.links.push(event.state)
          return
        case "DataChannelOpened":
          end.channels.push(event.channel)
          return
        case "Failed":
        case "CandidateRefused":
          end.failures.push(event)
      }
    })))

export const openPair = ({ config: ends = config, engine = {}, left = initialIntent(config), relay, right = initialIntent(config), told = (one) => one, toldSdp = (sdp) => sdp }: PairOptions = {}) =>
  Effect.gen(function*() {
    const [a, b] = [yield* openEnd(left, engine, ends), yield* openEnd(right, engine, ends)]
    yield* listen(a, b, relay, told)
    yield* listen(b, a, relay, told)
    const carry = (sdp: string) => (relay === undefined ? Effect.succeed(toldSdp(sdp)) : Effect.promise(() => relay.rewrite(toldSdp(sdp))))
    /** One round, offered by the first. */
    const round = (from: End, to: End, options?: OfferOptions) =>
      Effect.gen(function*() {
        const answer = yield* to.answer(yield* carry(yield* from.offer(options)))
        yield* from.peer.applyAnswer(yield* carry(answer))
      })
    return { a, b, round, carry }
  })

export const isUp = (end: End): boolean => end.links.at(-1) === "up"
export const untilUp = (...ends: ReadonlyArray<End>) => until("media is up", () => ends.every(isUp))

/** Two peers whose first round is over, and whose media is up. */
export const connectPair = (options?: PairOptions) =>
  Effect.gen(function*() {
    const pair = yield* openPair(options)
    yield* pair.round(pair.a, pair.b)
    yield* untilUp(pair.a, pair.b)
    return pair
  })
