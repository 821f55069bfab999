/** A data channel of a connection that is somewhere else. */
import { type DataChannel, makeDataChannel, type WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ChannelFacts, Handle } from "./Frame.ts"
import type { Asker, RemoteConnection } from "./RemoteConnection.ts"
import { fromWireData, fromWireError, toWireData } from "./wire.ts"

export interface RemoteChannel {
  readonly channel: (facts: ChannelFacts) => DataChannel
  /** Closes it at the far side, wherever its opening is. */
  readonly close: Effect.Effect<void>
}

/** Hears the channel from now on; what comes before its facts do is kept. */
export const remoteChannel = (
  connection: RemoteConnection,
  by: Asker,
  handle: Handle
): RemoteChannel => {
  let failure: WebRtcError | undefined
  const close = Effect.ignore(connection.ask(by, "closeChannel", handle))
  const send: DataChannel["send"] = (data) => Effect.asVoid(connection.ask(by, "send", handle, toWireData(data)))
  const native = {
    engine: by.engine,
    label: "",
    protocol: "",
    send,
    bufferedAmount: () => 0,
    close: () => void Effect.runFork(close)
  }
  const { channel, closed, received } = makeDataChannel(native)
  connection.hear(
    handle,
    (told) => {
      if (told._tag === "Message") return received(fromWireData(told.data))
      if (told._tag !== "ChannelEnded") return
      if (told.error !== undefined) failure = fromWireError(told.error)
      connection.unhear(handle)
      closed()
    },
    closed
  )
  const ended = Stream.suspend(() => (failure === undefined ? Stream.empty : Stream.fail(failure)))
  return {
    channel: (facts) => ({
      ...facts,
      send,
      // Of a channel that is no more, nothing waits.
      bufferedAmount: Effect.catch(connection.ask(by, "bufferedAmount", handle), () => Effect.succeed(0)),
      messages: Stream.concat(channel.messages, ended),
      close: Effect.andThen(close, Effect.sync(closed))
    }),
    close
  }
}
