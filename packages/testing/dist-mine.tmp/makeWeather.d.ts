/** How the link of a simulated world gets worse, and heals. For `openWorld`. */
import * as Effect from "effect/Effect";
import type * as Fiber from "effect/Fiber";
import type { Decisions } from "./Decisions.ts";
import type { FaultyLink } from "./FaultyLink.ts";
import type { SimulateOptions } from "./Simulated.ts";
export interface Weather {
    /** The channel is at its worst from now on, until that has been tried long enough. */
    readonly worsen: () => void;
    /** The users have done what they do: that is tried for a while, and then all is well. */
    readonly calmDown: () => void;
    /** All is well from now on. */
    readonly heal: () => void;
    /** When it will heal, or has healed, in virtual milliseconds. */
    readonly healsAtMs: () => number;
}
export declare const makeWeather: ({ channel, scenario }: SimulateOptions, decisions: Decisions, link: FaultyLink, nowMs: () => number, fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>, onHealed: () => void) => Weather;
//# sourceMappingURL=makeWeather.d.ts.map