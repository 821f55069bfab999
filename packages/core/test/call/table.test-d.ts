/** What must not compile: each line below an `@ts-expect-error` is a table that lies. Checked by `tsc`, as a test. */
import { describe, it } from "vitest"
import type { Cell, InputOf, StateOf, Table, transitions } from "../../src/call/index.ts"
import type { inPhase as inPhaseOf } from "../../src/call/table.ts"

type Idle = StateOf<"Idle">
type Waiting = StateOf<"WaitingAnswer">
type Connected = StateOf<"Connected">
type Up = InputOf<"EngineUp">
type Applied = InputOf<"EngineApplied">
type Answered = InputOf<"PeerAnswered">
type Out = Connected & { readonly negotiation: { readonly _tag: "Out"; readonly number: number } }

declare const table: typeof transitions
declare const inPhase: typeof inPhaseOf
declare const isOut: (state: Connected) => state is Out
declare const answersOurs: (state: Connected, input: { readonly negotiation?: number }) => state is Out
declare const names: (state: Connected, input: { readonly operation: number }) => state is Out

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

describe("a branch for one phase", () => {
  it("compiles with a guard that also sees the input, and its `next` and its commands see what the guard has found", () => {
    ;[
      inPhase(answersOurs, {
        to: "Connected",
        next: (s, i: Answered) => ({ ...s, call: { ...s.call, id: i.sdp, negotiation: s.negotiation.number } }),
        emit: [(s) => ({ _tag: "StartTimer", timer: "negotiation", token: s.negotiation.number })]
      }),
      { ignore: "not yet" }
    ] satisfies Cell<Connected, Answered>
    ;[inPhase(names, { to: "Connected", next: (s) => s }), { ignore: "late" }] satisfies Cell<Connected, Applied>    ;[inPhase(isOut, { to: "Connected", next: (s) => ({ ...s, call: { ...s.call, serial: s.negotiation.number } }) }), { ignore: "" }] satisfies Cell<Connected, Up>
  })
  it("does not compile with a guard that asks the input for what it does not have", () => {
    // @ts-expect-error an EngineUp names no operation
    ;[inPhase(names, { to: "Connected", next: (s) => s }), { ignore: "late" }] satisfies Cell<Connected, Up>
  })
  it("does not compile when its `next` makes another state, or reads what the phase does not have", () => {
    // @ts-expect-error it says Ended, and stays
    ;[inPhase(isOut, { to: "Ended", next: (s) => s }), { ignore: "" }] satisfies Cell<Connected, Up>
    // @ts-expect-error an offer that is out is no operation
    ;[inPhase(isOut, { to: "Connected", next: (s) => ({ ...s, call: { ...s.call, serial: s.negotiation.operation } }) }), { ignore: "" }] satisfies Cell<Connected, Up>
  })
  it("does not compile as the last branch of a cell: nothing is left when the guard does not hold", () => {
    // @ts-expect-error it has a guard
    ;[inPhase(isOut, { to: "Connected", next: (s) => s })] satisfies Cell<Connected, Up>
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
  it("does not compile without the cell of an input that came late to it", () => {
    const { EngineRolledBack: _, ...row } = table.Connected
    // @ts-expect-error Connected does not say what an EngineRolledBack does
    ;({ ...table, Connected: row }) satisfies Table
    const { PeerRestarted: __, ...idle } = table.Idle
    // @ts-expect-error Idle does not say what a PeerRestarted does
    ;({ ...table, Idle: idle }) satisfies Table
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
    // @ts-expect-error a call that is stable has no round
    ;({ _tag: "Stable", number: 2 }) satisfies Connected["negotiation"]
    // @ts-expect-error an offer that is being made is not sent: it has no number
    ;({ _tag: "Creating", operation: 1, brings: { round: true, restart: false }, found: [], number: 2 }) satisfies Connected["negotiation"]
    // @ts-expect-error media that are up have no grace
    ;({ _tag: "Up", grace: 1 }) satisfies Connected["media"]
  })
  it("is read-only", () => {
    const state = {} as Idle
    // @ts-expect-error a state is replaced, never changed
    state.early = []
  })
})
