import { type Invariant } from "./Invariant.ts";
/** What both ends must agree on. */
export declare const agreements: ReadonlyArray<Invariant>;
//# sourceMappingURL=agreements.d.ts.map