/** Ends with one rule for peers without delivery fields broken each: they show that the search of such calls can see. */
import type { CrateBudget, CrateFault } from "./exploreCrate.ts";
/** A broken rule, and a space in which it goes wrong. */
export interface PlantedCrateFault {
    readonly name: string;
    /** The rule of `docs/signaling.md` that is broken. */
    readonly rule: string;
    readonly budget: CrateBudget;
    readonly fault: CrateFault;
}
/** Every one of them must be found. */
export declare const plantedCrateFaults: ReadonlyArray<PlantedCrateFault>;
//# sourceMappingURL=plantedCrateFaults.d.ts.map