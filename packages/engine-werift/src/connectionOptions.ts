/** How a connection of werift's is configured, for this engine's driver. */
import type { Sources } from "./Slots.ts"
import { codecs } from "./werift.ts"

/** How an app lets this engine use the network and its media. */
export interface DriverOptions {
  readonly sources: Sources
  /** Only these local addresses; without them, every one of the machine's. */
  readonly localAddresses?: { readonly udp4?: string; readonly udp6?: string }
  /** The range of UDP ports, first and last. */
  readonly portRange?: readonly [first: number, last: number]
}

/** How long STUN servers may hold up gathering; werift's own 5 s would hold up the call. */
const stunTimeoutSeconds = 2

export const connectionOptions = ({ localAddresses, portRange }: DriverOptions) => ({
  // Named before each gathering (`setIceServers`); werift's own default is a stranger's.
  iceServers: [],
  codecs: codecs(),
  bundlePolicy: "max-bundle" as const,
  iceStunGatherTimeout: stunTimeoutSeconds,
  ...(localAddresses === undefined ? {} : {
    iceInterfaceAddresses: localAddresses,
    // werift looks for the machine's addresses by family, and takes them all when it finds none of those named.
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: Object.values(localAddresses)
  }),
  ...(portRange === undefined ? {} : { icePortRange: [portRange[0], portRange[1]] as [number, number] })
})
