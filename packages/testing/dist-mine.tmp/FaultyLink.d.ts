/** A signaling relay in memory that loses, delays, reorders and repeats, as one seed decides. For tests and simulations. */
import { type SignalingChannel } from "@enigma-rtc/core";
import * as Effect from "effect/Effect";
import * as Scope from "effect/Scope";
import { type Arrival, type ChannelConditions, type FaultKind } from "./ChannelConditions.ts";
/** A fault that the link is about to do. */
export interface LinkFault {
    /** The same in every run with the same texts. */
    readonly id: string;
    readonly kind: FaultKind | "crash";
    /** In milliseconds since the first channel was joined. */
    readonly atMs: number;
    readonly who: string;
    readonly what: string;
}
/** How a link is made. */
export interface FaultyLinkOptions extends ChannelConditions {
    /** Decides every fault: a whole number. */
    readonly seed: number;
    /** From then on, in milliseconds since the first channel was joined, no fault begins. Never without it. */
    readonly healsAtMs?: number;
    /** Is asked before each fault; one that it denies does not happen. Allows all without it. */
    readonly happens?: (fault: LinkFault) => boolean;
}
/** One text that was given to a channel, and what became of it for each channel that has the name. */
export interface LinkEntry {
    /** In milliseconds since the first channel was joined, as all times of the log. */
    readonly atMs: number;
    readonly from: string;
    readonly to: string;
    readonly text: string;
    /** The channel was down: `send` has failed. */
    readonly refused: boolean;
    /** For each channel of that name that the text is for, when it arrives there; none when it is lost. */
    readonly arrivals: ReadonlyArray<ReadonlyArray<Arrival>>;
}
/** A relay that is at fault, and what went over it. */
export interface FaultyLink {
    /**
     * Joins under a name, until the scope closes. Several channels may have one name, as a user's devices: each gets
     * everything that is sent to it, and each with a fate of its own.
     */
    readonly join: (name: string) => Effect.Effect<SignalingChannel, never, Scope.Scope>;
    /** Every text that was sent, in order, for as long as the link is there. */
    readonly log: ReadonlyArray<LinkEntry>;
    /** How good the link is from now on, for what is sent from now on. */
    conditions: ChannelConditions;
}
/** Makes a link. The same seed, conditions and texts at the same times have the same fate, on Effect's clock. */
export declare const faultyLink: ({ happens, healsAtMs, seed, ...conditions }: FaultyLinkOptions) => FaultyLink;
//# sourceMappingURL=FaultyLink.d.ts.map