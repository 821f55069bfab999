/** `@enigma-rtc/testing`: a strict mock engine and an in-memory relay. */
export * from "./Faults.ts"
export * from "./memoryRelay.ts"
export * from "./MockEngine.ts"
export { MockError, type MockPeer, type MockScript } from "./MockPeer.ts"
export * from "./mockSdp.ts"
