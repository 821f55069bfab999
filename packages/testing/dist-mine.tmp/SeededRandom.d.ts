/** Random numbers that one seed decides, for links, engines and users that a failing run can be had again of. */
/** Random numbers that one seed decides. */
export interface SeededRandom {
    /** At least 0, and less than 1. */
    readonly next: () => number;
    /** A whole number from `min` to `max`, both included. */
    readonly int: (min: number, max: number) => number;
    /** True with this probability, from 0 to 1. */
    readonly chance: (probability: number) => boolean;
    /** One of the list, which must not be empty. */
    readonly pick: <A>(list: ReadonlyArray<A>) => A;
    /**
     * Numbers of their own for a named matter. They depend on the seed and the name alone, not on what was drawn before:
     * one decision more or less changes no other.
     */
    readonly of: (name: string) => SeededRandom;
}
/** Makes random numbers of a seed: any whole number that JavaScript holds exactly. */
export declare const seededRandom: (seed: number) => SeededRandom;
//# sourceMappingURL=SeededRandom.d.ts.map