import type { Invariant } from "./Invariant.ts";
/** What both ends' media must agree on. */
export declare const mediaAgreements: ReadonlyArray<Invariant>;
//# sourceMappingURL=mediaAgreements.d.ts.map