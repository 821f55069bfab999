/** The page that plays trials over its browser's WebRTC. Opened by `measureStack`. */
import { openBrowserStack } from "../stacks/browserStack.ts"
import type { TrialSpec } from "./cells.ts"
import { noteUncaught, playTrial } from "./playTrial.ts"

const stack = openBrowserStack()
addEventListener("unhandledrejection", (event) => {
  event.preventDefault()
  noteUncaught(event.reason)
})
addEventListener("error", ({ error }) => noteUncaught(error))
Object.assign(globalThis, { playTrial: (spec: TrialSpec) => playTrial(stack, spec) })
