/** Keeps werift from asking a STUN server that the app has not named. */
import type { RtcConfig } from "@enigma-rtc/core"
import type { RTCPeerConnection } from "./werift.ts"

/**
 * Without one in the configuration werift 0.25.2 asks `stun.l.google.com` (`DEFAULT_STUN_SERVER` in `ice/src/ice.js`),
 * which tells a stranger of each call. To be called when the transports are there, before gathering begins.
 */
export const onlyStunOfConfig = ({ iceTransports }: RTCPeerConnection, { iceServers }: RtcConfig): void => {
  if (iceServers.some(({ urls }) => [...urls].some((url) => /^stuns?:/i.test(url)))) return
  for (const { connection } of iceTransports) delete connection.stunServer
}
