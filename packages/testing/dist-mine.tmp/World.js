export {};
//# sourceMappingURL=World.js.map