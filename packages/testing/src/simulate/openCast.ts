/** Opens the ends of a simulated world: ann's, and what bob has in its scenario. For `openWorld`. */
import type { WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { openCratePeer } from "./CratePeer.ts"
import { type LineEnd, openEnd } from "./openEnd.ts"
import type { Place, Player } from "./Player.ts"

/** The ends of a world. */
export interface Cast {
  readonly ann: Player
  readonly bob: Player
  /** All there are and were, in the order in which they came. */
  readonly ends: ReadonlyArray<Player>
  readonly kill: (name: string) => Effect.Effect<void>
  /** A new start of the app of bob's device. */
  readonly startAnew: Effect.Effect<Player>
}

const ofAnn = { name: "ann", user: "ann", other: "bob", device: "phone", session: 1_000 }
const ofBob = { name: "bob", user: "bob", other: "ann", device: "desk", session: 2_000 }

/** Every end lives as long as the scope, or until it is killed. */
export const openCast = (place: Omit<Place, keyof typeof ofAnn>): Effect.Effect<Cast, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const scope = yield* Effect.scope
    const lines: Array<LineEnd> = []
    const openLine = (who: typeof ofAnn) => Effect.tap(openEnd({ ...place, ...who }), (line) => Effect.sync(() => lines.push(line)))
    const ann = yield* openLine(ofAnn)
    const bob = yield* place.scenario.bob === "the crate" ? openCratePeer({ ...place, ...ofBob }) : openLine(ofBob)
    const ends = [ann, bob]
    if (place.scenario.bob === "two lines") {
      ends.push(yield* openLine({ ...ofBob, name: "bob tablet", device: "tablet", session: 3_000 }))
    }
    return {
      ann,
      bob,
      ends,
      kill: (name) => lines.find((line) => line.name === name)?.kill ?? Effect.void,
      startAnew: openLine({ ...ofBob, name: "bob anew", session: 4_000 }).pipe(
        Effect.tap((end) => Effect.sync(() => ends.push(end))),
        Effect.orDie,
        Effect.provideService(Scope.Scope, scope)
      )
    }
  })
