import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // What must not compile is a test too.
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
    reporters: ["default", ["junit", { outputFile: ".vitest/junit/output.xml" }]]
  }
})
