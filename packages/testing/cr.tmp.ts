import { exploreCrate } from "./src/exploreCrate.ts"
import { crateSearches } from "./src/callSearches.ts"
for (const [name, budget] of Object.entries(crateSearches)) {
  const t = Date.now()
  const { violations, ...r } = exploreCrate(budget, { maxStates: 400_000 })
  console.log(name, JSON.stringify(r), Date.now() - t)
  for (const v of violations.slice(0, 3)) console.log("  ", v.what, v.count, v.trace.join(", "))
}
