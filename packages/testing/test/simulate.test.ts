import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import { channels, describeRun, minimise, type Reply, type Scenario, scenarios, simulate, type SimulateOptions, simulationTables } from "../src/index.ts"
import { seeded } from "./seed.ts"

/** Every cell that `npm run simulate` plays a thousand times over. */
const cells = simulationTables.flatMap((table) => table.channels.flatMap((row) => table.scenarios.map((column) => [row.name, column.name] as const)))

const named = <A extends { readonly name: string }>(all: ReadonlyArray<A>, name: string): A => {
  const one = all.find((each) => each.name === name)
  if (one === undefined) throw new Error(`there is no ${name}`)
  return one
}
const cell = (seed: number, row: string, column: string): SimulateOptions => ({
  seed,
  channel: named(channels, row),
  scenario: named(scenarios, column),
  watchRejections: (heard) => {
    process.on("unhandledRejection", heard)
    return () => process.off("unhandledRejection", heard)
  }
})
/** A scenario of one's own, on a good channel. */
const played = (scenario: Partial<Scenario>, seed = 1): SimulateOptions => {
  const options = cell(seed, "in order", "one side calls")
  return { ...options, scenario: { ...options.scenario, ...scenario } }
}

describe.each(cells)("%s, %s", (row, column) => {
  it("converges", async () => {
    const { runs, seed } = seeded(`${row}, ${column}`, 10)
    for (let n = 0; n < runs; n++) {
      const options = cell(seed + n, row, column)
      const run = await simulate(options)
      if (run.violation !== undefined) throw new Error(describeRun(await minimise(options, run)))
      expect(run.engineErrors).toBe(0)
      expect(run.convergedMs).toBeGreaterThanOrEqual(0)
    }
  })
})

describe("a simulation", () => {
  it("goes the same way each time, to the last text, and another way for another seed", async () => {
    const { seed } = seeded("the same way", 1)
    for (const column of ["both call at once", "random user actions"]) {
      const run = (n: number) => simulate(cell(n, "40 % loss + repeats + jitter", column))
      const first = await run(seed)
      expect(await run(seed)).toEqual(first)
      expect((await run(seed + 1)).decisions).not.toEqual(first.decisions)
    }
  })
  it("with all of its decisions goes the same way as without a choice of them", async () => {
    const options = cell(5, "40 % loss + repeats + jitter", "random user actions")
    const run = await simulate(options)
    expect(await simulate({ ...options, only: new Set(run.decisions.map(({ id }) => id)) })).toEqual(run)
  })
  it("without any decision is calm", async () => {
    const run = await simulate({ ...cell(5, "40 % loss + repeats + jitter", "one side calls"), only: new Set() })
    expect(run.violation).toBeUndefined()
    expect(run.decisions).toEqual([])
    expect(run.texts.every(({ arrivals }) => arrivals[0]?.length === 1)).toBe(true)
  })
  it("has every row and column, each with a name of its own", () => {
    for (const all of [channels, scenarios]) expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(simulationTables.map((table) => [table.channels.length, table.scenarios.length])).toEqual([[7, 11], [4, 3]])
  })
})

describe("a simulation finds", () => {
  it("a user who is refused, and tells it in few words", async () => {
    const options = played({ play: (stage) => Effect.sync(() => stage.act(stage.ann, "wishes", Effect.fail(new Error("planted")), true)) })
    const run = await simulate(options)
    expect(run.violation).toMatchObject({ invariant: "no user is refused", found: "wishes of ann was refused: Error: planted" })
    const smaller = await minimise(options, run)
    expect(smaller.decisions).toEqual([])
    expect(describeRun(smaller)).toMatch(/^seed 1, in order, one side calls\nbroken at 0 ms: .*\n.*planted\nwhat chance did \(0\):\nwhat happened:\n.* ann +wishes/)
  })
  it("an operation that dies, one that never settles, and a promise that nobody handles", async () => {
    const doing = (effect: Effect.Effect<unknown>) =>
      simulate(played({ expects: "agreement", play: (stage) => Effect.sync(() => stage.act(stage.ann, "wishes", effect, false)) }))
    expect((await doing(Effect.die("planted"))).violation?.invariant).toBe("no operation dies")
    expect((await doing(Effect.never)).violation?.invariant).toBe("every operation settles")
    const rejected = Effect.sync(() => void Promise.reject(new Error("planted")))
    expect((await doing(rejected)).violation).toMatchObject({ invariant: "nothing unhandled", found: "Error: planted" })
  })
  it("a fiber that goes on when the lines are closed", async () => {
    const run = await simulate(played({ expects: "agreement", play: () => Effect.asVoid(Effect.forkDetach(Effect.forever(Effect.sleep(60_000)))) }))
    expect(run.violation?.invariant).toBe("nothing left running")
  })
  it("an app that is killed and does not come back", async () => {
    const run = await simulate(played({ play: (stage) => Effect.gen(function*() {
      stage.act(stage.ann, "calls", stage.ann.call, true)
      yield* stage.until(stage.ann.isConnected)
      stage.kill(stage.bob)
    }) }))
    expect(run.violation).toMatchObject({ invariant: "as expected", found: expect.stringMatching(/^ann is connected in 0 calls; it has Ended \(local: ice_failed\)/) })
  })
  it("two devices that do not agree, one that declines and one that accepts", async () => {
    const broken = new Set<string | undefined>()
    for (let seed = 1; seed <= 20; seed++) {
      const run = await simulate(played({ bob: "two lines", reply: (_, { name }) => (name === "bob" ? "accepts" : "declines") }, seed))
      broken.add(run.violation?.invariant)
    }
    // Where the one that accepts is first, the other is told before it declines, or declines in vain.
    for (const fine of [undefined, "answered elsewhere"]) broken.delete(fine)
    expect(broken).toEqual(new Set(["as expected"]))
  })
  it("a call that nobody accepts, where both must be connected, and the one decision that it takes", async () => {
    const options: SimulateOptions = { ...cell(1, "in order", "one side calls"), channel: { name: "lost", conditions: { delay: { minMs: 5, maxMs: 50 }, repeatProbability: 0.5 }, partitionMs: 5_000 } }
    const failing: SimulateOptions = { ...options, scenario: { ...options.scenario, play: (stage) => Effect.sync(() => {
      // Without the offer there is no call, whoever resends what: this line says nothing again.
      if (stage.decisions.happens({ id: "planted", atMs: 0, who: "ann", what: "does not call" })) return
      stage.act(stage.ann, "calls", stage.ann.call, true)
    }) } }
    const run = await simulate(failing)
    expect(run.violation?.invariant).toBe("as expected")
    expect(run.decisions.length).toBeGreaterThan(1)
    expect((await minimise(failing, run)).decisions.map(({ id }) => id)).toEqual(["planted"])
  })
})

describe("two devices, of which the caller has not heard one", () => {
  /** These texts are lost, and nothing else happens. */
  const losing = async (reply: (name: string) => Reply, lost: ReadonlyArray<string>) => {
    const options = played({ bob: "two lines", expects: "agreement", reply: (_, { name }) => reply(name) })
    const channel = { name: "lossy", conditions: { lossProbability: 1, inOrder: true } }
    const { happenings, violation } = await simulate({ ...options, channel, only: new Set(lost.map((text) => `${text} lost`)) })
    expect(violation).toBeUndefined()
    return happenings.filter(({ who }) => who === "bob tablet")
  }
  it("it rings soon, though it has lost the offer, which the other has", async () => {
    const happened = await losing(() => "lets it ring", [0, 1, 2].map((n) => `ann>bob#${n} on device 1`))
    expect(happened.find(({ what }) => what === "it rings")?.atMs).toBeLessThan(10_000)
  })
  it("it ends soon, though it has lost the hangup, when the other has answered", async () => {
    const happened = await losing((name) => (name === "bob" ? "accepts" : "lets it ring"), [
      ...[4, 5].map((n) => `bob>ann#${n}`),
      ...[3, 4, 5, 6, 7, 8].map((n) => `ann>bob#${n} on device 1`)
    ])
    expect(happened.find(({ what }) => what.includes("Ended"))?.atMs).toBeLessThan(10_000)
  })
})
