/** werift in Node, on loopback: what a script gets of it, and our engine over it. */
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import { WeriftEngine } from "@enigma-rtc/engine-werift"
import type * as Werift from "werift"
import type { Stack } from "./Stack.ts"

// The very copy that the engine imports: a package manager may install it twice, and it has a build for `require` besides.
const { resolve } = createRequire(import.meta.resolve("@enigma-rtc/engine-werift"))
const copy = new URL("../../index.mjs", pathToFileURL(resolve("werift")))
const { MediaStreamTrack, RTCPeerConnection } = (await import(copy.href)) as typeof Werift

const address = "127.0.0.1"

// werift's classes are those of W3C WebRTC as far as a script uses them.
type W3cConnection = globalThis.RTCPeerConnection
const Connection = RTCPeerConnection as unknown as typeof globalThis.RTCPeerConnection
const asWerift = (connection: W3cConnection) => connection as unknown as Werift.RTCPeerConnection

interface ConnectionInside {
  createDtlsTransport(options?: object): Werift.RTCDtlsTransport
}

/**
 * Without a STUN server werift asks `stun.l.google.com` (`DEFAULT_STUN_SERVER` in `ice/src/ice.js`): where that name does not
 * resolve, the script would be measured against the resolver's time limit.
 */
const withoutStun = (pc: Werift.RTCPeerConnection): Werift.RTCPeerConnection => {
  // The library's own object, seen with a member that its types hide.
  const connection = pc as unknown as ConnectionInside
  const create = connection.createDtlsTransport.bind(pc)
  connection.createDtlsTransport = (options) => {
    const dtls = create(options)
    delete dtls.iceTransport.connection.stunServer
    return dtls
  }
  return pc
}

export const weriftStack: Stack = {
  Connection,
  connect: () =>
    withoutStun(new RTCPeerConnection({
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: [address]
    })) as unknown as W3cConnection,
  // A track of werift's belongs to one sender. Neither contestant sends packets: it is the agreement that is measured.
  track: (kind) => new MediaStreamTrack({ kind }) as unknown as globalThis.MediaStreamTrack,
  // `connectionState` says `connected` when an answer comes while DTLS is still connecting.
  isUp: (connection) => {
    const { dtlsTransports } = asWerift(connection)
    return dtlsTransports.length > 0 &&
      dtlsTransports.every(({ iceTransport, state }) => state === "connected" && iceTransport.connection.nominated !== undefined)
  },
  engine: WeriftEngine.make({ localAddresses: { udp4: address } })
}
