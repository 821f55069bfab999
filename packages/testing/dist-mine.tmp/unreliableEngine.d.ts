import { MockEngine } from "./MockEngine.ts";
import type { Place } from "./Player.ts";
/** How long each operation takes, and whether it is one of those that fail. */
export declare const unreliableEngine: ({ decisions, name, network, nowMs, scenario, session }: Place) => {
    mock: MockEngine;
    breakEngine: (how: "fail" | "never") => void;
    mendEngine: () => void;
};
//# sourceMappingURL=unreliableEngine.d.ts.map