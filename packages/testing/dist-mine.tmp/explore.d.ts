/** Visits every state that can be reached, the nearest first, and tells the shortest way to one that is wrong. */
/** A state that can follow, and what leads to it. */
export interface Successor<S> {
    readonly label: string;
    readonly state: S;
    /** It may happen, and need not: nobody may rely on it. A state from which only such lead elsewhere is final. */
    readonly isOptional?: boolean;
}
/** What to search. */
export interface Space<S> {
    readonly initial: S;
    /** All that can follow, in an order that depends on the state alone. */
    readonly successors: (state: S) => Iterable<Successor<S>>;
    /** Equal for states that are the same. The default is the state's JSON. */
    readonly key?: (state: S) => string;
    /** What is wrong with a state, if anything is. What follows a wrong state is not searched. */
    readonly check?: (state: S) => string | undefined;
    /** What is wrong with a state in which everything has come to rest. */
    readonly checkFinal?: (state: S) => string | undefined;
    /** The search ends after so many states. The default is 10 million. */
    readonly maxStates?: number;
    /** The search ends with the first wrong state. */
    readonly stopAtFirst?: boolean;
}
/** Something that was found wrong, and the shortest way there. */
export interface FoundWrong {
    readonly what: string;
    /** In how many states. */
    readonly count: number;
    /** The labels from the initial state to the first of them. */
    readonly trace: ReadonlyArray<string>;
}
/** What a search has seen. */
export interface Explored {
    readonly states: number;
    readonly transitions: number;
    readonly finals: number;
    /** The one with the shortest way first. */
    readonly violations: ReadonlyArray<FoundWrong>;
    /** Was everything seen? */
    readonly complete: boolean;
}
/** Visits every state, breadth first. Only hashes are kept of states that have been visited. */
export declare const explore: <S>(space: Space<S>) => Explored;
//# sourceMappingURL=explore.d.ts.map