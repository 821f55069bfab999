/** One connection of the mock: a signaling state machine as strict as W3C WebRTC section 4.4, and a script. */
import {
  type CallStats,
  type DataChannel,
  type Driver,
  type DriverEvent,
  type IceCandidate,
  type LinkState,
  makeDataChannel,
  type MediaIntent,
  type RemoteTrack,
  type RtcConfig,
  type Slot
} from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { MockOperation } from "./Faults.ts"
import { mockSdp, mockUfrag, sectionsIn, sectionsOf } from "./mockSdp.ts"

/** Errors with the names that browsers use. */
export class MockError extends Error {
  override readonly name: "InvalidStateError" | "OperationError" | "InvalidAccessError"
  constructor(name: MockError["name"], message: string) {
    super(message)
    this.name = name
  }
}

/** What each of the mock's connections says. */
export interface MockScript {
  /** The descriptions to give, in turn; after the last, and without any, the mock writes its own. */
  readonly offers?: ReadonlyArray<string>
  readonly answers?: ReadonlyArray<string>
  /** Each description is followed by this many candidates and an end. Default 0: none, and no end. */
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
  readonly timesClosed: number
  /** The far ends of the channels that were opened here. */
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

export const makeMockPeer = (
  index: number,
  config: RtcConfig,
  initial: MediaIntent,
  script: MockScript,
  emit: (event: DriverEvent) => void,
  settle: (operation: MockOperation) => Promise<void>
): { readonly peer: MockPeer; readonly driver: Driver } => {
  const operations: Array<MockOperation> = []
  const offersReceived: Array<string> = []
  const answersApplied: Array<string> = []
  const candidatesAdded: Array<IceCandidate> = []
  const messagesSent: Array<{ readonly label: string; readonly data: string | Uint8Array }> = []
  const offers = [...(script.offers ?? [])]
  const answers = [...(script.answers ?? [])]
  let intent = initial
  let signalingState: MockPeer["signalingState"] = "stable"
  let local: string | undefined
  let remote: string | undefined
  let pendingRestore: string | undefined
  let version = 0
  let timesClosed = 0
  let tracks = 0
  let isUp = false

  const begin = async (operation: MockOperation) => {
    operations.push(operation)
    if (signalingState === "closed") throw new MockError("InvalidStateError", "The connection is closed.")
    await settle(operation)
  }
  const require = (expected: MockPeer["signalingState"], operation: string) => {
    if (signalingState !== expected) {
      throw new MockError("InvalidStateError", `${operation}: the signaling state is ${signalingState}.`)
    }
  }
  const session = 1_000 + index
  const gather = () => {
    const count = script.candidates ?? 0
    for (let i = 0; i < count; i++) {
      emit({
        _tag: "LocalCandidate",
        candidate: {
          candidate: `candidate:${i + 1} 1 udp ${2_122_260_223 - i} 192.0.2.${index % 250} ${50_000 + i} typ host`,
          sdpMid: "0",
          sdpMLineIndex: 0
        }
      })
    }
    if (count > 0) emit({ _tag: "LocalCandidate", candidate: { candidate: "", sdpMid: "0", sdpMLineIndex: 0 } })
  }
  const connect = () => {
    if (script.connects === false || isUp) return
    isUp = true
    emit({ _tag: "Link", state: "connecting" })
    emit({ _tag: "Link", state: "up" })
  }
  const sameSections = (offer: string, answer: string) => {
    const [asked, given] = [sectionsIn(offer), sectionsIn(answer)]
    if (asked.length !== given.length || asked.some(({ kind }, i) => kind !== given[i]?.kind)) {
      throw new MockError("InvalidAccessError", "The order of m-lines in answer doesn't match order in offer.")
    }
  }

  const driver: Driver = {
    setMedia: async (wanted) => {
      await begin("setMedia")
      intent = wanted
    },
    createOffer: async ({ iceRestart }) => {
      await begin("createOffer")
      require("stable", "createOffer")
      if (iceRestart === true || local === undefined) version++
      pendingRestore = local
      local = offers.shift() ?? mockSdp({ session, version, sections: sectionsOf(intent) })
      signalingState = "have-local-offer"
      gather()
      return local
    },
    createAnswer: async (offer) => {
      await begin("createAnswer")
      require("stable", "setRemoteDescription")
      offersReceived.push(offer)
      version++
      const answer = answers.shift() ?? mockSdp({ session, version, sections: sectionsIn(offer), setup: "active" })
      sameSections(offer, answer)
      remote = offer
      local = answer
      gather()
      // As in a stack: the answer is returned before media can be up.
      void Promise.resolve().then(connect)
      return answer
    },
    applyAnswer: async (answer) => {
      await begin("applyAnswer")
      require("have-local-offer", "setRemoteDescription")
      sameSections(local ?? "", answer)
      answersApplied.push(answer)
      remote = answer
      signalingState = "stable"
      connect()
    },
    rollback: async () => {
      await begin("rollback")
      require("have-local-offer", "setLocalDescription")
      local = pendingRestore
      signalingState = "stable"
    },
    addRemoteCandidate: async (candidate) => {
      await begin("addRemoteCandidate")
      if (remote === undefined) throw new MockError("InvalidStateError", "The remote description was null.")
      const sections = sectionsIn(remote)
      const known = candidate.sdpMid !== undefined
        ? sections.some(({ mid }) => mid === candidate.sdpMid)
        : (candidate.sdpMLineIndex ?? 0) < sections.length
      if (!known) throw new MockError("OperationError", "There is no such media section.")
      candidatesAdded.push(candidate)
    },
    openDataChannel: async (label, { protocol = "" }): Promise<DataChannel> => {
      await begin("openDataChannel")
      if (!sectionsIn(local ?? "").some(({ kind }) => kind === "application")) {
        throw new MockError("OperationError", "No data section was negotiated.")
      }
      const side = makeDataChannel({
        engine: "mock",
        label,
        protocol,
        send: (data) =>
          Effect.sync(() => {
            messagesSent.push({ label, data })
          }),
        bufferedAmount: () => 0,
        close: () => {}
      })
      return side.channel
    },
    stats: async (): Promise<CallStats> => {
      await begin("stats")
      return { sent: [], received: [] }
    },
    close: async () => {
      operations.push("close")
      timesClosed++
      signalingState = "closed"
      await settle("close")
    }
  }

  const peer: MockPeer = {
    config,
    get intent() {
      return intent
    },
    get signalingState() {
      return signalingState
    },
    get localDescription() {
      return local
    },
    get remoteDescription() {
      return remote
    },
    operations,
    offersReceived,
    answersApplied,
    candidatesAdded,
    get timesClosed() {
      return timesClosed
    },
    messagesSent,
    emit,
    trickle: (candidate, sdpMid = "0") =>
      emit({ _tag: "LocalCandidate", candidate: { candidate, sdpMid }, ufrag: mockUfrag(session, version) }),
    link: (state) => emit({ _tag: "Link", state }),
    remoteTrack: (slot) => {
      const track: RemoteTrack = { id: `mock-${index}-${tracks++}`, slot }
      emit({ _tag: "RemoteTrack", track })
      return () => emit({ _tag: "RemoteTrackEnded", track })
    },
    remoteDataChannel: (label) => {
      const side = makeDataChannel({
        engine: "mock",
        label,
        protocol: "",
        send: () => Effect.void,
        bufferedAmount: () => 0,
        close: () => {}
      })
      emit({ _tag: "DataChannelOpened", channel: side.channel })
      return side.received
    }
  }
  return { peer, driver }
}
