/** Serves one page, whose script is bundled here, on loopback: where browsers let a page have WebRTC and devices. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { build } from "esbuild"

export interface ServedPage {
  readonly url: string
  readonly close: () => void
}

export const servePage = async (entry: string): Promise<ServedPage> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    define: { global: "globalThis" },
    format: "esm",
    target: "es2023",
    write: false,
    logLevel: "error"
  })
  const script = outputFiles[0]?.text ?? ""
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js"
    response.setHeader("content-type", isScript ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8")
    response.end(isScript ? script : `<!doctype html><title>measuring</title><script type="module" src="/page.js"></script>`)
  })
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
