/** The demo's HTTP: the page, new rooms, what there is, health and figures. For `startServer`. */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import fastifyStatic from "@fastify/static"
import fastify, { type FastifyInstance } from "fastify"
import type { ServerConfig } from "../../relay/ServerConfig.ts"
import { makeRoom } from "../relay/roomToken.ts"
import { pageHeaders } from "./headers.ts"

export interface HttpOptions {
  /** What the page needs to know of this server. */
  readonly config: () => ServerConfig
  readonly figures: () => Promise<object>
}

/** Vite's output. */
const page = fileURLToPath(new URL("../../../dist/page/", import.meta.url))
const newRoom = {
  body: {
    type: ["object", "null"],
    properties: { label: { type: "string", pattern: "^[a-z0-9-]{1,30}$" } },
    additionalProperties: false
  }
} as const

/** Not listening yet. */
export const serveHttp = async ({ config, figures }: HttpOptions): Promise<FastifyInstance> => {
  const app = fastify({ bodyLimit: 1_024, forceCloseConnections: true })
  app.addHook("onRequest", async (request, reply) => void reply.headers(pageHeaders(request.headers.host)))

  app.get("/health", async (_request, reply) => reply.header("cache-control", "no-store").send({ status: "ok" }))
  app.get("/figures", async (_request, reply) => reply.header("cache-control", "no-store").send(await figures()))
  app.get("/config", async (_request, reply) => reply.header("cache-control", "no-store").send(config()))
  app.post<{ Body: { label?: string } | null }>("/rooms", { schema: newRoom }, async (request, reply) =>
    reply.header("cache-control", "no-store").code(201).send(makeRoom(request.body?.label)))

  if (existsSync(page)) {
    await app.register(fastifyStatic, {
      root: page,
      // Vite names what it builds by its content; the page itself may change.
      setHeaders: (reply, path) => {
        reply.header("cache-control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache")
      }
    })
  } else {
    app.get("/", async (_request, reply) => reply.code(503).send("The page is not built: start the demo with `npm run demo`.\n"))
  }
  app.setNotFoundHandler((_request, reply) => reply.code(404).type("text/plain").send("There is nothing at this address.\n"))
  return app
}
