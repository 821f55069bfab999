export {};
//# sourceMappingURL=Player.js.map