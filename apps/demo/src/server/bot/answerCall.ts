/** What the bot does with a call: takes it, and echoes whatever comes over its data channels. For `keepBot`. */
import type { DataChannel, InvalidState, LineCall, RtcEvent, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** The first message on every channel. */
export const greeting = (label: string): string => `This is the bot: what you send on “${label}” comes back.`

/** Sends are not piled up for a caller who does not read. */
const mostBuffered = 2 ** 20
/** How many channels a call may open. */
const mostChannels = 32

const echo = (channel: DataChannel): Effect.Effect<void> =>
  Effect.gen(function*() {
    yield* channel.send(greeting(channel.label))
    yield* Stream.runForEach(channel.messages, (data) =>
      Effect.flatMap(channel.bufferedAmount, (waiting) => (waiting > mostBuffered ? Effect.void : channel.send(data))))
  }).pipe(Effect.ignore)

/** Echoes on the first channels of a call, and closes further ones. */
const answerChannels = () => {
  let opened = 0
  return (event: RtcEvent): Effect.Effect<void, never, Scope.Scope> => {
    if (event._tag !== "DataChannelOpened") return Effect.void
    opened++
    return opened > mostChannels ? event.channel.close : Effect.asVoid(Effect.forkScoped(echo(event.channel)))
  }
}

/** Succeeds when the call is over, which it is after `limitMs` at the latest. */
export const stayInCall = (call: LineCall, limitMs: number): Effect.Effect<void> =>
  Effect.gen(function*() {
    // Late readers get what was told before.
    yield* Effect.timeoutOption(Stream.runForEach(call.events, answerChannels()), limitMs)
    // Over already, unless the time was up.
    yield* Effect.ignore(call.hangup())
  }).pipe(Effect.scoped)

/** The same for a call that rings. Fails when it is over before it is taken. */
export const answerCall = (
  call: LineCall,
  limitMs: number,
  onAnswered: () => void
): Effect.Effect<void, InvalidState | WebRtcError> =>
  Effect.gen(function*() {
    yield* call.accept()
    onAnswered()
    yield* stayInCall(call, limitMs)
  })
