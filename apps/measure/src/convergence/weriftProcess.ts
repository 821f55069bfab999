/** The process that plays trials over werift. Started by `measureStack`. */
import { answer } from "../stacks/processHost.ts"
import { weriftStack } from "../stacks/weriftStack.ts"
import type { TrialSpec } from "./cells.ts"
import { noteUncaught, playTrial } from "./playTrial.ts"

process.on("unhandledRejection", noteUncaught)
process.on("uncaughtException", noteUncaught)
answer({ playTrial: (spec: TrialSpec) => playTrial(weriftStack, spec) })
