import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A native stack can abort its process: each file has one of its own.
    pool: "forks",
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]]
  }
})
