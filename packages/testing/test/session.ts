/** A session over the mock, in any situation that a call can be in. For the tests of `CallSession`. */
import { type CallMessage, type CallSession as Session, CallSession, type CallState, type RtcConfigInput, type RtcEvent, type SessionOptions, type SignalingMessage, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { expect } from "vitest"
import { MockEngine, type MockOptions, mockSdp } from "../src/index.ts"
import { settle } from "./settle.ts"

const sections = [{ kind: "audio", mid: "0" }, { kind: "video", mid: "1" }] as const
const withData = [...sections, { kind: "application", mid: "2" }] as const
/** What the far end sends. */
export const theirOffer = mockSdp({ session: 9_001, sections })
export const theirAnswer = mockSdp({ session: 9_001, sections, setup: "active" })
export const theirDataAnswer = mockSdp({ session: 9_001, sections: withData, setup: "active" })
export const hostLine = (n: number) => `candidate:${n} 1 udp 2122260223 192.0.2.77 ${40_000 + n} typ host`
export const iceCandidate = (n: number): SignalingMessage => ({ type: "ice_candidate", candidate: hostLine(n), sdp_mid: "0", sdp_mline_index: 0 })

export interface Subject {
  readonly session: Session
  readonly mock: MockEngine
  /** What the session has given to its `send`. */
  readonly sent: Array<CallMessage>
  /** What it has told. */
  readonly events: Array<RtcEvent>
  /** Ends the session's scope. */
  readonly close: Effect.Effect<void>
}

export interface SubjectOptions extends MockOptions {
  readonly config?: RtcConfigInput
  readonly send?: NonNullable<SessionOptions["send"]>
  /** The peer names the call, and so shows delivery fields. Default `false`: a peer as the Rust crate. */
  readonly aware?: boolean
}

/** A session in a scope of its own, which ends with the test's at the latest. */
export const makeSubject = (options: SubjectOptions = {}): Effect.Effect<Subject, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const mock = MockEngine.make(options)
    const sent: Array<CallMessage> = []
    const events: Array<RtcEvent> = []
    const scope = yield* Scope.make()
    // Time goes on when the test is over: what never settles then runs into its limit.
    yield* Effect.addFinalizer(() =>
      Effect.gen(function*() {
        const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
        yield* settle
        yield* TestClock.adjust("2 minutes")
        yield* Fiber.join(closing)
      })
    )
    const take = options.send ?? ((message) => Effect.sync(() => void sent.push(message)))
    const session = yield* CallSession.make(options.config, { callId: "call-1", send: take }).pipe(
      Scope.provide(scope),
      Effect.provide(mock.layer)
    )
    yield* Effect.forkScoped(Stream.runForEach(session.events, (event) => Effect.sync(() => events.push(event))))
    yield* settle
    return { session, mock, sent, events, close: Scope.close(scope, Exit.void) }
  })

export const situations = [
  "idle", "creating", "waiting", "applying", "ringing", "answering", "connecting", "up", "interrupted", "ending", "ended"
] as const
export type Situation = (typeof situations)[number]

export const stateIn = {
  idle: "Idle",
  creating: "CreatingOffer",
  waiting: "WaitingAnswer",
  applying: "WaitingAnswer",
  ringing: "IncomingOffer",
  answering: "IncomingOffer",
  connecting: "Connected",
  up: "Connected",
  interrupted: "Connected",
  ending: "Ending",
  ended: "Ended"
} as const satisfies { readonly [S in Situation]: CallState["_tag"] }

/** Brings a new session into a situation; what must hang for that goes on to hang. */
export const reach = (situation: Situation, options: SubjectOptions = {}): Effect.Effect<Subject, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const hangs = ({ creating: "createOffer", applying: "applyAnswer", answering: "createAnswer", ending: "close" } as const)
    const hanging = situation in hangs ? [hangs[situation as keyof typeof hangs]] : []
    const subject = yield* makeSubject({
      connects: situation !== "connecting",
      ...options,
      faults: { ...options.faults, never: [...(options.faults?.never ?? []), ...hanging] }
    })
    const { mock, session } = subject
    const call = options.aware === true ? { call_id: "call-1" } : {}
    const beside = <A, E>(effect: Effect.Effect<A, E>) => Effect.andThen(Effect.forkScoped(Effect.ignore(effect)), settle)
    switch (situation) {
      case "idle":
        break
      case "ringing":
        yield* session.receive({ type: "offer", sdp: theirOffer, ...call })
        break
      case "answering":
        yield* session.receive({ type: "offer", sdp: theirOffer, ...call })
        yield* beside(session.accept())
        break
      case "creating":
        yield* beside(session.createOffer())
        break
      case "waiting":
        yield* session.createOffer().pipe(Effect.orDie)
        break
      default:
        yield* session.createOffer().pipe(Effect.orDie)
        yield* session.receive({ type: "answer", sdp: theirAnswer, ...call })
        yield* settle
        if (situation === "interrupted") mock.peer.link("interrupted")
        if (situation === "ending" || situation === "ended") yield* beside(session.hangup())
    }
    yield* settle
    return subject
  })

/** An offer as its engine made it, without the session-level attribute that marks it as ours (R9). */
export const unmarked = (sdp: string) => {
  expect(sdp.match(/^a=x-enigma-rtc:1\r\n(?=m=)/gm)).toHaveLength(1)
  return sdp.replace("a=x-enigma-rtc:1\r\n", "")
}

/** The states that a call has told, in order. */
export const statesOf = (events: ReadonlyArray<RtcEvent>) =>
  events.flatMap((event) => (event._tag === "StateChanged" ? [event.state._tag] : []))
export const tagsOf = (events: ReadonlyArray<RtcEvent>) => events.map(({ _tag }) => _tag)
export const typesOf = (messages: ReadonlyArray<SignalingMessage>) => messages.map(({ type }) => type)
