/** Redis as the relays' broker: publish and subscribe, no keys. Loaded only when `RELAY_URL` names one. */
import { createClient } from "@redis/client"
import type { Broker } from "./Broker.ts"
import { withoutCredentials } from "./withoutCredentials.ts"

const retryMs = 250
/** A broker that has died without a word is found out by an unanswered ping. */
const pingMs = 2_000
const connectMs = 5_000

export const openRedisBroker = (url: URL): Broker => {
  const listeners: Array<() => void> = []
  const speaker = createClient({
    url: url.href,
    pingInterval: pingMs,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: () => retryMs, connectTimeout: connectMs, socketTimeout: 3 * pingMs }
  })
  // One that subscribes waits for the broker with what it is asked: the subjects of rooms, of which there are only so many.
  const listener = speaker.duplicate({ disableOfflineQueue: false })
  const isConnected = () => speaker.isReady && listener.isReady
  for (const client of [speaker, listener]) {
    // Each failed attempt is told so; the next one comes by itself.
    client.on("error", () => {})
    client.on("ready", () => { if (isConnected()) for (const told of listeners) told() })
    client.connect().catch(() => {})
  }

  return {
    address: withoutCredentials(url),
    isConnected,
    publish: (subject, text) => {
      if (isConnected()) speaker.publish(subject, text).catch(() => {})
    },
    subscribe: (subject, onText) => {
      const hear = (text: string) => onText(text)
      listener.subscribe(subject, hear).catch(() => {})
      return () => void listener.unsubscribe(subject, hear).catch(() => {})
    },
    onConnected: (listener) => void listeners.push(listener),
    close: async () => {
      speaker.destroy()
      listener.destroy()
    }
  }
}
