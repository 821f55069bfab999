/** The page's first script: all else is loaded once there is a `setImmediate`, whatever order a bundler has for its parts. */
import "./setImmediate.ts"

void import("./begin.tsx")
