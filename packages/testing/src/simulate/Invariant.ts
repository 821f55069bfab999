/** The shape of what must hold in a simulated world. For `invariants`. */
import type { World } from "./World.ts"

/** One thing that must hold. */
export interface Invariant {
  readonly name: string
  /** What must hold, in a sentence. */
  readonly says: string
  /** What is wrong in this world; `undefined` when nothing is. */
  readonly check: (world: World) => string | undefined
}

/** The first complaint about any of the things. */
export const firstOf = <A>(things: Iterable<A>, check: (thing: A) => string | undefined): string | undefined => {
  for (const thing of things) {
    const complaint = check(thing)
    if (complaint !== undefined) return complaint
  }
  return undefined
}
