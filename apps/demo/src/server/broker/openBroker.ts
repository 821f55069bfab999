/** Opens the broker that `RELAY_URL` names. For the server. */
import type { Broker } from "./Broker.ts"

const kinds = {
  "nats:": async (url: URL) => (await import("./natsBroker.ts")).openNatsBroker(url),
  "tls:": async (url: URL) => (await import("./natsBroker.ts")).openNatsBroker(url),
  "redis:": async (url: URL) => (await import("./redisBroker.ts")).openRedisBroker(url),
  "rediss:": async (url: URL) => (await import("./redisBroker.ts")).openRedisBroker(url)
}

const isKind = (protocol: string): protocol is keyof typeof kinds => Object.hasOwn(kinds, protocol)

/** What is wrong with it, where a broker's URL is expected; without repeating it, since it may hold a password. */
export const notABroker = "RELAY_URL is not a broker's: expected nats://host:4222 or redis://host:6379."

export const isBrokerUrl = (text: string): boolean => isKind(URL.parse(text)?.protocol ?? "")

/** Comes back at once: a broker that is not there yet is waited for in the background, for ever. Rejects what is no broker's URL. */
export const openBroker = async (text: string): Promise<Broker> => {
  const url = URL.parse(text)
  if (url === null || !isKind(url.protocol)) throw new TypeError(notABroker)
  return kinds[url.protocol](url)
}

