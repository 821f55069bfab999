/** The brokers that relays share in the demo's tests, which start their own on free ports. For `npm test`. */
import type { Program } from "./installMissing.ts"

export const brokers: ReadonlyArray<Program> = [
  { debian: "nats-server", variable: "NATS_SERVER_PATH", path: "/usr/sbin/nats-server" },
  { debian: "redis-server", variable: "REDIS_SERVER_PATH", path: "/usr/bin/redis-server" }
]
