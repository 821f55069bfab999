/** The refusals of handlers, and what makes them of what mediasoup throws. */
import type { SfuRefusal } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import { errors } from "mediasoup"
import type { SfuLimits, SfuPeerLimits } from "./limits.ts"
import { invalid } from "./requests.ts"
import type { Stay, StayTransport } from "./Stay.ts"

type What = Extract<SfuRefusal, { readonly code: "notFound" }>["what"]
/** There is no such thing in this client's stay or room. */
export const notFound = (what: What, id: string): SfuRefusal => ({ code: "notFound", what, id })
/** Not in this order. */
export const wrongState = (expected: string): SfuRefusal => ({ code: "wrongState", expected })
/** More than a limit. */
export const tooMany = (what: string, limit: number): SfuRefusal => ({ code: "tooMany", what, limit })
/** The server fails at it, or is about to stop. */
export const unavailable: SfuRefusal = { code: "unavailable" }

/** Asks a worker. What it will not have is `invalid`, in the part of the request that is named; if it is gone, `unavailable`. */
export const fromMediasoup = <A>(at: string, call: () => Promise<A>): Effect.Effect<A, SfuRefusal> =>
  Effect.tryPromise({
    try: call,
    catch: (cause) =>
      cause instanceof errors.WorkerClosedError || (cause instanceof Error && /closed/i.test(cause.message))
        ? unavailable
        : invalid(at, cause instanceof Error ? cause.message : "what the server supports")
  })

/** A transport of a stay, that carries media this way. */
export const transportOf = (
  stay: Stay,
  id: string,
  direction: "send" | "receive"
): Effect.Effect<StayTransport, SfuRefusal> => {
  const found = stay.transports.get(id)
  return found === undefined
    ? Effect.fail(notFound("transport", id))
    : found.direction === direction
    ? Effect.succeed(found)
    : Effect.fail(wrongState(`a transport to ${direction} with`))
}

/** An audience of a length that the server has place for. */
export const checkAudience = (limits: SfuLimits, audience: ReadonlyArray<string>): Effect.Effect<void, SfuRefusal> =>
  audience.length > limits.audience ? Effect.fail(tooMany("names in an audience", limits.audience)) : Effect.void

const words: Record<keyof SfuPeerLimits, string> = {
  transports: "transports",
  producers: "producers",
  consumers: "consumers",
  dataProducers: "data producers",
  dataConsumers: "data consumers"
}

/** Opens one more of a kind, if there may be one more, though others are being opened meanwhile. */
export const oneMore = <A>(
  stay: Stay,
  kind: keyof SfuPeerLimits,
  open: Effect.Effect<A, SfuRefusal>
): Effect.Effect<A, SfuRefusal> =>
  Effect.suspend(() => {
    const limit = stay.limits[kind]
    if (stay.count(kind) >= limit) {
      return Effect.fail(tooMany(words[kind], limit))
    }
    stay.opening[kind] += 1
    return Effect.ensuring(open, Effect.sync(() => void (stay.opening[kind] -= 1)))
  })
