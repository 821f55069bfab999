import { type Decisions } from "./Decisions.ts";
import type { Happening, SimulateOptions } from "./Simulated.ts";
import { type VirtualTime } from "./VirtualTime.ts";
import type { World } from "./World.ts";
/** A world at work. */
export interface RunningWorld {
    readonly world: World;
    readonly time: VirtualTime;
    readonly decisions: Decisions;
    readonly happenings: Array<Happening>;
    /** Have the users done all that they do? */
    readonly hasPlayed: () => boolean;
    /** When what is measured began, without the time that users took to decide. */
    readonly measuredFrom: () => number;
    readonly healsAtMs: () => number;
    /** Looks whether somebody waits for what is now. */
    readonly wakeWatchers: () => void;
    /** One end, as chance has it, hangs up every call. */
    readonly hangUpAll: () => void;
    /** Closes all lines; the returned function tells whether that is done. */
    readonly close: () => () => boolean;
    /** Nothing of it is needed any more. */
    readonly abandon: () => void;
}
export declare const openWorld: (options: SimulateOptions) => Promise<RunningWorld>;
//# sourceMappingURL=openWorld.d.ts.map