import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test leaves anything behind that another could see, and one worker for many files starts once.
    isolate: false,
    testTimeout: process.env["RUNS"] === undefined ? 5_000 : 600_000,
    // What must not compile is a test too.
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]]
  }
})
