import { exploreCalls } from "./src/exploreCalls.ts"
import { plantedCallFaults } from "./src/plantedCallFaults.ts"
for (const { name, budget, fault } of plantedCallFaults) {
  const t = Date.now()
  const r = exploreCalls(budget, fault, { maxStates: 500_000, stopAtFirst: true })
  console.log(r.violations.length ? "found" : "NOT FOUND", "|", name, "|", r.states, Date.now() - t, "ms |", r.violations[0]?.what, "|", r.violations[0]?.trace.length, r.violations[0]?.trace.join(", "))
}
