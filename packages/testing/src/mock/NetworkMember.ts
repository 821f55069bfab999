/** What a network of mock connections and a connection of it know of each other. For `MockNetwork`, and for `MockEngine`. */
import type { LinkState, PathEnd } from "@enigma-rtc/core"
import type { DataEnd } from "./mockChannels.ts"
import type { MediaEnd } from "./mockMedia.ts"

/** What one end of a path is to the other. */
export interface MockEnd {
  readonly at: PathEnd
  readonly media: MediaEnd
  readonly data: DataEnd
}

/** What the network knows of a connection. */
export interface NetworkMember {
  readonly host: string
  /** The ICE user name fragment of the current local description; empty before there is one. */
  readonly local: () => string
  readonly remote: () => string
  /** The fingerprints of its own certificate, and of the one that it expects of the far end. */
  readonly certificate: () => string
  readonly trusted: () => string
  /** Does this end send candidates? Then one of a pair must have been added before media flows. */
  readonly trickles: boolean
  /** Was a candidate added for these remote credentials? */
  readonly hasCandidateOf: (ufrag: string) => boolean
  readonly tell: (state: LinkState) => void
  readonly end: MockEnd
  /** What this connection sends from now on arrives there; without an end, nowhere. */
  readonly reaches: (far: MockEnd | undefined) => void
  /** The far end has closed, and this one knows it. */
  readonly lost: () => void
  /** Does something later, on Effect's clock; the returned function takes it back. */
  readonly after: (ms: number, act: () => void) => () => void
}

/** A connection's way to tell the network what has changed. */
export interface NetworkSeat {
  readonly changed: () => void
  /** The far end of the path while it is up, as far as this end knows. */
  readonly path: () => MockEnd | undefined
  readonly leave: () => void
}
