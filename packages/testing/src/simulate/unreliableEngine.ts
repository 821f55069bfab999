/** A mock engine that is slow and fails as a run's decisions have it. For the ends of a simulated world. */
import type { MockOperation } from "../mock/Faults.ts"
import { MockEngine } from "../mock/MockEngine.ts"
import type { Place } from "./Player.ts"
import { breakable } from "./Stage.ts"

const fixedLatencyMs = 3
const slowestMs = 8

/** How many connections an end's first engine opens at most. */
const sessionsOfEngine = 500

/** The second engine of every line, of a kind of its own. */
export const relayEngine = "relay"

/**
 * How long each operation takes, and whether it is one of those that fail. With a kind it is an end's second engine, by
 * that name.
 */
export const unreliableEngine = ({ decisions, name: end, network, nowMs, scenario, session }: Place, kind?: string) => {
  const { chancesOf, happens } = decisions
  const name = kind === undefined ? end : `${end}, ${kind}`
  const random = chancesOf(`engine of ${name}`)
  const varies = happens({ id: `engine of ${name} varies`, atMs: 0, who: end, what: `its engine takes 1 to ${slowestMs} ms for each operation` })
  let planted: "fail" | "never" | undefined
  let healthy = false
  const counts = new Map<MockOperation, number>()
  const next = (operation: MockOperation): "never" | { readonly fail: unknown } | undefined => {
    // By operation: one operation more or less of another kind changes nothing here.
    const matter = `${operation} ${counts.get(operation) ?? 0}`
    counts.set(operation, (counts.get(operation) ?? 0) + 1)
    const chance = random.of(matter).next()
    if (healthy || !breakable.some((one) => one === operation)) return undefined
    const how = planted ?? (chance < scenario.engineFailure ? "fail" : chance < scenario.engineFailure + scenario.engineHang ? "never" : undefined)
    if (how === undefined) return undefined
    const wasPlanted = planted !== undefined
    planted = undefined
    const what = `its engine's ${operation} ${how === "fail" ? "fails" : "never settles"}`
    // What a user's action has planted is that action's decision.
    if (!wasPlanted && !happens({ id: `engine of ${name}, ${matter}`, atMs: nowMs(), who: end, what })) return undefined
    return how === "never" ? how : { fail: new Error(`planted: ${operation} fails`) }
  }
  const mock = MockEngine.make({
    ...(kind === undefined ? { session } : { session: session + sessionsOfEngine, name: kind, kind }),
    network,
    host: end,
    candidates: 2,
    faults: { next },
    latencyMs: () => (varies ? random.int(1, slowestMs) : fixedLatencyMs)
  })
  return {
    mock,
    breakEngine: (how: "fail" | "never") => {
      planted = how
    },
    mendEngine: () => {
      healthy = true
    }
  }
}
