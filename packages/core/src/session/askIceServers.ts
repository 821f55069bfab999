/** Asks the app for its ICE servers, each time that they are needed anew. For `perform`. */
import * as Effect from "effect/Effect"
import { WebRtcError } from "../EnigmaRtcError.ts"
import { type IceServer, readIceServers, type RtcConfig } from "../RtcConfig.ts"

/** The servers of now, or nothing new when the configuration names them for good. */
export const askIceServers = ({
  askIceServers: ask,
  operationTimeoutMs
}: RtcConfig): Effect.Effect<{ readonly iceServers?: ReadonlyArray<IceServer> }, WebRtcError> => {
  if (ask === undefined) return Effect.succeed({})
  const fail = (reason: WebRtcError["reason"], cause?: unknown) => new WebRtcError({ engine: "core", operation: "iceServers", reason, cause })
  // Half of an operation's time: the other half is the engine's.
  const limitMs = operationTimeoutMs / 2
  return Effect.tryPromise({ try: async () => ask(), catch: (cause) => fail({ _tag: "Refused" }, cause) }).pipe(
    Effect.timeoutOrElse({ duration: limitMs, orElse: () => Effect.fail(fail({ _tag: "Timeout", limitMs })) }),
    Effect.flatMap((servers) => Effect.fromResult(readIceServers(servers))),
    Effect.map((iceServers) => ({ iceServers }))
  )
}
