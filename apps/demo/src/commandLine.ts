/** Reads the demo's command line. For `main`. */
import { parseArgs } from "node:util"

export const help = `npm run demo [-- options]

Places one real call between two Node peers and prints what happened. Then serves a page for calls of your own, with a
signaling relay, an SFU and a bot that answers, and prints its address.

  --exit          end after the first call; the exit code is 0 only if all of it happened
  --port NUMBER   where to serve: 3000, or the next free port, unless it is named; 0 for any
  --host ADDRESS  127.0.0.1: a page for this machine only; 0.0.0.0 for all networks
  --no-bot        nobody answers but people
  --no-sfu        all calls go from peer to peer
  --help          print this

  RELAY_URL=nats://host:4222, or redis://host:6379: the broker that several relays share
`

export interface Command {
  readonly exit: boolean
  /** Absent: the first free one. */
  readonly port: number | undefined
  readonly host: string
  readonly bot: boolean
  readonly sfu: boolean
}

/** What is wanted, the help, or what is wrong in words. */
export const readCommandLine = (args: ReadonlyArray<string>): Command | "help" | { readonly wrong: string } => {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        exit: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string" },
        bot: { type: "boolean", default: true },
        sfu: { type: "boolean", default: true }
      }
    })
    if (values.help) return "help"
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(/^\d+$/.test(values.port ?? "") && port <= 65_535)) {
      return { wrong: `--port ${values.port}: expected a number from 0 to 65535` }
    }
    if (values.host === "") return { wrong: "--host: expected an address" }
    return { exit: values.exit, port, host: values.host, bot: values.bot, sfu: values.sfu }
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}
