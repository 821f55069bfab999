/** What must not compile: each line below an `@ts-expect-error` is a table that lies. Checked by `tsc`, as a test. */
import { describe, it } from "vitest"
import type { Cell, InputOf, StateOf, Table, transitions } from "../../src/call/index.ts"

type Idle = StateOf<"Idle">
type Waiting = StateOf<"WaitingAnswer">
type Up = InputOf<"EngineUp">

declare const table: typeof transitions

describe("a cell", () => {
  it("compiles when it is honest", () => {
    ;[{ when: (s) => s.phase._tag === "Waiting", ignore: "not yet" }, { to: "WaitingAnswer", next: (s) => s }] satisfies Cell<Waiting, Up>
  })
  it("does not compile when its `next` makes another state than its `to`", () => {
    // @ts-expect-error it says Ended, and stays
    ;[{ to: "Ended", next: (s) => s }] satisfies Cell<Waiting, Up>
    // @ts-expect-error it says Idle, and ends
    ;[{ to: "Idle", next: () => ({ _tag: "Ended", by: "local", reason: "normal" }) }] satisfies Cell<Waiting, Up>
  })
  it("does not compile when it ends in a guard", () => {
    // @ts-expect-error nothing is left when the guard does not hold
    ;[{ when: () => true, ignore: "not yet" }] satisfies Cell<Waiting, Up>
    // @ts-expect-error a move with a guard is no end either
    ;[{ when: () => true, to: "WaitingAnswer", next: (s) => s }] satisfies Cell<Waiting, Up>
    // @ts-expect-error there is no branch at all
    ;[] satisfies Cell<Waiting, Up>
  })
  it("does not compile when it reads what its state or its input does not have", () => {
    // @ts-expect-error nobody asks an Idle call for its offer
    ;[{ when: (s) => s.offer === "", ignore: "" }, { ignore: "" }] satisfies Cell<Idle, Up>
    // @ts-expect-error an EngineUp names no operation
    ;[{ when: (_s, i) => i.operation === 1, ignore: "" }, { ignore: "" }] satisfies Cell<Waiting, Up>
  })
  it("does not compile when it asks for a command that nobody performs", () => {
    // @ts-expect-error there is no such command
    ;[{ to: "Idle", next: (s) => s, emit: [() => ({ _tag: "Explode" })] }] satisfies Cell<Idle, Up>
  })
  it("does not compile with an `else` that is both a move and an ignore without a reason", () => {
    // @ts-expect-error an ignored input says why
    ;[{}] satisfies Cell<Idle, Up>
  })
})

describe("the table", () => {
  it("compiles as it is", () => {
    table satisfies Table
  })
  it("does not compile without one of its cells", () => {
    const { EngineUp: _, ...row } = table.Ended
    // @ts-expect-error Ended does not say what an EngineUp does
    ;({ ...table, Ended: row }) satisfies Table
  })
  it("does not compile without one of its states", () => {
    const { Ended: _, ...rest } = table
    // @ts-expect-error Ended is missing
    rest satisfies Table
  })
})

describe("a state", () => {
  it("does not compile with a field of another state", () => {
    // @ts-expect-error a call that is ending has no timer
    ;({ _tag: "Ending", by: "local", reason: "normal", timer: 1 }) satisfies StateOf<"Ending">
    // @ts-expect-error an offer that waits has no operation
    ;({ _tag: "Waiting", timer: 1, operation: 1 }) satisfies Waiting["phase"]
  })
  it("is read-only", () => {
    const state = {} as Idle
    // @ts-expect-error a state is replaced, never changed
    state.early = []
  })
})
