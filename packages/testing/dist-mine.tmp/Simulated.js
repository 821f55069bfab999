export {};
//# sourceMappingURL=Simulated.js.map