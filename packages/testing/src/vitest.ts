/** `@enigma-rtc/testing/vitest`: the conformance suite as vitest tests. */
export { describeEngine } from "./conformance/describeEngine.ts"
export { describeInterop, type InteropOptions } from "./interop/describeInterop.ts"
export type { InteropEngine } from "./interop/InteropStage.ts"
