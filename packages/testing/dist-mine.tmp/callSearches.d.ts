/** The spaces that are searched: what two ends may do, how often. `docs/testing.md` says what they prove. */
import type { CallBudget } from "./exploreCalls.ts";
import type { CrateBudget } from "./exploreCrate.ts";
/** Spaces that are searched whole within a minute each. */
export declare const callSearches: {
    readonly [name: string]: CallBudget;
};
/** Spaces of millions of states: what `maxStates` leaves of them is searched. */
export declare const wideCallSearches: {
    readonly [name: string]: CallBudget;
};
/** Calls with a peer that knows the crate's four messages only, as far as both can come to the same end at all. */
export declare const crateSearches: {
    readonly [name: string]: CrateBudget;
};
//# sourceMappingURL=callSearches.d.ts.map