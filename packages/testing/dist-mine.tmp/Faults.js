/** Failures to plant in a mock: what a stack does at its worst. */
export {};
//# sourceMappingURL=Faults.js.map