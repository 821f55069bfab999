/** What a relay has done, counted. For the figures page and the tests. */
import type { RefusalCode } from "../../relay/protocol.ts"

export interface Figures {
  readonly connections: number
  readonly rooms: number
  /** Whose connection is, or a moment ago was, at this relay. */
  readonly peers: number
  /** Texts handed to a peer here, to another relay, and to nobody. */
  readonly texts: { readonly here: number; readonly elsewhere: number; readonly nowhere: number }
  readonly refused: Readonly<Partial<Record<RefusalCode, number>>>
  readonly broker: { readonly isConnected: boolean } | undefined
}
