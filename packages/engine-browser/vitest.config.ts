import { chromium, firefox } from "@enigma-rtc/browsers"
import { defineConfig } from "vitest/config"
import { memoryCommands } from "./test/memoryCommands.ts"
import { pathCommands } from "./test/nodePath.ts"

const inBrowser = (instance: ReturnType<typeof chromium>) => ({
  // What a test imports late would otherwise reload the page in the midst of its tests.
  optimizeDeps: { include: ["vitest"] },
  test: {
    name: instance.browser,
    // 200 of them take longer than a test should: `npm run leaks`.
    provide: { callsInARow: Number(process.env["CALLS"] ?? 40) },
    include: ["test/**/*.browser.test.ts"],
    browser: { enabled: true, headless: true, screenshotFailures: false, instances: [instance], commands: { ...pathCommands, ...memoryCommands } }
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
