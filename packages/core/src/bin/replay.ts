#!/usr/bin/env node
/** `enigma-rtc-replay`: shows what happened in a call, from the trace that it left. For whoever got the trace. */
import { createReadStream } from "node:fs"
import { parseArgs } from "node:util"
import * as Result from "effect/Result"
import { type CallTrace, headerOf, TraceLimits } from "../trace/CallTrace.ts"
import { decodeTrace } from "../trace/decodeTrace.ts"
import { plain } from "../trace/label.ts"
import { type Replay, replay } from "../trace/replay.ts"
import { shortestWayTo } from "../trace/shrink.ts"
import { toMermaid } from "../trace/toMermaid.ts"
import { toTable } from "../trace/toTable.ts"

const help = `Usage: enigma-rtc-replay FILE [--table | --mermaid | --json] [--shrink]

Runs the call state machine over a trace, and prints every input, its verdict, the state after it and the commands:
as a table and as a Mermaid sequence diagram. FILE is - for standard input.

  --table    only the table
  --mermaid  only the diagram
  --json     one JSON object a line: the header, and each entry as this machine decides it, with its commands
  --shrink   only the shortest story that leads to the same last moment: the first entry that this machine decides
             otherwise than recorded, or else the last one
  --help     this text

Exit code: 0, 1 for a trace that cannot be read, 2 when this machine decides otherwise than recorded.
`

/** Something that the user can put right. */
class Refused extends Error {}

const readAll = async (file: string): Promise<string> => {
  const chunks: Array<Buffer> = []
  let size = 0
  const source: AsyncIterable<Buffer> = file === "-" ? process.stdin : createReadStream(file)
  try {
    for await (const chunk of source) {
      size += chunk.length
      // A file may have no end.
      if (size > TraceLimits.text) break
      chunks.push(chunk)
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error"
    throw new Refused(`it cannot be read (${code})`, { cause: error })
  }
  if (size > TraceLimits.text) throw new Refused(`expected at most ${TraceLimits.text} bytes`)
  return Buffer.concat(chunks).toString("utf8")
}

const toJson = ({ entries, trace }: Replay): string => {
  const lines = entries.map(({ entry: { atMs, input }, state, verdict }) => ({
    atMs,
    input,
    verdict: verdict._tag,
    ...(verdict._tag === "Moved" ? {} : { why: verdict.why }),
    state: state._tag,
    ...(verdict._tag === "Moved" ? { commands: verdict.commands } : {})
  }))
  return [headerOf(trace), ...lines].map((line) => `${JSON.stringify(line)}\n`).join("")
}

const shrunk = (trace: CallTrace, { difference }: Replay): Replay => {
  const shorter = shortestWayTo(trace, difference?.index ?? trace.entries.length - 1)
  return replay(shorter?.trace ?? trace)
}

const readOptions = () => {
  try {
    const flag = { type: "boolean", default: false } as const
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { help: flag, json: flag, mermaid: flag, shrink: flag, table: flag }
    })
    return { ...values, files: positionals }
  } catch (error) {
    throw new Refused(`${error instanceof Error ? error.message : "bad options"} (try --help)`, { cause: error })
  }
}

const main = async (): Promise<void> => {
  const { files, help: isHelp, json, mermaid, shrink, table } = readOptions()
  if (isHelp) {
    process.stdout.write(help)
    return
  }
  const [file, more] = files
  if (file === undefined || more !== undefined) throw new Refused("expected one file (try --help)")
  if ([json, mermaid, table].filter(Boolean).length > 1) throw new Refused("expected one of --table, --mermaid and --json")
  const where = file === "-" ? "standard input" : file
  try {
    const decoded = decodeTrace(await readAll(file))
    if (Result.isFailure(decoded)) throw new Refused(`${decoded.failure.at}: expected ${decoded.failure.expected}`)
    const trace = decoded.success
    const whole = replay(trace)
    const shown = shrink ? shrunk(trace, whole) : whole
    if (json) process.stdout.write(toJson(shown))
    if (!json && !mermaid) process.stdout.write(toTable(shown))
    if (!json && !mermaid && !table) process.stdout.write("\n")
    if (!json && !table) process.stdout.write(toMermaid(shown))
    const { difference } = whole
    if (difference !== undefined) {
      const { index, recorded, replayed } = difference
      const said = `recorded ${recorded.verdict} in ${recorded.state}, now ${replayed.verdict} in ${replayed.state}`
      console.error(plain(`${where}: line ${index + 2}: this machine decides otherwise: ${said}`))
      process.exitCode = 2
    }
  } catch (error) {
    throw error instanceof Refused ? new Refused(`${where}: ${error.message}`, { cause: error }) : error
  }
}

// Whoever reads the output may stop early, as `head` does.
process.stdout.on("error", () => {})
try {
  await main()
} catch (error) {
  if (!(error instanceof Refused)) throw error
  console.error(plain(`enigma-rtc-replay: ${error.message}`))
  process.exitCode = 1
}
