/** Which pages may open a socket here: another site's could otherwise use a visitor's relay. For upgrades. */
import type { IncomingMessage } from "node:http"

/** Ours, and those that are named. Programs send no origin: they are no page, and may come. */
export const isAllowedOrigin = ({ headers }: IncomingMessage, others: ReadonlyArray<string> = []): boolean => {
  const { host, origin } = headers
  if (origin === undefined) return true
  if (others.includes(origin)) return true
  const url = URL.parse(origin)
  return url !== null && /^https?:$/.test(url.protocol) && url.host === host
}
