/** A mock connection on a network: the path to its far end, and the media and data on it. For `makeMockPeer`. */
import type { DriverEvent, MediaIntent, PathEnd } from "@enigma-rtc/core"
import { mockChannels } from "./mockChannels.ts"
import { type MockDescriptions, MockError } from "./MockDescriptions.ts"
import { mockMedia } from "./mockMedia.ts"
import type { JoinableNetwork } from "./MockNetwork.ts"
import type { MockPlace } from "./MockPeer.ts"
import { fingerprintIn, ufragIn } from "./mockSdp.ts"
import type { MockEnd, NetworkSeat } from "./NetworkMember.ts"
import type { PeerSide } from "./PeerSide.ts"

/** What the network needs to know of a connection. */
export interface NetworkSideOptions {
  readonly place: MockPlace
  readonly network: JoinableNetwork
  readonly at: PathEnd
  readonly descriptions: MockDescriptions
  /** Does media come up by itself? */
  readonly connects: boolean
  readonly trickles: boolean
  readonly hasCandidateOf: (ufrag: string) => boolean
  readonly intent: () => MediaIntent
  readonly newTrackId: () => string
  readonly onSent: (label: string, data: string | Uint8Array) => void
  readonly emit: (event: DriverEvent) => void
}

/** What a connection does by itself where there is a network. */
export const networkSide = (options: NetworkSideOptions): PeerSide => {
  const { at, connects, descriptions, emit, hasCandidateOf, intent, network, newTrackId, onSent, place, trickles } = options
  const { after, capabilities, host, nowMs, source } = place
  const media = mockMedia({ after, emit, intent, newTrackId, nowMs, source })
  const isDataAgreed = () => capabilities.data && descriptions.agreement.data
  const channels = mockChannels({ emit, isAgreed: isDataAgreed, onSent })
  const end: MockEnd = { at, media: media.end, data: channels.end }
  let seat: NetworkSeat | undefined

  return {
    agreed: () => {
      if (capabilities.media) media.agreed(descriptions.agreement.slots)
      channels.changed()
      if (!connects) return
      seat ??= network.join({
        host,
        after,
        trickles,
        local: () => ufragIn(descriptions.agreed.local ?? ""),
        remote: () => ufragIn(descriptions.agreed.remote ?? ""),
        certificate: () => fingerprintIn(descriptions.agreed.local ?? ""),
        trusted: () => fingerprintIn(descriptions.agreed.remote ?? ""),
        hasCandidateOf,
        tell: (state) => emit({ _tag: "Link", state }),
        end,
        reaches: (far) => {
          media.reaches(far?.media)
          channels.reaches(far?.data)
        },
        lost: channels.lost
      })
      seat.changed()
    },
    reachable: () => seat?.changed(),
    intentChanged: media.changed,
    openDataChannel: (label, protocol) => {
      if (!isDataAgreed()) throw new MockError("OperationError", "No data section was negotiated.")
      return channels.open(label, protocol)
    },
    stats: () => {
      const far = seat?.path()
      return { ...media.figures(), ...(far === undefined ? {} : { path: { local: at, remote: far.at } }) }
    },
    leave: () => {
      seat?.leave()
      media.close()
      channels.close()
    }
  }
}
