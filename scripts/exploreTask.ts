/** One search in a process of its own. For `explore.ts`. */
import {
  callSearches,
  crateSearches,
  type DeliveryFault,
  deliveryFaultScenarios,
  deliveryScenarios,
  type Explored,
  exploreCalls,
  exploreCrate,
  exploreDelivery,
  plantedCallFaults,
  wideCallSearches,
  wideDeliveryScenarios
} from "@enigma-rtc/testing/explore"

/** What to search. */
export interface ExploreTask {
  readonly kind: "calls" | "wide calls" | "crate" | "delivery" | "wide delivery" | "call fault" | "delivery fault"
  readonly name: string
  readonly maxStates: number
}
/** What the search has seen, and how long it took. */
export interface ExploreResult {
  readonly task: ExploreTask
  readonly explored: Explored
  readonly ms: number
}

const of = <A>(all: { readonly [name: string]: A }, name: string): A => {
  const one = all[name]
  if (one === undefined) throw new Error(`There is no search of the name ${name}.`)
  return one
}

const search = ({ kind, maxStates, name }: ExploreTask): Explored => {
  switch (kind) {
    case "calls":
      return exploreCalls(of(callSearches, name), {}, { maxStates })
    case "wide calls":
      return exploreCalls(of(wideCallSearches, name), {}, { maxStates })
    case "crate":
      return exploreCrate(of(crateSearches, name), { maxStates })
    case "delivery":
      return exploreDelivery({ ...of(deliveryScenarios, name), maxStates })
    case "wide delivery":
      return exploreDelivery({ ...of(wideDeliveryScenarios, name), maxStates })
    case "call fault": {
      const { budget, fault } = of(Object.fromEntries(plantedCallFaults.map((one) => [one.name, one])), name)
      return exploreCalls(budget, fault, { maxStates, stopAtFirst: true })
    }
    case "delivery fault":
      // The names of the scenarios are those of the faults.
      return exploreDelivery({ ...of(deliveryFaultScenarios, name), fault: name as DeliveryFault, maxStates, stopAtFirst: true })
  }
}

process.on("message", (task: ExploreTask) => {
  const since = performance.now()
  const explored = search(task)
  process.send?.({ task, explored, ms: performance.now() - since } satisfies ExploreResult)
})
