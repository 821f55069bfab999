/** A werift data channel as core's. */
import { type ChannelSide, makeDataChannel, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { RTCDataChannel } from "./werift.ts"

export const toDataChannel = (native: RTCDataChannel): ChannelSide => {
  const send = (data: string | Uint8Array) =>
    Effect.try({
      try: () => {
        if (native.readyState !== "open") throw new Error(`The channel is ${native.readyState}.`)
        native.send(typeof data === "string" ? data : Buffer.from(data))
      },
      catch: (cause) => new WebRtcError({ engine: "werift", operation: "send", reason: { _tag: "Refused" }, cause })
    })
  const { label, protocol } = native
  const side = makeDataChannel({ label, protocol, send, close: () => native.close() })
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
