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

const bundlePage = async (): Promise<string> => {
  const { outputFiles: [script] } = await build({
    entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2023",
    write: false
  })
  return script?.text ?? ""
}

export const servePage = async (): Promise<ServedPage> => {
  const script = await bundlePage()
  const server = createServer(({ url }, response) => {
    if (url === "/page.js") return response.writeHead(200, { "content-type": "text/javascript" }).end(script)
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
