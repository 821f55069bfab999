import { chromium, firefox } from "@enigma-rtc/testing/browsers"
import { defineConfig } from "vitest/config"

const inBrowser = (instance: ReturnType<typeof chromium>) => ({
  test: {
    name: instance.browser,
    include: ["test/**/*.browser.test.ts"],
    browser: { enabled: true, headless: true, screenshotFailures: false, instances: [instance] }
  }
})

export default defineConfig({
  test: {
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]],
    projects: [
      { test: { name: "node", include: ["test/**/*.test.ts"], exclude: ["**/*.browser.test.ts"] } },
      inBrowser(chromium()),
      inBrowser(firefox())
    ]
  }
})
