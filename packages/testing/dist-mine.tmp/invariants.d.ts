import { type Invariant } from "./Invariant.ts";
/** What must hold after every step. */
export declare const alwaysInvariants: ReadonlyArray<Invariant>;
/** What must hold when the link has healed and the world has come to rest. */
export declare const restInvariants: ReadonlyArray<Invariant>;
/** What must hold when all calls were hung up, time went on, and the lines were closed. */
export declare const overInvariants: ReadonlyArray<Invariant>;
//# sourceMappingURL=invariants.d.ts.map