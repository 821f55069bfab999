/** The page's first script: all else is loaded once there is a `setImmediate`, whatever order a bundler has for its parts. */
import { giveSetImmediate } from "./setImmediate.ts"

giveSetImmediate()
void import("./begin.tsx")
