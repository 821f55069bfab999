/** An engine without media, as strict as a browser: for testing apps, and for testing core. */
import { type Capabilities, RtcEngine } from "@enigma-rtc/core";
import * as Layer from "effect/Layer";
import type { Faults, MockOperation } from "./Faults.ts";
import type { MockError } from "./MockDescriptions.ts";
import type { JoinableNetwork } from "./MockNetwork.ts";
import type { MockPeer, MockScript } from "./MockPeer.ts";
/** What the mock does by itself, and how well. */
export interface MockOptions extends MockScript {
    /** How long each operation takes, in milliseconds on Effect's clock. Default 0: a turn of the event loop. */
    readonly latencyMs?: number | ((operation: MockOperation) => number);
    readonly faults?: Faults;
    readonly capabilities?: Partial<Capabilities>;
    /** The `o=` session id of the first connection; each later one has the next. Default: one that no other mock has. */
    readonly session?: number;
    /** What brings media up, and takes it away. Without it media comes up as soon as both descriptions are set. */
    readonly network?: JoinableNetwork;
    /** Where on the network this engine is. Default: the session id. */
    readonly host?: string;
}
/** A mock engine, and a handle on all that it does. */
export interface MockEngine {
    readonly engine: RtcEngine["Service"];
    readonly layer: Layer.Layer<RtcEngine>;
    /** Every connection that was opened, in order. */
    readonly peers: ReadonlyArray<MockPeer>;
    /** The connection that was opened last; throws when there is none. */
    readonly peer: MockPeer;
    /** All that was asked for and that a browser would have rejected, in order. Planted failures are not among it. */
    readonly errors: ReadonlyArray<MockError>;
    /** What to do wrong from now on. */
    faults: Faults;
}
declare const make: (options?: MockOptions) => MockEngine;
/** An engine without media or network. */
export declare const MockEngine: {
    /** Makes an engine and a handle on all that it does. */
    make: typeof make;
};
export {};
//# sourceMappingURL=MockEngine.d.ts.map