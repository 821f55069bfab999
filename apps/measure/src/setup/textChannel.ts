/** The signaling between the two ends of a set-up, the same for every contestant: each text comes in a task of its own, in order. */
import type { SignalingChannel } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { noteMoment } from "./Timeline.ts"

/** One end, as a socket is used. */
export interface TextEnd {
  readonly send: (text: string) => void
  readonly receive: (take: (text: string) => unknown) => void
  readonly close: () => void
}

const typeOf = (text: string) => /"type":"(\w+)"/.exec(text)?.[1] ?? "ice_candidate"

/** Two ends of a message channel, with when the first text of each type went over it. */
export const openTextChannel = (): readonly [TextEnd, TextEnd] => {
  const { port1, port2 } = new MessageChannel()
  const end = (port: MessagePort, name: string): TextEnd => ({
    send: (text) => {
      noteMoment(`${name} sends ${typeOf(text)}`)
      port.postMessage(text)
    },
    receive: (take) => {
      port.addEventListener("message", ({ data }: { readonly data: string }) => {
        noteMoment(`${name} gets ${typeOf(data)}`)
        void take(data)
      })
      port.start()
    },
    close: () => port.close()
  })
  return [end(port1, "1"), end(port2, "2")]
}

/** The same end as a line's channel. */
export const lineChannel = (end: TextEnd, peer: string): SignalingChannel => ({
  send: (text) => Effect.sync(() => end.send(text)),
  incoming: Stream.callback((queue) => Effect.sync(() => end.receive((text) => Queue.offerUnsafe(queue, { peer, text }))))
})
