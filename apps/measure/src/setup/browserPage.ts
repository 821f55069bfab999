/** The page that sets calls up over its browser's WebRTC. Opened by `measureSetUps`. */
import { openBrowserStack } from "../stacks/browserStack.ts"
import { setUps } from "./setUp.ts"
import { callBySimplePeer } from "./simplePeer.ts"

const setUp = setUps(openBrowserStack(), { "simple-peer": callBySimplePeer })
Object.assign(globalThis, { setUp })
