import type { Scenario } from "./Stage.ts";
/** Who calls. */
export declare const crateScenarios: ReadonlyArray<Scenario>;
/** What is lost to a peer that acknowledges nothing stays lost (`docs/signaling.md`): these lose nothing. */
export declare const crateChannels: import("./channels.ts").Channel[];
//# sourceMappingURL=crateScenarios.d.ts.map