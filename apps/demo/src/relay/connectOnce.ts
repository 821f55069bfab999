/** One connection to the relay, from its opening to its end. For `RelayClient`, which makes the next one. */
import * as Effect from "effect/Effect"
import type { Join, Peer, Refusal } from "./protocol.ts"
import { readRelayMessage } from "./readMessage.ts"
import type { SocketLike } from "./SocketLike.ts"

/** How a connection has ended. */
export interface Over {
  readonly wasJoined: boolean
  readonly refusal?: Refusal
}

export interface Connection {
  readonly open: () => SocketLike
  readonly join: Join
  readonly onJoined: (socket: SocketLike, self: Peer) => void
  readonly onPresent: (peers: ReadonlyArray<Peer>) => void
  readonly onText: (from: string, text: string) => void
}

/** How long opening and joining may take. */
const joinMs = 10_000
/** How many beats may be missing. */
const mostBeats = 2.5

const cannotOpen = (cause: unknown): Refusal => ({
  type: "refused",
  code: "bad-message",
  words: `There is no way to connect: ${cause instanceof Error ? cause.message : String(cause)}`,
  again: false
})

/** Succeeds when the connection is over, and never fails. To interrupt it is to leave the room. */
export const connectOnce = ({ join, onJoined, onPresent, onText, open }: Connection): Effect.Effect<Over> =>
  Effect.callback<Over>((resume) => {
    let silenceMs = joinMs
    let isOver = false
    let wasJoined = false
    let refusal: Refusal | undefined
    let watch: ReturnType<typeof setTimeout> | undefined
    let socket: SocketLike
    try {
      socket = open()
    } catch (cause) {
      return resume(Effect.succeed({ wasJoined, refusal: cannotOpen(cause) }))
    }
    const close = () => {
      isOver = true
      clearTimeout(watch)
      socket.close()
    }
    const end = () => {
      if (isOver) return
      close()
      resume(Effect.succeed({ wasJoined, ...(refusal === undefined ? {} : { refusal }) }))
    }
    /** A connection that has died without a word is found out by its silence. */
    const listen = () => {
      clearTimeout(watch)
      watch = setTimeout(end, silenceMs)
    }
    listen()
    socket.addEventListener("open", () => {
      if (!isOver) socket.send(JSON.stringify(join))
    })
    socket.addEventListener("close", end)
    // A close event follows. Without a listener some would throw.
    socket.addEventListener("error", () => {})
    socket.addEventListener("message", ({ data }) => {
      if (isOver) return
      listen()
      const message = typeof data === "string" ? readRelayMessage(data) : undefined
      switch (message?.type) {
        case "joined":
          silenceMs = message.beatMs * mostBeats
          listen()
          wasJoined = true
          onPresent(message.peers)
          return onJoined(socket, message.self)
        case "present":
          return onPresent(message.peers)
        case "text":
          return onText(message.from, message.text)
        case "refused":
          refusal = message
          return end()
        case "beat":
        case undefined:
          return
      }
    })
    return Effect.sync(() => {
      try {
        if (wasJoined) socket.send(JSON.stringify({ type: "leave" }))
      } catch {
        // It was closing already.
      }
      close()
    })
  })
