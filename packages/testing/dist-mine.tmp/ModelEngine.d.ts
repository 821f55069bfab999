/** A WebRTC stack as plain data: as strict as W3C WebRTC section 4.4, without time. For the search of two machines. */
/** Something that was asked of the stack and is not done yet. */
export type Asked = {
    readonly kind: "createOffer";
    readonly operation: number;
    readonly iceRestart: boolean;
} | {
    readonly kind: "createAnswer";
    readonly operation: number;
    readonly sdp: string;
} | {
    readonly kind: "applyAnswer";
    readonly operation: number;
    readonly sdp: string;
} | {
    readonly kind: "rollBack";
    readonly operation: number;
} | {
    readonly kind: "addCandidate";
    readonly candidate: string;
};
/** What one operation gives. */
export type Done = {
    readonly _tag: "Offered" | "Answered";
    readonly operation: number;
    readonly sdp: string;
} | {
    readonly _tag: "Applied" | "RolledBack";
    readonly operation: number;
} | {
    readonly _tag: "Added";
}
/** A browser would have refused it: the machine is wrong. */
 | {
    readonly _tag: "Wrong";
    readonly what: string;
};
/** One connection. */
export interface ModelEngine {
    /** Tells this connection's descriptions from all others. */
    readonly session: number;
    /** What the intent says now, and what our last offer brought in: an answer brings in nothing new. */
    hold: boolean;
    brought: boolean;
    hasOffer: boolean;
    version: number;
    /** The ICE generation, and what a rollback brings back. */
    generation: number;
    local: string;
    remote: string;
    before: readonly [local: string, generation: number];
    readonly asked: Array<Asked>;
    /** ICE user name fragments whose one candidate is still to be told. */
    readonly found: Array<string>;
    /** Candidates that came before the first description. */
    readonly held: Array<string>;
    link: "new" | "up" | "cut" | "interrupted";
}
export declare const modelEngine: (session: number, hold: boolean) => ModelEngine;
export declare const originIn: (sdp: string) => string;
/** Does the next thing that was asked for. */
export declare const doNext: (engine: ModelEngine) => Done;
//# sourceMappingURL=ModelEngine.d.ts.map