/** Searches every way in which two users can call each other: the real machine at each device, over channels that stall. */
import { type CallInput, type CallState, step, type Verdict } from "@enigma-rtc/core/call";
import { type CallMessage } from "@enigma-rtc/core/signaling";
import { type Explored } from "./explore.ts";
/** What each end, or the world, may do how often. */
export interface CallBudget {
    /** How many calls each end may make. */
    readonly calls: readonly [number, number];
    /** How many hangups and declines, and so on. */
    readonly hangups?: readonly [number, number];
    readonly rounds?: readonly [number, number];
    readonly restarts?: readonly [number, number];
    /** How many engine operations may be refused, and how many may run out of time. */
    readonly refusals?: number;
    readonly timeouts?: number;
    /** How many timers may fire that end calls. */
    readonly fires?: number;
    /** How often the media path may break. */
    readonly cuts?: number;
    /** How often the app of B's first device may start anew, and know nothing. */
    readonly reboots?: number;
    /** B has two devices, and both ring. */
    readonly fork?: boolean;
    /** The lower line is whose? Default `A`. */
    readonly lower?: "A" | "B";
}
/** Changes what the machine does, or a message on its way: a planted fault, which the search has to find. */
export interface CallFault {
    readonly message?: (message: CallMessage) => CallMessage;
    readonly step?: (end: EndName, state: CallState, input: CallInput, real: typeof step) => Verdict;
}
/** A's device, and B's one or two. */
export type EndName = "A" | "B" | "C";
/** Visits everything that can happen within the budget. */
export declare const exploreCalls: (budget: CallBudget, fault?: CallFault, options?: {
    readonly maxStates?: number;
    readonly stopAtFirst?: boolean;
}) => Explored;
//# sourceMappingURL=exploreCalls.d.ts.map