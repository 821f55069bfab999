/** NATS as the relays' broker: core subjects, no JetStream. Loaded only when `RELAY_URL` names one. */
import { setTimeout as sleep } from "node:timers/promises"
import { connect, type NatsConnection, type Subscription } from "@nats-io/transport-node"
import type { Broker } from "./Broker.ts"
import { withoutCredentials } from "./withoutCredentials.ts"

const retryMs = 250
/** A broker that has died without a word is found out after three of these. */
const pingMs = 2_000
const connectMs = 5_000

const credentials = ({ password, username }: URL) => {
  const [user, pass] = [username, password].map(decodeURIComponent)
  if (user === undefined || user === "") return {}
  return pass === "" ? { token: user } : { user, ...(pass === undefined ? {} : { pass }) }
}

export const openNatsBroker = (url: URL): Broker => {
  const listeners: Array<() => void> = []
  /** By subject, with the subscription once there is a connection. */
  const wanted = new Map<string, { readonly onText: (text: string) => void; held?: Subscription }>()
  const closing = new AbortController()
  let connection: NatsConnection | undefined
  let isConnected = false

  const hold = (nats: NatsConnection, subject: string) => {
    const one = wanted.get(subject)
    if (one === undefined) return
    one.held = nats.subscribe(subject, { callback: (error, message) => { if (error === null) one.onText(message.string()) } })
  }
  const connected = () => {
    isConnected = true
    for (const listener of listeners) listener()
  }
  /** The client reconnects by itself, and keeps the subscriptions; one that gives up is followed by another. */
  const keepConnected = async () => {
    while (!closing.signal.aborted) {
      connection = await connect({
        servers: url.host,
        ...credentials(url),
        ...(url.protocol === "tls:" ? { tls: {} } : {}),
        name: "enigma-rtc relay",
        noEcho: true,
        timeout: connectMs,
        maxReconnectAttempts: -1,
        reconnectTimeWait: retryMs,
        ignoreAuthErrorAbort: true,
        pingInterval: pingMs,
        maxPingOut: 2
      }).catch(() => undefined)
      if (connection === undefined) {
        await sleep(retryMs, undefined, { signal: closing.signal }).catch(() => {})
        continue
      }
      if (closing.signal.aborted) return connection.close()
      for (const subject of wanted.keys()) hold(connection, subject)
      connected()
      for await (const status of connection.status()) {
        if (status.type === "disconnect") isConnected = false
        if (status.type === "reconnect") connected()
      }
      isConnected = false
      connection = undefined
    }
  }
  const over = keepConnected()

  return {
    address: withoutCredentials(url),
    isConnected: () => isConnected,
    publish: (subject, text) => {
      try {
        if (isConnected) connection?.publish(subject, text)
      } catch {
        // It is closing, or takes less at once than others do.
      }
    },
    subscribe: (subject, onText) => {
      wanted.set(subject, { onText })
      if (connection !== undefined) hold(connection, subject)
      return () => {
        wanted.get(subject)?.held?.unsubscribe()
        wanted.delete(subject)
      }
    },
    onConnected: (listener) => void listeners.push(listener),
    close: async () => {
      closing.abort()
      isConnected = false
      await connection?.close()
      await over
    }
  }
}
