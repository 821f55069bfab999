/** Where the browsers are: Debian's places, unless `CHROMIUM_PATH` and `FIREFOX_PATH` tell others. Needs no package. */
export const browserPaths = {
  chromium: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  firefox: process.env["FIREFOX_PATH"] ?? "/usr/bin/firefox-esr"
} as const
