/**
 * Searches calls with a peer that knows the Rust crate's four messages only, over a channel without `Delivery`: the real
 * machine at our end, and at the other one an app as the crate's states allow it (enigma-rtc 0.1.0).
 */
import { type CallInput, type CallState, step, type Verdict } from "@enigma-rtc/core/call";
import { type Explored } from "./explore.ts";
/** What may happen. */
export interface CrateBudget {
    /** How many calls our end, and the crate's, may make. */
    readonly calls: readonly [number, number];
    readonly hangups?: readonly [number, number];
    /** May messages overtake each other? */
    readonly reorders: boolean;
    /** How often each message may come once more. */
    readonly repeats: number;
}
/** Changes what our end does: a planted fault, which the search has to find. */
export interface CrateFault {
    readonly step?: (state: CallState, input: CallInput, real: typeof step) => Verdict;
    /** Candidates are sent only once. */
    readonly onlyOnce?: boolean;
    /** What comes before its offer is not kept. */
    readonly keepsNothing?: boolean;
}
/** Visits everything that can happen within the budget. */
export declare const exploreCrate: (budget: CrateBudget, { fault, ...options }?: {
    readonly maxStates?: number;
    readonly stopAtFirst?: boolean;
    readonly fault?: CrateFault;
}) => Explored;
//# sourceMappingURL=exploreCrate.d.ts.map