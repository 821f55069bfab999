/** mediasoup-client over werift, without leaving anything behind in `globalThis`. */
import { Chrome111 } from "mediasoup-client/handlers/Chrome111"
import type { HandlerFactory, HandlerInterface, Transport } from "mediasoup-client/types"
import { askConsent, repairConnection } from "./weriftRepairs.ts"
import { MediaStream, RTCPeerConnection, useAbsSendTime, useSdesMid, useTransportWideCC } from "./werift.ts"

/** How the peer connections of a room use the network. */
export interface NetworkOptions {
  /** Only these local addresses; without them, every one of the machine's. */
  readonly localAddresses?: { readonly udp4?: string; readonly udp6?: string }
  /** The range of UDP ports, first and last. */
  readonly portRange?: readonly [first: number, last: number]
}

const networkOf = ({ localAddresses, portRange }: NetworkOptions) => ({
  ...(localAddresses === undefined ? {} : {
    iceInterfaceAddresses: localAddresses,
    // werift looks for the machine's addresses by family, and takes them all when it finds none of those named.
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: Object.values(localAddresses)
  }),
  ...(portRange === undefined ? {} : { icePortRange: [portRange[0], portRange[1]] as [number, number] })
})

/** How long STUN servers may hold up gathering; werift's own 5 s would hold up the call. */
const stunTimeoutSeconds = 2

/** mediasoup-client looks up two constructors by name, in calls that do not wait for anything. */
const borrowing = <A>(globals: object, run: () => A): A => {
  const own = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  try {
    return run()
  } finally {
    for (const [name, descriptor] of own) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, descriptor)
    }
  }
}

/** The connections that mediasoup-client's handlers have made. */
const connections = new WeakMap<HandlerInterface, RTCPeerConnection>()

/** How long the server may take to answer, and how often it is asked. */
const [answerMs, attempts] = [1_000, 4]

/** Does the server answer over this transport? */
export const isAnswered = async ({ handler }: Transport): Promise<boolean> => {
  const connection = connections.get(handler)
  if (connection === undefined) return false
  for (let i = 0; i < attempts; i++) if (await askConsent(connection, answerMs)) return true
  return false
}

export const weriftHandler = (network: NetworkOptions): HandlerFactory => {
  const settings = networkOf(network)
  const made: Array<RTCPeerConnection> = []
  /** werift offers header extensions only where it is told of them, and mediasoup-client probes with a connection of its own. */
  class Connection extends RTCPeerConnection {
    constructor(config: ConstructorParameters<typeof RTCPeerConnection>[0] = {}) {
      super({
        headerExtensions: { audio: [useSdesMid(), useAbsSendTime()], video: [useSdesMid(), useAbsSendTime(), useTransportWideCC()] },
        iceStunGatherTimeout: stunTimeoutSeconds,
        ...settings,
        ...config
      })
      repairConnection(this)
      made.push(this)
    }
  }
  const inner = Chrome111.createFactory({})
  const globals = { RTCPeerConnection: Connection, MediaStream }
  return {
    name: "Werift",
    factory: (options) => {
      const handler = borrowing(globals, () => inner.factory(options))
      // It makes one, and those that were made to probe are closed.
      for (const connection of made.splice(0)) connections.set(handler, connection)
      return handler
    },
    getNativeRtpCapabilities: (options) => borrowing(globals, () => inner.getNativeRtpCapabilities(options))
  }
}
