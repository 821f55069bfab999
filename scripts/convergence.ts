/** `npm run convergence`: builds the packages, and then plays calls over bad channels, the W3C script against ours. */
import { ensureBrowsers } from "./browsers.ts"
import { buildPackages } from "./buildPackages.ts"

const built = "--built"
// While packages are being worked on, what is built already can be measured as it is.
if (!process.argv.includes(built)) buildPackages()
process.argv = process.argv.filter((one) => one !== built)
ensureBrowsers()

// It runs in this process: it has the user's terminal, signals and exit code.
await import(new URL("../apps/measure/src/convergence/main.ts", import.meta.url).href)
