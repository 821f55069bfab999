/** Plays one trial on a stack, whatever happens. The same code in a page and in Node. */
import type { Stack } from "../stacks/Stack.ts"
import type { TrialResult, TrialSpec } from "./cells.ts"
import { makeGround } from "./Ground.ts"
import { playOurs } from "./playOurs.ts"
import { playScript } from "./playScript.ts"

let errors: Array<string> = []

/** Counts what nobody has caught as an error of the trial that is on. */
export const noteUncaught = (error: unknown): void => {
  errors.push(`unhandled: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`.slice(0, 300))
}

export const playTrial = async (stack: Stack, spec: TrialSpec): Promise<TrialResult> => {
  const own: Array<string> = []
  errors = own
  const ground = makeGround(stack, spec, own)
  const { afterMs, missing } = await (spec.contestant === "script" ? playScript(ground) : playOurs(ground))
  return {
    errors: own,
    ...(afterMs === undefined ? {} : { convergedMs: Math.round(afterMs) }),
    ...(missing === undefined ? {} : { missing })
  }
}
