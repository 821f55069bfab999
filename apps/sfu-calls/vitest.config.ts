import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    // The matrix of engines and clauses is made of the JSON.
    reporters: [
      "default",
      ["junit", { outputFile: ".vitest/junit/output.xml" }],
      ["json", { outputFile: ".vitest/conformance.json" }]
    ],
    projects: [
      { test: { name: "node", include: ["test/**/*.test.ts"], exclude: ["**/*.browser.test.ts"] } }
    ]
  }
})
