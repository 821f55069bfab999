/** The demo's command: one call as proof, then a server for calls of one's own. */
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Command, help, readCommandLine } from "./commandLine.ts"
import { openPeers } from "./proof/peers.ts"
import { placeCall } from "./proof/placeCall.ts"
import { momentLine, opening, summary } from "./proof/transcript.ts"
import { isBrokerUrl, notABroker } from "./server/broker/openBroker.ts"
import { firstPort, nextFree, portWords, whyNot } from "./server/http/findPort.ts"

/** The whole first call takes about three seconds. */
const limitMs = 30_000
/** After Ctrl+C all is closed by then, or cut off. */
const closeMs = 1_800

const prove = Effect.gen(function*() {
  console.log(opening())
  const peers = yield* openPeers
  const proof = yield* Effect.timeout(placeCall(peers, (moment) => console.log(momentLine(moment))), limitMs)
  yield* Console.log(summary(proof))
  return proof.claims.every(({ holds }) => holds)
}).pipe(Effect.scoped)

/** The port to serve on, or why there is none: in words. Asked for before the proof, so that nobody waits to learn it. */
const choosePort = async ({ host, port }: Command): Promise<number | string> => {
  if (port === 0) return 0
  const code = await whyNot(host, port ?? firstPort)
  if (code === undefined) return port ?? firstPort
  const free = port === undefined && code === "EADDRINUSE" ? await nextFree(host, firstPort + 1) : undefined
  if (free === undefined) return portWords(host, port ?? firstPort, code)
  console.log(`Port ${firstPort} is taken by another program: ${free} is used.`)
  return free
}

/** None, for an empty variable too. */
const broker = process.env["RELAY_URL"] || undefined

const serve = (command: Command, port: number) =>
  Effect.gen(function*() {
    // Not loaded for a proof alone.
    const { printServing } = yield* Effect.promise(() => import("./server/printServing.ts"))
    const { startServer } = yield* Effect.promise(() => import("./server/startServer.ts"))
    const { noSharedSfu, openSfu } = yield* Effect.promise(() => import("./server/sfu/openSfu.ts"))
    const sfu = broker === undefined ? openSfu(command.host) : noSharedSfu
    const server = yield* startServer({
      host: command.host,
      port,
      ...(broker === undefined ? {} : { broker }),
      ...(command.bot ? { bot: {} } : {}),
      ...(command.sfu ? { sfu } : {})
    })
    printServing(server, command)
    return yield* Effect.never
  })

const run = (command: Command) =>
  Effect.gen(function*() {
    if (!command.exit && broker !== undefined && !isBrokerUrl(broker)) {
      console.error(notABroker)
      return 1
    }
    const port = command.exit ? 0 : yield* Effect.promise(() => choosePort(command))
    if (typeof port === "string") {
      console.error(port)
      return 1
    }
    if (!(yield* prove)) return 1
    return command.exit ? 0 : yield* serve(command, port)
  }).pipe(Effect.scoped)

const command = readCommandLine(process.argv.slice(2))
if (command === "help") {
  console.log(help)
} else if ("wrong" in command) {
  console.error(`${command.wrong}\n\n${help}`)
  process.exitCode = 2
} else {
  const stop = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(), closeMs).unref()
      stop.abort()
    })
  }
  const result = await Effect.runPromiseExit(run(command), { signal: stop.signal })
  if (Exit.isSuccess(result)) {
    process.exitCode = result.value
  } else if (stop.signal.aborted) {
    // What was to end by itself has not.
    process.exitCode = command.exit ? 130 : 0
    console.log("\nHung up.")
  } else {
    const error = Cause.squash(result.cause)
    const isOurs = error instanceof Error && "_tag" in error && error._tag === "ServerError"
    console.error(isOurs ? error.message : `The call failed: ${Cause.pretty(result.cause)}`)
    process.exitCode = 1
  }
}
