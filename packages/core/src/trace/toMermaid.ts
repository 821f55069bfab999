/** A replay as a Mermaid sequence diagram. For issues, pages and docs. */
import { labelOf, stateLabelOf, verdictLabelOf } from "./label.ts"
import type { Replay } from "./replay.ts"

type Participant = "User" | "Call" | "Engine" | "Peer"

/** The first word of an input says who caused it; a timer is the call's own. */
const causeOf = (input: string): Participant =>
  (["User", "Engine", "Peer"] as const).find((who) => input.startsWith(who)) ?? "Call"

/** The verb of a command says whom it is for. What is no message, event or timer is the engine's. */
const targetOf = (command: string): Participant => {
  if (command.startsWith("Send")) return "Peer"
  if (command.startsWith("Emit")) return "User"
  return command.endsWith("Timer") ? "Call" : "Engine"
}

/** Everything but letters, digits and the plainest signs as Mermaid's `#35;`: no label ends its line, or is read as syntax. */
const escape = (label: string): string =>
  label.replaceAll(/[^A-Za-z0-9 _.,/()-]/gu, (sign) => `#${sign.codePointAt(0) ?? 63};`)

/**
 * User, call, engine and peer: inputs are arrows to the call, crossed out when nothing comes of them; commands are
 * arrows from it; each new state is a note. Session descriptions and candidates are not shown.
 */
export const toMermaid = ({ entries, trace }: Replay): string => {
  const lines = ["sequenceDiagram", ...["User", "Call", "Engine", "Peer"].map((who) => `  participant ${who}`)]
  const note = (state: string) => lines.push(`  Note over Call: ${escape(state)}`)
  let shown = stateLabelOf(trace.initial)
  note(shown)
  for (const replayed of entries) {
    const { entry: { input }, state, verdict } = replayed
    const from = causeOf(input._tag)
    if (verdict._tag !== "Moved") {
      lines.push(`  ${from}--xCall: ${escape(`${labelOf(input)}, ${verdictLabelOf(replayed)}`)}`)
      continue
    }
    lines.push(`  ${from}->>Call: ${escape(labelOf(input))}`)
    const now = stateLabelOf(state)
    if (now !== shown) note(now)
    shown = now
    for (const command of verdict.commands) lines.push(`  Call->>${targetOf(command._tag)}: ${escape(labelOf(command))}`)
  }
  return `${lines.join("\n")}\n`
}
