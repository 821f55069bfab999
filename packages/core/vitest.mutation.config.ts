/** What `npm run mutation` runs for each fault that it plants: the tests of the two rooms, without those of types. */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: { include: ["test/call/**/*.test.ts", "test/signaling/**/*.test.ts"], isolate: false, testTimeout: 20_000 }
})
