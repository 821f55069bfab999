import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]],
    projects: [
      // Real sockets, brokers and processes: what waits has limits of its own.
      { test: { name: "server", include: ["test/**/*.test.ts"], exclude: ["test/page/**"], testTimeout: 30_000, hookTimeout: 30_000 } },
      {
        test: {
          name: "page",
          include: ["test/page/**/*.test.ts"],
          globalSetup: "test/page/buildPage.ts",
          // Browsers that encode video share few cores: one at a time, after all else.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 30_000
        }
      }
    ]
  }
})
