/** A real broker from Debian, on a free port of loopback with a folder of its own, for one test. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { type AddressInfo, connect, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import { until } from "../until.ts"

export type BrokerKind = "nats" | "redis"

export interface StartedBroker {
  readonly url: string
  /** Without a word, as a crash would end it. */
  readonly kill: () => Promise<void>
  /** On the same port. */
  readonly start: () => Promise<void>
}

const natsServer = process.env["NATS_SERVER_PATH"] ?? "/usr/sbin/nats-server"
const redisServer = process.env["REDIS_SERVER_PATH"] ?? "/usr/bin/redis-server"

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      // A server that listens on a port has an address of this form.
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("error", () => resolve(false))
    socket.once("connect", () => resolve(true) ?? socket.destroy())
  })

export const startBroker = async (kind: BrokerKind): Promise<StartedBroker> => {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), `enigma-${kind}-`))
  const program = kind === "nats" ? natsServer : redisServer
  const args = kind === "nats"
    ? ["--addr", "127.0.0.1", "--port", String(port)]
    : ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--appendonly", "no", "--dir", folder]
  let child: ChildProcess | undefined
  const kill = async () => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return
    const closed = new Promise((resolve) => running.once("close", resolve))
    running.kill("SIGKILL")
    await closed
  }
  const start = async () => {
    child = spawn(program, args, { stdio: "ignore", cwd: folder })
    await until(() => answers(port), Boolean, 10_000)
  }
  onTestFinished(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  await start()
  return { url: `${kind}://127.0.0.1:${port}`, kill, start }
}
