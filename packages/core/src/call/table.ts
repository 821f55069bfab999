/** The shape of the transition table: total over state × input, and every branch names the state it leads to. */
import type { CallCommand } from "./CallCommand.ts"
import type { InputOf, InputTag } from "./CallInput.ts"
import type { CallState, StateOf, StateTag } from "./CallState.ts"

type Guard<S, I> = (state: S, input: I) => boolean

/** Makes one command from the state before, the input and the state after; `undefined` when there is nothing to do. */
type Emit<S, I, N> = (state: S, input: I, next: N) => CallCommand | undefined

/** `to` is data for the diagram; `next` must return exactly that state, so that the diagram cannot lie. */
export type Move<S, I> = {
  [T in StateTag]: {
    readonly to: T
    readonly next: (state: S, input: I) => StateOf<T>
    readonly emit?: ReadonlyArray<Emit<S, I, StateOf<T>>>
  }
}[StateTag]

/** A move that is made when its guard holds. */
export type Guarded<S, I> = Move<S, I> & { readonly when: Guard<S, I> }
type Otherwise<S, I> = Move<S, I> & { readonly when?: never }

/** Legal and meaningless here, such as a late candidate. Nothing happens. */
export interface Ignore {
  readonly ignore: string
}
/** Illegal here. The caller gets a typed error, and the state does not move. */
export interface Reject {
  readonly reject: string
}
export type GuardedIgnore<S, I> = Ignore & { readonly when: Guard<S, I> }
export type GuardedReject<S, I> = Reject & { readonly when: Guard<S, I> }

/** Branches are tried in order. The last one has no guard: no input can fall between guards. */
export type Cell<S, I> = readonly [
  ...ReadonlyArray<Guarded<S, I> | GuardedIgnore<S, I> | GuardedReject<S, I>>,
  Otherwise<S, I> | (Ignore & { readonly when?: never }) | (Reject & { readonly when?: never })
]

/** A cell for every state and every input: a missing one does not compile. */
export type Table = { readonly [S in StateTag]: { readonly [I in InputTag]: Cell<StateOf<S>, InputOf<I>> } }

/** A cell of one branch: nothing happens. */
export const ignore = (why: string): readonly [Ignore] => [{ ignore: why }]
/** A cell of one branch: illegal. */
export const reject = (why: string): readonly [Reject] => [{ reject: why }]

/** A branch for one phase of a state: its `next` and its commands see the state as the guard has narrowed it. */
export const inPhase = <S extends CallState, P extends S, I>(
  guard: (state: S, input: I) => state is P,
  move: Move<P, I>
): Guarded<S, I> =>
  // The guard has been asked before `next` and `emit` run, so that they do get a P.
  ({ ...move, when: guard }) as unknown as Guarded<S, I>
