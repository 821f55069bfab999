/** The mock's descriptions: which may be set when, as W3C WebRTC section 4.4 and RFC 9429 have it. For `MockPeer`. */
import { type IceCandidate, type MediaIntent, readSections } from "@enigma-rtc/core"
import { type Agreement, agreementOf, nothingAgreed } from "./agreement.ts"
import { type MockSection, mockSdp, mockUfrag, ufragIn } from "./mockSdp.ts"
import { answerTo, sectionsOf } from "./mockSections.ts"

/** Errors with the names that browsers use. */
export class MockError extends Error {
  override readonly name: "InvalidStateError" | "OperationError" | "InvalidAccessError"
  constructor(name: MockError["name"], message: string) {
    super(message)
    this.name = name
  }
}

/** What a peer has agreed on, and what it has offered. */
interface Agreed {
  readonly local: string | undefined
  readonly remote: string | undefined
}

export interface MockDescriptions {
  readonly signalingState: "stable" | "have-local-offer"
  /** What is set on this side: what is pending, or else what both have agreed on. */
  readonly local: string | undefined
  /** What both have agreed on last. */
  readonly agreed: Agreed
  readonly agreement: Agreement
  /** The ICE user name fragment that this side uses now. */
  readonly ufrag: () => string
  readonly offer: (intent: MediaIntent, iceRestart: boolean, script: string | undefined) => string
  readonly answer: (offer: string, intent: MediaIntent, script: string | undefined) => string
  readonly apply: (answer: string) => void
  readonly rollback: () => void
  /** Throws what a browser rejects; returns the credentials that the candidate belongs to. */
  readonly checkCandidate: (candidate: IceCandidate) => string
}

const sameOrder = (asked: string, given: string, what: string) => {
  const [before, after] = [readSections(asked), readSections(given)]
  if (before.length > after.length || before.some(({ kind }, i) => kind !== after[i]?.kind)) {
    throw new MockError("InvalidAccessError", `The order of m-lines in ${what} doesn't match order in offer.`)
  }
  return after.length - before.length
}

export const mockDescriptions = (session: number, kind?: string): MockDescriptions => {
  let agreed: Agreed = { local: undefined, remote: undefined }
  let agreement = nothingAgreed
  let pending: string | undefined
  let version = 0
  let ice = 0
  /** A version that is taken back is not given again: RFC 9429 section 5.2.2 wants it to rise with every offer. */
  const write = (sections: ReadonlyArray<MockSection>, generation: number, setup: "actpass" | "active") =>
    mockSdp({ session, version: ++version, ice: generation, sections, setup, ...(kind === undefined ? {} : { kind }) })
  /** The highest number of credentials, so that none is used twice. */
  let lastIce = 0

  const require = (expected: MockDescriptions["signalingState"], operation: string) => {
    const state = pending === undefined ? "stable" : "have-local-offer"
    if (state !== expected) throw new MockError("InvalidStateError", `${operation}: the signaling state is ${state}.`)
  }

  let pendingIce = 0
  return {
    get signalingState() {
      return pending === undefined ? "stable" : "have-local-offer"
    },
    get local() {
      return pending ?? agreed.local
    },
    get agreed() {
      return agreed
    },
    get agreement() {
      return agreement
    },
    ufrag: () => mockUfrag(session, pending === undefined ? ice : pendingIce),
    offer: (intent, iceRestart, script) => {
      require("stable", "createOffer")
      pendingIce = iceRestart || agreed.local === undefined ? ++lastIce : ice
      pending = script ?? write(sectionsOf(intent, agreed.local), pendingIce, "actpass")
      return pending
    },
    answer: (offer, intent, script) => {
      require("stable", "setRemoteDescription")
      if (agreed.remote !== undefined) sameOrder(agreed.remote, offer, "subsequent offer")
      const restarts = agreed.remote === undefined || ufragIn(agreed.remote) !== ufragIn(offer)
      const generation = restarts ? lastIce + 1 : ice
      const answer = script ?? write(answerTo(offer, intent), generation, "active")
      if (sameOrder(offer, answer, "answer") > 0) throw new MockError("InvalidAccessError", "The answer has more m-lines than its offer.")
      ice = generation
      lastIce = Math.max(lastIce, ice)
      agreed = { local: answer, remote: offer }
      agreement = agreementOf(offer, answer, false)
      return answer
    },
    apply: (answer) => {
      require("have-local-offer", "setRemoteDescription")
      if (sameOrder(pending ?? "", answer, "answer") > 0) throw new MockError("InvalidAccessError", "The answer has more m-lines than its offer.")
      if (/^a=setup:actpass\r?$/m.test(answer)) {
        throw new MockError("InvalidAccessError", "Answerer must use either active or passive value for setup attribute.")
      }
      agreed = { local: pending, remote: answer }
      agreement = agreementOf(pending ?? "", answer, true)
      ice = pendingIce
      pending = undefined
    },
    rollback: () => {
      require("have-local-offer", "setLocalDescription")
      pending = undefined
    },
    checkCandidate: ({ candidate, sdpMid, sdpMLineIndex = 0 }) => {
      if (agreed.remote === undefined) throw new MockError("InvalidStateError", "The remote description was null.")
      const sections = readSections(agreed.remote)
      const known = sdpMid === undefined ? sdpMLineIndex < sections.length : sections.some(({ mid }) => mid === sdpMid)
      if (!known) throw new MockError("OperationError", "There is no such media section.")
      const current = ufragIn(agreed.remote)
      // W3C WebRTC section 4.4.1.6, "addIceCandidate": browsers read the fragment from the candidate's extensions, too.
      const [, ufrag = current] = / ufrag (\S+)/.exec(candidate) ?? []
      if (ufrag !== current) throw new MockError("OperationError", `The remote description has no ufrag ${ufrag}.`)
      return ufrag
    }
  }
}
