import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A native stack can abort its process: each file has one of its own.
    pool: "forks",
    maxWorkers: 2,
    // The matrix of engines and clauses is made of the JSON.
    reporters: [
      "default",
      ["junit", { outputFile: ".vitest/junit/output.xml" }],
      ["json", { outputFile: ".vitest/conformance.json" }]
    ]
  }
})
