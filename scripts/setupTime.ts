/** `npm run setup-time`: builds the packages, and then times calls, ours against the same by hand. */
import { ensureBrowsers } from "./browsers.ts"
import { buildPackages } from "./buildPackages.ts"

const built = "--built"
// While packages are being worked on, what is built already can be measured as it is.
if (!process.argv.includes(built)) buildPackages()
process.argv = process.argv.filter((one) => one !== built)
ensureBrowsers()

// It runs in this process: it has the user's terminal, signals and exit code.
await import(new URL("../apps/measure/src/setup/main.ts", import.meta.url).href)
