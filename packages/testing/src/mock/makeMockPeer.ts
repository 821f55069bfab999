/** Makes a connection of the mock, as strict as W3C WebRTC section 4.4. For `MockEngine`. */
import type { Driver, DriverEvent, IceCandidate, MediaIntent, RemoteTrack, RtcConfig } from "@enigma-rtc/core"
import type { MockOperation } from "./Faults.ts"
import { mockCandidates, placeOf } from "./mockCandidates.ts"
import { scriptedChannel } from "./mockChannel.ts"
import { mockDescriptions, MockError } from "./MockDescriptions.ts"
import type { MockPeer, MockPlace, MockScript } from "./MockPeer.ts"
import { networkSide } from "./networkSide.ts"
import { scriptedSide } from "./PeerSide.ts"

export const makeMockPeer = (
  place: MockPlace,
  config: RtcConfig,
  initial: MediaIntent,
  script: MockScript,
  emit: (event: DriverEvent) => void
): { readonly peer: MockPeer; readonly driver: Driver } => {
  const { host, index, kind, network, onError, session, settle } = place
  const operations: Array<MockOperation> = []
  const offersReceived: Array<string> = []
  const answersApplied: Array<string> = []
  const candidatesAdded: Array<IceCandidate> = []
  const candidatesFound: Array<IceCandidate> = []
  const messagesSent: Array<{ readonly label: string; readonly data: string | Uint8Array }> = []
  const offers = [...(script.offers ?? [])]
  const answers = [...(script.answers ?? [])]
  const descriptions = mockDescriptions(session, kind)
  const generationsReached = new Set<string>()
  let intent = initial
  let closed = false
  let timesClosed = 0
  let tracks = 0

  /** Runs an operation, and keeps what a browser would have rejected. */
  const run = async <A>(operation: MockOperation, act: () => A | Promise<A>, check: () => void = () => {}): Promise<A> => {
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
  const count = script.candidates ?? 0
  const at = placeOf(host, index)
  const gather = mockCandidates(count, at, tellOf)
  const onSent = (label: string, data: string | Uint8Array) => void messagesSent.push({ label, data })
  const newTrackId = () => `mock-${index}-${tracks++}`
  const connects = script.connects !== false
  const side = network === undefined ? scriptedSide(descriptions, connects, onSent, emit) : networkSide({
    place,
    network,
    at,
    descriptions,
    connects,
    trickles: count > 0,
    hasCandidateOf: (ufrag) => generationsReached.has(ufrag),
    intent: () => intent,
    newTrackId,
    onSent,
    emit
  })

  const driver: Driver = {
    setMedia: (wanted) =>
      run("setMedia", () => {
        intent = wanted
        side.intentChanged()
      }),
    createOffer: ({ iceRestart = false }) =>
      run("createOffer", () => {
        const offer = descriptions.offer(intent, iceRestart, offers.shift())
        gather(offer)
        return offer
      }),
    createAnswer: (offer) =>
      run("createAnswer", () => {
        const answer = descriptions.answer(offer, intent, answers.shift())
        offersReceived.push(offer)
        gather(answer)
        // As in a stack: the answer is returned before media can be up.
        void Promise.resolve().then(() => {
          if (!closed) side.agreed()
        })
        return answer
      }),
    applyAnswer: (answer) =>
      run("applyAnswer", () => {
        descriptions.apply(answer)
        answersApplied.push(answer)
        side.agreed()
      }),
    rollback: () => run("rollback", descriptions.rollback),
    addRemoteCandidate: (candidate) => {
      let ufrag = ""
      return run(
        "addRemoteCandidate",
        () => {
          candidatesAdded.push(candidate)
          if (candidate.candidate !== "") generationsReached.add(ufrag)
          side.reachable()
        },
        // Now, and not when it is done: a later operation may be done by then, and a browser takes them in turn.
        () => {
          ufrag = descriptions.checkCandidate(candidate)
        }
      )
    },
    openDataChannel: (label, { protocol = "" }) => run("openDataChannel", () => side.openDataChannel(label, protocol)),
    stats: () => run("stats", side.stats),
    close: async () => {
      operations.push("close")
      timesClosed++
      closed = true
      side.leave()
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
      const track: RemoteTrack = { id: newTrackId(), slot }
      emit({ _tag: "RemoteTrack", track })
      return () => emit({ _tag: "RemoteTrackEnded", track })
    },
    remoteDataChannel: (label) => {
      const side = scriptedChannel(label, "", () => {})
      emit({ _tag: "DataChannelOpened", channel: side.channel })
      return side.received
    }
  }
  return { peer, driver }
}
