/** Builds the page that the server serves. */
import { defineConfig } from "vite"

export default defineConfig({
  root: "src/page",
  build: { outDir: "../../dist/page", emptyOutDir: true, target: "es2023", cssTarget: ["chrome123", "firefox120", "safari17.5"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  logLevel: "warn"
})
