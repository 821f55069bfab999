/** A werift data channel as core's. */
import { type ChannelSide, makeDataChannel, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { RTCDataChannel } from "./werift.ts"

/** A message waits its turn while more bytes than this are not yet sent. */
const highWaterBytes = 65_536

/** Succeeds when werift has room for one more message, or is closed. */
const untilRoom = (native: RTCDataChannel): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const read = () => {
      if (native.bufferedAmount <= highWaterBytes || native.readyState !== "open") resume(Effect.void)
    }
    const listeners = [native.bufferedAmountLow.subscribe(read), native.stateChange.subscribe(read)]
    read()
    return Effect.sync(() => listeners.forEach(({ unSubscribe }) => unSubscribe()))
  })

/** Lets the packets of one message leave, and those of the far end come in. */
const turnOfTheLoop = Effect.callback<void>((resume) => {
  const handle = setImmediate(() => resume(Effect.void))
  return Effect.sync(() => clearImmediate(handle))
})

export const toDataChannel = (native: RTCDataChannel): ChannelSide => {
  native.bufferedAmountLowThreshold = highWaterBytes
  // werift 0.25.2 never recovers from a burst: 3,000 small messages handed over at once stall after 255. One in each
  // turn of the event loop arrives.
  const oneAtATime = Semaphore.makeUnsafe(1)
  const send = (data: string | Uint8Array) =>
    Effect.andThen(
      untilRoom(native),
      Effect.try({
        try: () => {
          if (native.readyState !== "open") throw new Error(`The channel is ${native.readyState}.`)
          native.send(typeof data === "string" ? data : Buffer.from(data))
        },
        catch: (cause) => new WebRtcError({ engine: "werift", operation: "send", reason: { _tag: "Refused" }, cause })
      })
    ).pipe(Effect.andThen(turnOfTheLoop), oneAtATime.withPermits(1))
  const { label, protocol } = native
  const side = makeDataChannel({
    engine: "werift",
    label,
    protocol,
    send,
    bufferedAmount: () => native.bufferedAmount,
    close: () => native.close()
  })
  native.onMessage.subscribe((data) => side.received(typeof data === "string" ? data : new Uint8Array(data)))
  native.stateChange.subscribe((state) => {
    if (state === "closed") side.closed()
  })
  return side
}

/** Succeeds when the channel is open; rejects when it closes first. */
export const untilOpen = (native: RTCDataChannel): Promise<void> =>
  new Promise((resolve, reject) => {
    const read = () => {
      if (native.readyState === "open") resolve()
      else if (native.readyState === "closed") reject(new Error("The channel was closed before it was open."))
    }
    native.stateChange.subscribe(read)
    read()
  })
