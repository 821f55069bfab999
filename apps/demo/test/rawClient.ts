/** A bare WebSocket at the relay, which says what a test tells it to. */
import { onTestFinished } from "vitest"
import { type ClientOptions, WebSocket } from "ws"
import { makeSecret } from "../src/relay/RelayClient.ts"
import type { RelayMessage } from "../src/relay/protocol.ts"
import type { RoomKey } from "../src/relay/roomLink.ts"
import { until } from "./until.ts"

export interface RawClient {
  readonly socket: WebSocket
  readonly heard: ReadonlyArray<RelayMessage>
  readonly say: (message: unknown) => void
  /** The next message of this type, counted from the first. */
  readonly hears: <T extends RelayMessage["type"]>(type: T, nth?: number) => Promise<Extract<RelayMessage, { readonly type: T }>>
  readonly isClosed: () => boolean
}

/** Resolves when it is open, or rejects when it cannot be. */
export const rawClient = async (url: string, options: ClientOptions = {}): Promise<RawClient> => {
  const socket = new WebSocket(url, options)
  const heard: Array<RelayMessage> = []
  socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString()) as RelayMessage))
  onTestFinished(() => socket.terminate())
  await new Promise((resolve, reject) => {
    socket.once("open", resolve)
    socket.once("error", reject)
  })
  // What happens to it later is seen by its closing.
  socket.on("error", () => {})
  return {
    socket,
    heard,
    say: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    hears: async (type, nth = 0) => {
      const all = () => heard.filter((message) => message.type === type)
      // `until` has seen it.
      return (await until(all, ({ length }) => length > nth))[nth] as never
    },
    isClosed: () => socket.readyState === socket.CLOSED
  }
}

export const joinMessage = (key: RoomKey, name: string, secret = makeSecret()) => ({ type: "join", ...key, name, secret })

/** One that is in the room. */
export const rawPeer = async (url: string, key: RoomKey, name: string, secret?: string): Promise<RawClient> => {
  const client = await rawClient(url)
  client.say(joinMessage(key, name, secret))
  await client.hears("joined")
  return client
}
