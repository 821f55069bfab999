/** The media path between mock connections, which comes up, breaks and heals as ICE does. For `MockEngine`. */
import type { LinkState } from "@enigma-rtc/core";
/** The media path between the connections of several mock engines. */
export interface MockNetwork {
    /** No media passes between these two hosts any more; without names, between any two. */
    readonly cut: (one?: string, other?: string) => void;
    /** Media passes again: between these two hosts, or, without names, everywhere. */
    readonly mend: (one?: string, other?: string) => void;
}
/** What the network knows of a connection. */
export interface NetworkMember {
    readonly host: string;
    /** The ICE user name fragment of the current local description; empty before there is one. */
    readonly local: () => string;
    readonly remote: () => string;
    /** Does this end send candidates? Then one of a pair must have been added before media flows. */
    readonly trickles: boolean;
    /** Was a candidate added for these remote credentials? */
    readonly hasCandidateOf: (ufrag: string) => boolean;
    readonly tell: (state: LinkState) => void;
    /** Does something later, on Effect's clock; the returned function takes it back. */
    readonly after: (ms: number, act: () => void) => () => void;
}
/** A connection's way to tell the network what has changed. */
export interface NetworkSeat {
    readonly changed: () => void;
    readonly leave: () => void;
}
/** A network, as the mock's connections use it. */
export interface JoinableNetwork extends MockNetwork {
    readonly join: (member: NetworkMember) => NetworkSeat;
}
/** How good a network is. */
export interface NetworkOptions {
    /** How long ICE and DTLS take, in milliseconds on Effect's clock; asked each time. Default 0: at once. */
    readonly connectsInMs?: () => number;
}
/** Makes a network on which every path is there. */
export declare const mockNetwork: ({ connectsInMs }?: NetworkOptions) => JoinableNetwork;
//# sourceMappingURL=MockNetwork.d.ts.map