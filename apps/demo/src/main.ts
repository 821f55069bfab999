/** The demo's command: one call as proof, then a call that stays. */
import { parseArgs } from "node:util"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { openPeers } from "./peers.ts"
import { placeCall } from "./placeCall.ts"
import { stayInCall } from "./stayInCall.ts"
import { momentLine, opening, summary } from "./transcript.ts"

const help = `npm run demo [-- options]

Places one real call between two Node peers and prints what happened, then keeps a second call up.

  --exit   end after the first call; the exit code is 0 only if all of it happened
  --help   print this
`

/** The whole first call takes about three seconds. */
const limitMs = 30_000

const readArguments = () => {
  try {
    return parseArgs({ options: { exit: { type: "boolean" }, help: { type: "boolean" } } }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    process.exit(2)
  }
}

const printStatus = (line: string) => {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${line}`)
  else console.log(line)
}

const run = (stay: boolean) =>
  Effect.gen(function*() {
    console.log(opening())
    const peers = yield* openPeers
    const proof = yield* Effect.timeout(placeCall(peers, (moment) => console.log(momentLine(moment))), limitMs)
    yield* Console.log(summary(proof))
    if (!proof.claims.every(({ holds }) => holds)) return 1
    if (stay) yield* stayInCall(peers, printStatus)
    return 0
  }).pipe(Effect.scoped)

const { exit = false, help: wantsHelp = false } = readArguments()
if (wantsHelp) {
  console.log(help)
} else {
  const stop = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort())
  const result = await Effect.runPromiseExit(run(!exit), { signal: stop.signal })
  if (Exit.isSuccess(result)) {
    process.exitCode = result.value
  } else if (stop.signal.aborted) {
    console.log("\nHung up.")
  } else {
    console.error(`The call failed: ${Cause.pretty(result.cause)}`)
    process.exitCode = 1
  }
}
