/** The browsers that are driven. For `npm test` and what measures in browsers. */
import { browserPaths } from "../apps/browsers/src/browserPaths.ts"
import { installMissing, type Program } from "./installMissing.ts"

export const browsers: ReadonlyArray<Program> = [
  { debian: "chromium", variable: "CHROMIUM_PATH", path: browserPaths.chromium },
  { debian: "firefox-esr", variable: "FIREFOX_PATH", path: browserPaths.firefox }
]

/** Installs what is missing from Debian's packages, and says so; elsewhere tells what to install. */
export const ensureBrowsers = (): void => installMissing(browsers)
