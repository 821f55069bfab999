/** Serves an engine to who uses it from afar, in Node and in pages. Whatever is open closes with the transport. */
import type { WebRtcError } from "@enigma-rtc/core"
import type { EngineUnderTest } from "@enigma-rtc/testing/conformance"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import type { ToFar, ToNear } from "./Frame.ts"
import { servedAnswers } from "./servedAnswers.ts"
import type { TextTransport } from "./TextTransport.ts"
import { toWireError } from "./wire.ts"

/** How long the closing of what is left may take before it is let go. */
const closingMs = 5_000

/** Succeeds when the transport has closed, and all that was open with it. */
export const serveEngine = async (engine: EngineUnderTest, transport: TextTransport): Promise<void> => {
  const tell = (frame: ToNear) => transport.send(JSON.stringify(frame))
  const { answers, closeAll } = servedAnswers(engine, tell)
  const running = new Map<number, Fiber.Fiber<unknown, WebRtcError>>()

  const answer = ({ args, id, verb }: Extract<ToFar, { readonly _tag: "Ask" }>) => {
    // Both sides are made of one table of questions, so that these are the arguments of this verb.
    const ask = answers[verb] as (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, WebRtcError>
    // It begins at once, so that questions begin in the order in which they were asked.
    const fiber = Effect.runFork(Effect.suspend(() => ask(...args)))
    running.set(id, fiber)
    fiber.addObserver((exit) => {
      running.delete(id)
      if (Exit.isSuccess(exit)) return tell({ _tag: "Done", id, value: exit.value ?? null })
      const failure = Cause.findError(exit.cause)
      if (Result.isSuccess(failure)) return tell({ _tag: "Failed", id, error: toWireError(failure.success) })
      // Who asked to stop waits for no answer; what stops by itself has been closed.
      if (Exit.hasInterrupts(exit)) {
        const reason = { _tag: "Closed" } as const
        return tell({ _tag: "Failed", id, error: { engine: "remote", operation: verb, reason } })
      }
      tell({ _tag: "Died", id, message: String(Cause.squash(exit.cause)) })
    })
  }

  await new Promise<void>((resolve) => {
    transport.listen((text) => {
      // Both sides are of one build.
      const frame = JSON.parse(text) as ToFar
      if (frame._tag === "Ask") answer(frame)
      else running.get(frame.id)?.interruptUnsafe()
    }, resolve)
  })
  for (const fiber of running.values()) fiber.interruptUnsafe()
  await Effect.runPromise(Effect.timeoutOption(closeAll, closingMs))
}
