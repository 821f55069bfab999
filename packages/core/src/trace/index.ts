/** `@enigma-rtc/core/trace`: a call's trace, replayed, shrunk, redacted and drawn. Pure, without the Effect runtime. */
export { type CallTrace, encodeTrace, type TraceEntry, type TraceHeader, TraceLimits } from "./CallTrace.ts"
export { decodeTrace } from "./decodeTrace.ts"
export { type RecordOptions, recordTrace } from "./recordTrace.ts"
export { makeRedactor, type Redactor, redactTrace } from "./redact.ts"
export { type Broken, type Difference, recordAnew, type Replay, replay, type Replayed } from "./replay.ts"
export { shortestWayTo, shrink, type ShrinkOptions, type Shrunk } from "./shrink.ts"
export { toMermaid } from "./toMermaid.ts"
export { toTable } from "./toTable.ts"
