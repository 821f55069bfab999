/** What an engine's author gives the conformance suite: two ends, something to send, and ways to see what arrives. */
import type { Capabilities, IceCandidate, RemoteTrack, RtcEngine } from "@enigma-rtc/core"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { ClauseId } from "./Clause.ts"

/** A way between the two ends that can be broken, and mended. */
export interface BreakablePath {
  /** Every candidate of one end goes through this before the other end gets it. */
  readonly carry: (candidate: IceCandidate) => Effect.Effect<IceCandidate>
  /** From now on nothing that the stacks send arrives. */
  readonly cut: Effect.Effect<void>
  readonly mend: Effect.Effect<void>
}

/** Media to send, and what arrives of it. */
export interface MediaUnderTest {
  /**
   * How much of this track has arrived until now, in anything that grows as long as media arrives and stands still when
   * none does: RTP packets, decoded frames, energy. Both ends send, in every slot that they are asked to, without a break
   * of more than 200 ms.
   */
  readonly arrived: (track: RemoteTrack) => Effect.Effect<number>
  /** An audio codec that both ends have and that is not their first. Default `PCMU`. */
  readonly otherCodec?: string
  /** An engine like `left`, whose microphone ends by itself within a second of being sent. */
  readonly ending: Layer.Layer<RtcEngine, unknown>
}

/**
 * An engine, and all that the suite needs to check it. `media` need not be given without the capability; what else is left
 * out breaks the clauses that need it, for what was not looked at must not be green.
 */
export interface EngineUnderTest {
  /** Two ends, made anew for each clause: some engines have an identity. Each has a source for every slot. */
  readonly left: Layer.Layer<RtcEngine, unknown>
  readonly right: Layer.Layer<RtcEngine, unknown>
  /** What the engine says of itself. Clauses are skipped by this and by nothing else. */
  readonly capabilities: Capabilities
  readonly media?: MediaUnderTest
  /** Is asked by each clause that needs it, for the path between its two ends. In Node: `() => udpPath()` of `@enigma-rtc/testing/node`. */
  readonly path?: (left: RtcEngine["Service"], right: RtcEngine["Service"]) => Effect.Effect<BreakablePath, unknown, Scope.Scope>
  /** How many sockets, connections or tracks are open now. In Node: `openFiles` of `@enigma-rtc/testing/node`. */
  readonly resources?: Effect.Effect<number>
  /** Clauses that the engine breaks today, and why. One that it keeps is an error too, until its line goes. */
  readonly knownGaps?: { readonly [C in ClauseId]?: string }
}
