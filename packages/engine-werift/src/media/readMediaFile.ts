/** Reads a media file into memory, with a bound, for the sources that play files. */
import { readFile, stat } from "node:fs/promises"
import * as Effect from "effect/Effect"
import type { WebRtcError } from "@enigma-rtc/core"
import { openMediaError } from "./MediaFault.ts"

/**
 * Reads a file of at most `maxBytes`.
 *
 * Anything but a regular file is refused before it is opened: a device such as `/dev/zero` has no end, and opening a
 * pipe waits for its writer.
 */
export const readMediaFile = (path: string | URL, maxBytes: number): Effect.Effect<Uint8Array, WebRtcError> => {
  const fail = (expected: string, cause?: unknown) =>
    openMediaError(String(path), { _tag: "Media", detail: `expected ${expected}` }, cause)
  return Effect.gen(function*() {
    const about = yield* Effect.tryPromise({ try: () => stat(path), catch: (cause) => fail("a file that can be read", cause) })
    if (!about.isFile()) return yield* fail("a regular file")
    if (about.size > maxBytes) return yield* fail(`a file of at most ${maxBytes} bytes, found ${about.size}`)
    return yield* Effect.tryPromise({
      try: (signal) => readFile(path, { signal }),
      catch: (cause) => fail("a file that can be read", cause)
    })
  })
}
