/** `@enigma-rtc/testing/vitest`: the conformance suite as vitest tests. */
export { describeEngine } from "./conformance/describeEngine.ts"
