/** Makes a core data channel of a browser's. For the driver. */
import { type DataChannel, makeDataChannel } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { browserError } from "./browserError.ts"

export const toDataChannel = (native: RTCDataChannel): DataChannel => {
  // Browsers differ in their default.
  native.binaryType = "arraybuffer"
  const side = makeDataChannel({
    engine: "browser",
    label: native.label,
    protocol: native.protocol,
    send: (data) =>
      Effect.try({
        try: () => {
          // Firefox takes, and loses, what is sent on a channel that closes.
          if (native.readyState !== "open") throw new Error(`The channel is ${native.readyState}.`)
          // The DOM's types want to know that no other thread shares the bytes; a browser that minds throws.
          native.send(data as string)
        },
        catch: (cause) => browserError("send", { _tag: "Refused" }, cause)
      }),
    bufferedAmount: () => native.bufferedAmount,
    close: () => native.close()
  })
  native.addEventListener("message", ({ data }) => side.received(typeof data === "string" ? data : new Uint8Array(data)))
  native.addEventListener("close", side.closed)
  return side.channel
}
