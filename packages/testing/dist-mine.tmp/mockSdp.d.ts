/** Writes small, valid session descriptions, as the mock's and as test data, and reads them. */
import { type MediaIntent, type Slot } from "@enigma-rtc/core";
/** Who sends media in a section (RFC 3264 section 5.1), seen from the end whose description it is. */
export type MockDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive";
/** One media section. */
export interface MockSection {
    readonly kind: "audio" | "video" | "application";
    readonly mid: string;
    /** `sendrecv` without it, as RFC 8866 section 6.7 has it; a data section has none. */
    readonly direction?: MockDirection;
    /** What a video section shows, written as RFC 4796 content. A camera without it. */
    readonly content?: "screen";
}
/** What `mockSdp` writes. */
export interface MockDescription {
    /** The `o=` line's session id and version, and what ICE credentials are made of. */
    readonly session: number;
    readonly version?: number;
    /** The number of the ICE credentials among the session's. Default: the version, so that each version has its own. */
    readonly ice?: number;
    readonly sections: ReadonlyArray<MockSection>;
    /** RFC 8842 section 5: an offer says `actpass`. */
    readonly setup?: "actpass" | "active" | "passive";
}
/** The ICE user name fragment that `mockSdp` gives a description with these credentials. */
export declare const mockUfrag: (session: number, ice?: number) => string;
/** Writes a valid session description with BUNDLE, ICE credentials and a fingerprint. */
export declare const mockSdp: ({ sections, session, setup, version, ice }: MockDescription) => string;
/** The direction in which an end sends and receives. */
export declare const directionOf: (sends: boolean, receives: boolean) => MockDirection;
/** What an intent asks of one slot, before the far end is asked. */
export declare const wishFor: ({ hold, receive, send }: MediaIntent, slot: Slot) => {
    sends: boolean;
    receives: boolean;
};
/** The slot that a section carries; a data section carries none. */
export declare const slotOf: ({ content, kind }: MockSection) => Slot | undefined;
/**
 * The sections of an offer: those that were negotiated keep their place for good (RFC 8829 section 5.2.2), with the
 * directions that the intent wants now, and what the intent wants beyond them is added.
 */
export declare const sectionsOf: (intent: MediaIntent, negotiated?: ReadonlyArray<MockSection>) => ReadonlyArray<MockSection>;
/** The sections of an answer: the offer's, each with what both ends want. */
export declare const answerTo: (offer: ReadonlyArray<MockSection>, intent: MediaIntent) => ReadonlyArray<MockSection>;
/** The sections that a description has, of the kinds that the mock knows. */
export declare const sectionsIn: (sdp: string) => ReadonlyArray<MockSection>;
/** The ICE user name fragment of a description; empty when it has none. */
export declare const ufragIn: (sdp: string) => string;
//# sourceMappingURL=mockSdp.d.ts.map