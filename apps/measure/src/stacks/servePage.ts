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
    plugins: [{ name: "exp", setup(b) { b.onLoad({ filter: /packages.*dist.*\.js$/ }, async ({ path }) => {
      const { readFileSync } = await import("node:fs")
      let t = readFileSync(path.replace("/work/main/packages/", "/tmp/snap/"), "utf8"); const v = process.env.EXP ?? ""
      const n = t
      if (v.includes("w")) t = t.replace("Effect.andThen(Effect.yieldNow,", "Effect.andThen(Effect.promise(() => Promise.resolve()),")
      if (v.includes("c")) t = t.replace(/const codecs = RTCRtpReceiver\.getCapabilities[^;]*;\s*transceiver\.setCodecPreferences[^;]*;/, "")
      if (v.includes("s")) t = t.replace(/transceiver\.sender\.setStreams\?\.\(/, "((x) => x)(")
      if (t !== n) console.error("patched", path.split("/").pop())
      return { contents: t, loader: "js" }
    }) } }],
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
    response.end(isScript ? script : `<!doctype html><title>measuring</title>${(process.env.EXP??"").includes("m") ? `<script>globalThis.setImmediate=(f)=>{const g={};Promise.resolve().then(()=>{if(!g.off)f()});return g};globalThis.clearImmediate=(g)=>{g.off=true}</script>` : ""}<script type="module" src="/page.js"></script>`)
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
