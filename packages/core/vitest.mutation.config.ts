/** What `npm run mutation` runs for each fault that it plants: the tests of the two rooms, without those of types. */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/call/**/*.test.ts", "test/signaling/**/*.test.ts"],
    // Code with switches in it is slow.
    testNamePattern: /^(?!.*costs no time)/,
    isolate: false,
    testTimeout: 20_000
  }
})
