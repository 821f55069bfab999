/** Makes a connection of the mock, as strict as W3C WebRTC section 4.4. For `MockEngine`. */
import { type Driver, type DriverEvent, type MediaIntent, type RtcConfig } from "@enigma-rtc/core";
import type { MockPeer, MockPlace, MockScript } from "./MockPeer.ts";
export declare const makeMockPeer: ({ after, host, index, network, onError, session, settle }: MockPlace, config: RtcConfig, initial: MediaIntent, script: MockScript, emit: (event: DriverEvent) => void) => {
    readonly peer: MockPeer;
    readonly driver: Driver;
};
//# sourceMappingURL=makeMockPeer.d.ts.map