/** Makes a connection of the mock, as strict as W3C WebRTC section 4.4. For `MockEngine`. */
import {
  type CallStats,
  type DataChannel,
  type Driver,
  type DriverEvent,
  type IceCandidate,
  makeDataChannel,
  type MediaIntent,
  type RemoteTrack,
  type RtcConfig
} from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { MockOperation } from "./Faults.ts"
import { mockDescriptions, MockError } from "./MockDescriptions.ts"
import type { NetworkSeat } from "./MockNetwork.ts"
import type { MockPeer, MockPlace, MockScript } from "./MockPeer.ts"
import { sectionsIn, ufragIn } from "./mockSdp.ts"

export const makeMockPeer = (
  { after, host, index, network, onError, session, settle }: MockPlace,
  config: RtcConfig,
  initial: MediaIntent,
  script: MockScript,
  emit: (event: DriverEvent) => void
): { readonly peer: MockPeer; readonly driver: Driver } => {
  const operations: Array<MockOperation> = []
  const offersReceived: Array<string> = []
  const answersApplied: Array<string> = []
  const candidatesAdded: Array<IceCandidate> = []
  const candidatesFound: Array<IceCandidate> = []
  const messagesSent: Array<{ readonly label: string; readonly data: string | Uint8Array }> = []
  const offers = [...(script.offers ?? [])]
  const answers = [...(script.answers ?? [])]
  const descriptions = mockDescriptions(session)
  const generationsReached = new Set<string>()
  const gathered = new Set<string>()
  let intent = initial
  let closed = false
  let timesClosed = 0
  let tracks = 0
  let isUp = false

  /** Runs an operation, and keeps what a browser would have rejected. */
  const run = async <A>(operation: MockOperation, act: () => A, check: () => void = () => {}): Promise<A> => {
    operations.push(operation)
    try {
      if (closed) throw new MockError("InvalidStateError", "The connection is closed.")
      check()
      await settle(operation)
      // As in a browser: what runs while the connection closes never settles (W3C WebRTC section 4.4.1.2).
      return closed ? await new Promise<never>(() => {}) : act()
    } catch (error) {
      if (error instanceof MockError) onError(error)
      throw error
    }
  }
  const tellOf = (candidate: IceCandidate, ufrag: string) => {
    candidatesFound.push(candidate)
    emit({ _tag: "LocalCandidate", candidate, ufrag })
  }
  const gather = () => {
    const count = script.candidates ?? 0
    const local = descriptions.local ?? ""
    const ufrag = ufragIn(local)
    if (count === 0 || gathered.has(ufrag)) return
    gathered.add(ufrag)
    const mid = sectionsIn(local)[0]?.mid ?? "0"
    const found = (candidate: string) => tellOf({ candidate, sdpMid: mid, sdpMLineIndex: 0 }, ufrag)
    for (let i = 0; i < count; i++) {
      found(`candidate:${i + 1} 1 udp ${2_122_260_223 - i} 192.0.2.${index % 250} ${50_000 + i} typ host ufrag ${ufrag}`)
    }
    found("")
  }
  let seat: NetworkSeat | undefined
  const connect = () => {
    if (script.connects === false || closed) return
    if (network !== undefined) {
      seat ??= network.join({
        host,
        after,
        trickles: (script.candidates ?? 0) > 0,
        local: () => ufragIn(descriptions.agreed.local ?? ""),
        remote: () => ufragIn(descriptions.agreed.remote ?? ""),
        hasCandidateOf: (ufrag) => generationsReached.has(ufrag),
        tell: (state) => emit({ _tag: "Link", state })
      })
      return seat.changed()
    }
    if (isUp) return
    isUp = true
    emit({ _tag: "Link", state: "connecting" })
    emit({ _tag: "Link", state: "up" })
  }

  const driver: Driver = {
    setMedia: (wanted) =>
      run("setMedia", () => {
        intent = wanted
      }),
    createOffer: ({ iceRestart = false }) =>
      run("createOffer", () => {
        const offer = descriptions.offer(intent, iceRestart, offers.shift())
        gather()
        return offer
      }),
    createAnswer: (offer) =>
      run("createAnswer", () => {
        const answer = descriptions.answer(offer, intent, answers.shift())
        offersReceived.push(offer)
        gather()
        // As in a stack: the answer is returned before media can be up.
        void Promise.resolve().then(connect)
        return answer
      }),
    applyAnswer: (answer) =>
      run("applyAnswer", () => {
        descriptions.apply(answer)
        answersApplied.push(answer)
        connect()
      }),
    rollback: () => run("rollback", descriptions.rollback),
    addRemoteCandidate: (candidate) => {
      let ufrag = ""
      return run(
        "addRemoteCandidate",
        () => {
          candidatesAdded.push(candidate)
          if (candidate.candidate !== "") generationsReached.add(ufrag)
          seat?.changed()
        },
        // Now, and not when it is done: a later operation may be done by then, and a browser takes them in turn.
        () => {
          ufrag = descriptions.checkCandidate(candidate)
        }
      )
    },
    openDataChannel: (label, { protocol = "" }): Promise<DataChannel> =>
      run("openDataChannel", () => {
        if (!sectionsIn(descriptions.local ?? "").some(({ kind }) => kind === "application")) {
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
      }),
    stats: () => run("stats", (): CallStats => ({ sent: [], received: [] })),
    close: async () => {
      operations.push("close")
      timesClosed++
      closed = true
      seat?.leave()
      await settle("close")
    }
  }

  const peer: MockPeer = {
    config,
    get intent() {
      return intent
    },
    get signalingState() {
      return closed ? "closed" : descriptions.signalingState
    },
    get localDescription() {
      return descriptions.local
    },
    get remoteDescription() {
      return descriptions.agreed.remote
    },
    operations,
    offersReceived,
    answersApplied,
    candidatesAdded,
    candidatesFound,
    get timesClosed() {
      return timesClosed
    },
    messagesSent,
    emit,
    trickle: (candidate, sdpMid = "0") => tellOf({ candidate, sdpMid }, descriptions.ufrag()),
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
