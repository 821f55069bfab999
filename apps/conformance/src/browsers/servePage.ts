/** Serves one page on loopback, and takes the WebSocket that its script opens: the far end of a browser's engine. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { WebSocketServer } from "ws"
import { overSocket, type TextTransport } from "../remote/TextTransport.ts"

export interface ServedPage {
  readonly url: string
  /** Settles when the page has opened its socket. */
  readonly transport: Promise<TextTransport>
  readonly close: () => Promise<void>
}

const ownScript = fileURLToPath(new URL("page.ts", import.meta.url))

const bundlePage = async (script: string): Promise<string> => {
  const { outputFiles: [bundle] } = await build({
    entryPoints: [script],
    bundle: true,
    format: "esm",
    target: "es2023",
    write: false
  })
  return bundle?.text ?? ""
}

/** `script`: the page's, instead of the one that serves engine-browser. */
export const servePage = async (script = ownScript): Promise<ServedPage> => {
  const bundle = await bundlePage(script)
  const server = createServer(({ url }, response) => {
    if (url === "/page.js") return response.writeHead(200, { "content-type": "text/javascript" }).end(bundle)
    response.writeHead(200, { "content-type": "text/html" })
    response.end(`<!doctype html><title>enigma-rtc</title><script type="module" src="/page.js"></script>`)
  })
  const sockets = new WebSocketServer({ server })
  const transport = new Promise<TextTransport>((resolve) => sockets.once("connection", (socket) => resolve(overSocket(socket))))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // Listening on a port, its address is no name.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    transport,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
