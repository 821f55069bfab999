import { chromium, firefox } from "@enigma-rtc/browsers"
import { defineConfig } from "vitest/config"
import { serverCommands } from "./src/doomedServers.ts"
import { pathCommands } from "../../packages/engine-browser/test/nodePath.ts"

const inBrowser = (instance: ReturnType<typeof chromium>) => ({
  // What a test imports late would otherwise reload the page in the midst of its tests.
  optimizeDeps: { include: ["vitest"], entries: ["test/**/*.browser.test.ts"] },
  test: {
    name: instance.browser,
    include: ["test/**/*.browser.test.ts"],
    globalSetup: "./src/serveForPages.ts",
    browser: { enabled: true, headless: true, screenshotFailures: false, instances: [instance], commands: { ...pathCommands, ...serverCommands } }
  }
})

export default defineConfig({
  test: {
    // The matrix of engines and clauses is made of the JSON.
    reporters: [
      "default",
      ["junit", { outputFile: ".vitest/junit/output.xml" }],
      ["json", { outputFile: ".vitest/conformance.json" }]
    ],
    projects: [
      { test: { name: "node", include: ["test/**/*.test.ts"], exclude: ["**/*.browser.test.ts"] } },
      inBrowser(chromium()),
      inBrowser(firefox())
    ]
  }
})
