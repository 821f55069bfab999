import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Sockets, brokers and processes on a busy machine: every wait has a limit of its own below this.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]]
  }
})
