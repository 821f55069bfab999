import { describe, expect, it } from "vitest"
import { cellTables, stateDiagram, type StateTag, transitions } from "../../src/call/index.ts"

interface Branch {
  readonly when?: { readonly name: string }
  readonly to?: StateTag
  readonly next?: { readonly name: string }
  readonly emit?: ReadonlyArray<{ readonly name: string }>
  readonly ignore?: string
  readonly reject?: string
}
const branches = Object.entries(transitions).flatMap(([state, row]) =>
  Object.entries(row).flatMap(([input, cell]) =>
    // Every branch has these fields, and the differences between cells do not matter here.
    (cell as ReadonlyArray<Branch>).map((branch, i) => ({ at: `${state} ${input} ${i}`, from: state as StateTag, ...branch }))
  )
)
const states = Object.keys(transitions) as ReadonlyArray<StateTag>
const movesFrom = (state: StateTag) => branches.flatMap(({ from, to }) => (from === state && to !== undefined && to !== from ? [to] : []))

describe("the table", () => {
  it("names every guard, every command and every next state, for the diagram", () => {
    const nameless = branches.filter(({ emit = [], next, when }) =>
      [...emit, ...(when === undefined ? [] : [when]), ...(next === undefined ? [] : [next])].some(({ name }) => name === "")
    )
    expect(nameless.map(({ at }) => at)).toEqual([])
  })
  it("tells the guards apart by their names, and the commands too", () => {
    for (const of of ["when", "emit"] as const) {
      const functions = new Set(branches.flatMap((branch) => branch[of] ?? []))
      expect(new Set([...functions].map(({ name }) => name)).size).toBe(functions.size)
    }
  })
  it("gives a reason with every ignored and every rejected input", () => {
    const silent = branches.filter(({ ignore, reject, to }) => to === undefined && !/\w{2} \w/.test(ignore ?? reject ?? ""))
    expect(silent.map(({ at }) => at)).toEqual([])
  })
  it("ends in Ended only", () => {
    expect(states.filter((state) => movesFrom(state).length === 0)).toEqual(["Ended"])
  })
  it("leads to Ended from every state", () => {
    const reaches = new Set<StateTag>(["Ended"])
    for (let size = 0; size !== reaches.size;) {
      size = reaches.size
      for (const state of states) if (movesFrom(state).some((to) => reaches.has(to))) reaches.add(state)
    }
    expect([...reaches].toSorted()).toEqual(states.toSorted())
  })
  it("reaches every state from Idle", () => {
    const reached = new Set<StateTag>(["Idle"])
    for (const state of reached) for (const to of movesFrom(state)) reached.add(to)
    expect([...reached].toSorted()).toEqual(states.toSorted())
  })
  it("never leads back to Idle", () => {
    expect(states.filter((state) => movesFrom(state).includes("Idle"))).toEqual([])
  })
})

describe("the diagram", () => {
  it("shows each move between two states once, with all its causes", () => {
    const diagram = stateDiagram(transitions)
    expect(diagram.split("\n").slice(0, 3)).toEqual(["stateDiagram-v2", "  [*] --> Idle", "  Idle --> CreatingOffer: UserCalled"])
    expect(diagram).toContain("  Ending --> Ended: EngineClosed")
    expect(diagram).toContain(
      "  WaitingAnswer --> Ending: UserHungUp, PeerHungUp, PeerRestarted, PeerGarbled, EngineRefused, EngineLost, EngineFailed, TimerFired"
    )
    expect(diagram).toContain("  CreatingOffer --> IncomingOffer: PeerOffered\n")
    expect(diagram).toContain("  WaitingAnswer --> IncomingOffer: PeerOffered\n")
    const arrows = diagram.split("\n").filter((line) => line.includes("-->")).map((line) => line.split(":")[0])
    expect(new Set(arrows).size).toBe(arrows.length)
  })
  it("has a table of 25 inputs for each of the seven states, with guards, commands and reasons in words", () => {
    const tables = cellTables(transitions)
    expect(tables.match(/^### /gm)).toHaveLength(7)
    expect(tables.match(/^\| `/gm)).toHaveLength(175)
    expect(tables).toContain("| `UserCalled` | → **CreatingOffer** / open peer, create offer |")
    expect(tables).toContain("*is for other call*: ignored, it belongs to another call<br>")
    expect(tables).toContain("**rejected**, the call has ended")
    expect(tables).not.toMatch(/\*\*:|\/ ,|undefined|\*\*\*/)
  })
})
