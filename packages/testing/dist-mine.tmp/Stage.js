/** The operations that an engine may fail in, in a simulation: all but those that no call uses. */
export const breakable = [
    "open", "setMedia", "createOffer", "createAnswer", "applyAnswer", "rollback", "addRemoteCandidate"
];
//# sourceMappingURL=Stage.js.map