/** The page that sets calls up over its browser's WebRTC. Opened by `measureSetUps`. */
import { openBrowserStack } from "../stacks/browserStack.ts"
import { setUps } from "./setUp.ts"
import { simplePeer } from "./simplePeer.ts"

const setUp = setUps(openBrowserStack(), { "simple-peer": simplePeer })
Object.assign(globalThis, { setUp })
