import type { Simulated } from "./Simulated.ts";
/** The run as lines of text: what broke, what chance did, and all that was seen, in order of virtual time. */
export declare const describeRun: ({ channel, decisions, happenings, scenario, seed, texts, violation }: Simulated) => string;
//# sourceMappingURL=describeRun.d.ts.map