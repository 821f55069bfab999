/** Why the server could not start, in words for who starts it. */
import * as Data from "effect/Data"

export class ServerError extends Data.TaggedError("ServerError")<{ readonly message: string; readonly cause?: unknown }> {}
