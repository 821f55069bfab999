import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The tests wait for the network more than for a processor.
    maxWorkers: 4,
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]]
  }
})
