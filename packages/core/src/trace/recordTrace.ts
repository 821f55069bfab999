/** Writes a trace while its call goes on, a line for every input that the machine has decided. For `CallSession`. */
import type { Recorder } from "../call/Recorder.ts"
import { entryOf, headerOf } from "./CallTrace.ts"
import { makeRedactor } from "./redact.ts"

/** How to record. */
export interface RecordOptions {
  /** Keep session descriptions, addresses, credentials and reasons as they are. Default `false`. */
  readonly secrets?: boolean
}

/**
 * Records every call that it is given to, as `trace` of a session or a line. `take` gets each line, as text without its
 * line feed, and the id that its call was opened with; what it throws is not looked at. First comes the header, and then
 * an entry for each input. Session descriptions, addresses, credentials and reasons are redacted unless `secrets` is
 * true, so that a replay gives the same verdicts all the same.
 */
export const recordTrace = (
  take: (line: string, callId: string) => void,
  { secrets = false }: RecordOptions = {}
): Recorder =>
({ callId, engine, initial, now }) => {
  const redact = secrets ? <A>(value: A): A => value : makeRedactor()
  let isBroken = false
  const write = (line: () => object) => {
    if (isBroken) return
    let text: string
    try {
      text = JSON.stringify(line())
    } catch {
      // What an app asks for may be no JSON. A trace with a gap would replay to another story: it ends here.
      isBroken = true
      return
    }
    try {
      take(text, callId)
    } catch {
      // The call goes on, whatever the app's trace does.
    }
  }

  let start: number | undefined
  let last = 0
  write(() => redact(headerOf({ initial, callId, engine })))
  return (input, verdict, state) => {
    write(() => {
      const time = now()
      start ??= time
      // The clock may be set back while a call is on.
      last = Math.max(last, time - start)
      return entryOf(last, redact(input), verdict, state)
    })
  }
}
