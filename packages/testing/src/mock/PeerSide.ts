/** What is beyond a mock connection: a network with its far end (`networkSide`), or the test, which plays it. For `makeMockPeer`. */
import { type CallStats, type DataChannel, type DriverEvent, readSections } from "@enigma-rtc/core"
import { scriptedChannel } from "./mockChannel.ts"
import { type MockDescriptions, MockError } from "./MockDescriptions.ts"

/** The side of a connection that faces its far end. */
export interface PeerSide {
  /** A round is over. */
  readonly agreed: () => void
  /** A candidate of the far end was added. */
  readonly reachable: () => void
  readonly intentChanged: () => void
  readonly openDataChannel: (label: string, protocol: string) => DataChannel | Promise<DataChannel>
  readonly stats: () => CallStats
  readonly leave: () => void
}

/** What a connection does by itself where a test plays the far end: media comes up once. */
export const scriptedSide = (
  descriptions: MockDescriptions,
  connects: boolean,
  onSent: (label: string, data: string | Uint8Array) => void,
  emit: (event: DriverEvent) => void
): PeerSide => {
  let isUp = false
  return {
    agreed: () => {
      if (!connects || isUp) return
      isUp = true
      emit({ _tag: "Link", state: "connecting" })
      emit({ _tag: "Link", state: "up" })
    },
    reachable: () => {},
    intentChanged: () => {},
    openDataChannel: (label, protocol) => {
      if (!readSections(descriptions.local ?? "").some(({ kind }) => kind === "application")) {
        throw new MockError("OperationError", "No data section was negotiated.")
      }
      return scriptedChannel(label, protocol, onSent).channel
    },
    stats: () => ({ sent: [], received: [] }),
    leave: () => {}
  }
}
