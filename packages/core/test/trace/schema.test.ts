import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { TraceEntry, TraceHeader } from "../../src/schema.ts"
import { encodeTrace } from "../../src/trace/index.ts"
import { seeded } from "../seed.ts"
import { traces } from "./stories.ts"

describe("the schemas of a trace", () => {
  it("take every line that is written, as it is", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const [header, ...entries] = encodeTrace(trace).trimEnd().split("\n").map((line) => JSON.parse(line) as unknown)
        expect(Schema.decodeUnknownSync(TraceHeader)(header)).toEqual(header)
        for (const entry of entries) expect(Schema.decodeUnknownSync(TraceEntry)(entry)).toEqual(entry)
      }),
      seeded("trace schema", 100)
    )
  })
})
