/** The first complaint about any of the things. */
export const firstOf = (things, check) => {
    for (const thing of things) {
        const complaint = check(thing);
        if (complaint !== undefined)
            return complaint;
    }
    return undefined;
};
//# sourceMappingURL=Invariant.js.map