/** Opens a stack by its name, with a page or a process that knows what it will be asked for. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { Host, StackName } from "./Host.ts"
import { openChromium, openFirefox } from "./pageHosts.ts"
import { openProcess } from "./processHost.ts"

const weriftVersion = (): string => {
  const manifest = readFileSync(new URL("../../node_modules/werift/package.json", import.meta.url), "utf8")
  return (JSON.parse(manifest) as { readonly version: string }).version
}

/** `page` and `process` are the files to run, as URLs. */
export const openStack = (name: StackName, page: URL, process: URL): Promise<Host> => {
  switch (name) {
    case "chromium":
      return openChromium(fileURLToPath(page))
    case "firefox":
      return openFirefox(fileURLToPath(page))
    case "werift":
      return Promise.resolve(openProcess(`werift ${weriftVersion()}, Node ${globalThis.process.versions.node.split(".")[0]}`, fileURLToPath(process)))
  }
}
