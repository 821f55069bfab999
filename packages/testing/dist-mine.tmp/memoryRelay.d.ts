/** A signaling relay in memory: a channel for each name, every text delivered once, in order. For tests and demos. */
import { type SignalingChannel } from "@enigma-rtc/core";
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
/** One text that was sent. */
export interface Relayed {
    readonly from: string;
    readonly to: string;
    readonly text: string;
}
/** A relay, and what went over it. */
export interface MemoryRelay {
    /**
     * Joins under a name, which is free again when the scope closes; who had it before is cut off. A text to a name that
     * nobody has is lost.
     */
    readonly join: (name: string) => Effect.Effect<SignalingChannel, never, Scope.Scope>;
    /** Every text that was sent, in order, for as long as the relay is there. */
    readonly log: ReadonlyArray<Relayed>;
}
/** Makes a relay that delivers every text once, in order, to the name that it is for. */
export declare const memoryRelay: () => MemoryRelay;
//# sourceMappingURL=memoryRelay.d.ts.map