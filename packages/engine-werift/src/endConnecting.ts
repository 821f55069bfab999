/** Ends what a closed connection still does to connect, so that a process can exit when its calls are over. */
import type { RTCPeerConnection } from "./werift.ts"

/** Beyond the last flight of a DTLS handshake, which is the sixth (RFC 6347 section 4.2.4). */
const done = 7

/**
 * werift 0.25.2 closes a connection without telling two loops of it. To be called after its `close`, because either
 * may begin until then.
 *
 * - DTLS: `Flight.transmit` goes on to send its packets, and to keep a timer, for 33 s (`dtls/src/flight/flight.js`).
 *   It gives up when it sees that a later flight has begun; and as the client begins 100 ms late, also after a close,
 *   a new flight must not set the number back.
 * - ICE: gathering that ends after the close sets the state from `closed` to `completed`, whereupon `connect` looks for
 *   new candidates every 20 ms, for ever (`ice/src/ice.js`).
 */
export const endConnecting = ({ dtlsTransports, iceTransports }: RTCPeerConnection): void => {
  for (const { dtls } of dtlsTransports) {
    if (dtls !== undefined) Object.defineProperty(dtls.dtls, "flight", { get: () => done, set: () => {} })
  }
  for (const { connection } of iceTransports) {
    Object.defineProperty(connection, "state", { get: () => "closed", set: () => {} })
  }
}
