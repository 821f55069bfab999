/** Builds the page as it is served, once before its tests. */
import { fileURLToPath } from "node:url"
import { build } from "vite"

export default async (): Promise<void> => {
  await build({
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    root: fileURLToPath(new URL("../../src/page", import.meta.url))
  })
}
