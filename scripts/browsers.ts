/** The browsers that are driven. For `npm test` and what measures in browsers. */
import { installMissing, type Program } from "./installMissing.ts"

export const browsers: ReadonlyArray<Program> = [
  { debian: "chromium", variable: "CHROMIUM_PATH", path: "/usr/bin/chromium" },
  { debian: "firefox-esr", variable: "FIREFOX_PATH", path: "/usr/bin/firefox-esr" }
]

/** Installs what is missing from Debian's packages, and says so; elsewhere tells what to install. */
export const ensureBrowsers = (): void => installMissing(browsers)
