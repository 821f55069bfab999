import * as Context from "effect/Context";
/**
 * Unlike Effect's `TestClock`, it knows what is due next, so that minutes in which nothing happens cost nothing; and its
 * fibers run as microtasks, so that one turn of the event loop lets everything do what it can do now, however many steps
 * that takes.
 */
export interface VirtualTime {
    /** Clock, scheduler and random numbers for every fiber of the simulation. */
    readonly context: Context.Context<never>;
    /** In milliseconds, from 0. */
    readonly now: () => number;
    /** When the next sleeper wakes; `undefined` when nobody sleeps. */
    readonly nextMs: () => number | undefined;
    /** Moves time on to this moment, and wakes who is due by then, in the order of their moments. */
    readonly advanceTo: (ms: number) => void;
    /** How many sleep. */
    readonly sleeping: () => number;
    /** Settles when every fiber and promise has done what it can do now. */
    readonly settled: () => Promise<void>;
}
/** Time begins at 0. Everything random that fibers ask Effect for comes from the seed. */
export declare const virtualTime: (seed: number) => VirtualTime;
//# sourceMappingURL=VirtualTime.d.ts.map