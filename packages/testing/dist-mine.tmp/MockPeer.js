export {};
//# sourceMappingURL=MockPeer.js.map