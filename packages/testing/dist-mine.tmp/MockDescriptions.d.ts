/** The mock's descriptions: which may be set when, as W3C WebRTC section 4.4 and RFC 8829 have it. For `MockPeer`. */
import type { IceCandidate, MediaIntent } from "@enigma-rtc/core";
/** Errors with the names that browsers use. */
export declare class MockError extends Error {
    readonly name: "InvalidStateError" | "OperationError" | "InvalidAccessError";
    constructor(name: MockError["name"], message: string);
}
/** What a peer has agreed on, and what it has offered. */
interface Agreed {
    readonly local: string | undefined;
    readonly remote: string | undefined;
}
export interface MockDescriptions {
    readonly signalingState: "stable" | "have-local-offer";
    /** What is set on this side: what is pending, or else what both have agreed on. */
    readonly local: string | undefined;
    /** What both have agreed on last. */
    readonly agreed: Agreed;
    /** The ICE user name fragment that this side uses now. */
    readonly ufrag: () => string;
    readonly offer: (intent: MediaIntent, iceRestart: boolean, script: string | undefined) => string;
    readonly answer: (offer: string, intent: MediaIntent, script: string | undefined) => string;
    readonly apply: (answer: string) => void;
    readonly rollback: () => void;
    /** Throws what a browser rejects; returns the credentials that the candidate belongs to. */
    readonly checkCandidate: (candidate: IceCandidate) => string;
}
export declare const mockDescriptions: (session: number) => MockDescriptions;
export {};
//# sourceMappingURL=MockDescriptions.d.ts.map