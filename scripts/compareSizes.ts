/** `npm run compare-sizes`: builds the packages, and then weighs ours and what else there is, by three bundlers. */
import { buildPackages } from "./buildPackages.ts"

const built = "--built"
// While packages are being worked on, what is built already can be measured as it is.
if (!process.argv.includes(built)) buildPackages()
process.argv = process.argv.filter((one) => one !== built)

// It runs in this process: it has the user's terminal, signals and exit code.
await import(new URL("../apps/measure/src/sizes/main.ts", import.meta.url).href)
