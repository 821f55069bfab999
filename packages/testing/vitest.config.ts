import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // No test leaves anything behind that another could see, and one worker for many files starts once.
    isolate: false,
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]]
  }
})
