/** What a connection of the mock is, for tests and for `MockEngine`: its script, its handle, its place. */
import type { Capabilities, DriverEvent, IceCandidate, LinkState, MediaIntent, RtcConfig, Slot } from "@enigma-rtc/core"
import type { MockOperation } from "./Faults.ts"
import type { MockError } from "./MockDescriptions.ts"
import type { JoinableNetwork } from "./MockNetwork.ts"
import type { MockSource } from "./MockSource.ts"

/** What each of the mock's connections says. */
export interface MockScript {
  /** The descriptions to give, in turn; after the last, and without any, the mock writes its own. */
  readonly offers?: ReadonlyArray<string>
  readonly answers?: ReadonlyArray<string>
  /** Each new ICE generation is followed by this many candidates and an end. Default 0: none, and no end. */
  readonly candidates?: number
  /** Media comes up by itself once both descriptions are set. Default `true`. */
  readonly connects?: boolean
}

/** What a test sees of a connection, and does to it. */
export interface MockPeer {
  readonly config: RtcConfig
  readonly intent: MediaIntent
  readonly signalingState: "stable" | "have-local-offer" | "closed"
  readonly localDescription: string | undefined
  readonly remoteDescription: string | undefined
  /** Every operation that reached the stack, in order. */
  readonly operations: ReadonlyArray<MockOperation>
  readonly offersReceived: ReadonlyArray<string>
  readonly answersApplied: ReadonlyArray<string>
  readonly candidatesAdded: ReadonlyArray<IceCandidate>
  /** Every candidate of its own that it has told of, in order, with each end of them. */
  readonly candidatesFound: ReadonlyArray<IceCandidate>
  readonly timesClosed: number
  /** What was sent over the channels that were opened here; on a network, over those of the far end too. */
  readonly messagesSent: ReadonlyArray<{ readonly label: string; readonly data: string | Uint8Array }>

  /** The stack found a candidate of its own; `""` is the end. */
  readonly trickle: (candidate: string, sdpMid?: string) => void
  readonly link: (state: LinkState) => void
  /** The far end's media came; the returned function ends it. */
  readonly remoteTrack: (slot: Slot) => () => void
  /** The far end opened a channel; the returned function gives it a message. */
  readonly remoteDataChannel: (label: string) => (data: string | Uint8Array) => void
  readonly emit: (event: DriverEvent) => void
}

/** Where a connection stands in its engine. */
export interface MockPlace {
  /** Its number among the engine's connections, from 0. */
  readonly index: number
  /** The session id of its descriptions. */
  readonly session: number
  /** The kind of its engine, if that is one of its own. */
  readonly kind: string | undefined
  readonly host: string
  readonly network: JoinableNetwork | undefined
  readonly capabilities: Capabilities
  readonly source: MockSource
  /** Takes the time that the operation takes, and fails or hangs as is planted. */
  readonly settle: (operation: MockOperation) => Promise<void>
  readonly after: (ms: number, act: () => void) => () => void
  /** Effect's clock. */
  readonly nowMs: () => number
  readonly onError: (error: MockError) => void
}
