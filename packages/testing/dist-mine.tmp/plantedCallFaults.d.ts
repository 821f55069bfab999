import type { CallBudget, CallFault } from "./exploreCalls.ts";
/** A broken rule, and a space in which it goes wrong. */
export interface PlantedFault {
    readonly name: string;
    /** The rule of `docs/signaling.md` that is broken. */
    readonly rule: string;
    readonly budget: CallBudget;
    readonly fault: CallFault;
}
/** Every one of them must be found. */
export declare const plantedCallFaults: ReadonlyArray<PlantedFault>;
//# sourceMappingURL=plantedCallFaults.d.ts.map