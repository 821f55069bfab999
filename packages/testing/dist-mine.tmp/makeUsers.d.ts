import * as Effect from "effect/Effect";
import type * as Fiber from "effect/Fiber";
import type { Decisions } from "./Decisions.ts";
import type { Player, Ringing } from "./Player.ts";
import type { Happening } from "./Simulated.ts";
import type { Scenario, Stage } from "./Stage.ts";
import type { WorldOperation } from "./World.ts";
export interface Users extends Pick<Stage, "act" | "note" | "pause" | "until"> {
    /** A call rings: its user does what the scenario says, after a while. */
    readonly answer: (end: Player, call: Ringing, scenario: Scenario) => void;
    /** The longest time that a user took for that, in milliseconds, since it was last forgotten. */
    readonly thoughtMs: () => number;
    readonly forgetThought: () => void;
    readonly happenings: Array<Happening>;
    readonly operations: ReadonlyArray<WorldOperation>;
    /** Looks whether somebody waits for what is now. */
    readonly wakeWatchers: () => void;
}
export declare const makeUsers: (decisions: Decisions, nowMs: () => number, fork: (effect: Effect.Effect<unknown, unknown>) => Fiber.Fiber<unknown, unknown>) => Users;
//# sourceMappingURL=makeUsers.d.ts.map