/** At which of this machine's addresses the SFU's media arrives. For `openSfu`. */
import { networkInterfaces } from "node:os"

/** Those who reach the page reach one of these. */
export const mediaAddresses = (host: string): ReadonlyArray<string> => {
  const loopback = host === "localhost" || host === "::1" || host.startsWith("127.")
  if (!loopback && host !== "0.0.0.0" && host !== "::") return [host]
  const others = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ family, internal }) => !internal && family === "IPv4").map(({ address }) => address))
  // Browsers send from no loopback address, and Firefox never to one: a page on this machine too takes another, where there is one.
  return [...new Set([...others, "127.0.0.1"])]
}
