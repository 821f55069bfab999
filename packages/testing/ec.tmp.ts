import { exploreCalls } from "/work/main/packages/testing/src/exploreCalls.ts"
const budget = JSON.parse(process.argv[2] ?? "{}")
const t = Date.now()
const r = exploreCalls(budget, {}, { maxStates: Number(process.argv[3] ?? 3e6) })
console.log(JSON.stringify({ ...r, violations: undefined }), Date.now() - t, "ms", Math.round(process.memoryUsage().rss / 1e6), "MB")
for (const v of r.violations) console.log(v.what, v.count, "\n   ", v.trace.join(", "))
