/** The process that sets calls up over werift. Started by `measureSetUps`. */
import { answer } from "../stacks/processHost.ts"
import { weriftStack } from "../stacks/weriftStack.ts"
import { setUps } from "./setUp.ts"

answer({ setUp: setUps(weriftStack) })
