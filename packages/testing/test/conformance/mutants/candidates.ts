/** Faults with candidates. */
import { type IceCandidate, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Mutant, onEvent, onPeer, type Plant, type Seen } from "./Mutant.ts"

const refused = new WebRtcError({ engine: "mock", operation: "addRemoteCandidate", reason: { _tag: "Refused" } })

interface Given extends Seen {
  /** Has a remote description been set? */
  readonly isDescribed: () => boolean
}

/** Changes what becomes of a remote candidate; `undefined` leaves it as it is. */
const onCandidate = (change: (candidate: IceCandidate, given: Given) => Effect.Effect<void, WebRtcError> | undefined): Plant =>
  onPeer((peer, seen) => {
    let described = false
    const describe = Effect.sync(() => { described = true })
    const given = { ...seen, isDescribed: () => described }
    return {
      createAnswer: (sdp) => Effect.tap(peer.createAnswer(sdp), () => describe),
      applyAnswer: (sdp) => Effect.tap(peer.applyAnswer(sdp), () => describe),
      addRemoteCandidate: (candidate) => Effect.suspend(() => change(candidate, given) ?? peer.addRemoteCandidate(candidate))
    }
  })

/** A connection that a candidate can spoil: its link never comes up then. */
const spoiltBy = (isPoison: (candidate: IceCandidate) => boolean): Plant =>
  onPeer((peer) => {
    let spoilt = false
    return {
      events: Stream.filter(peer.events, (event) => !(spoilt && event._tag === "Link")),
      addRemoteCandidate: (candidate) =>
        Effect.suspend(() => {
          spoilt ||= isPoison(candidate)
          return peer.addRemoteCandidate(candidate)
        })
    }
  })

export const candidates: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-300",
    fault: "tells a candidate while it still makes the offer",
    says: /expected no candidate before the offer, found 1/,
    plant: onPeer((peer, { tell }) => ({
      createOffer: (options) =>
        Effect.suspend(() => {
          tell({ _tag: "LocalCandidate", candidate: { candidate: "" }, ufrag: "early" })
          return Effect.delay(peer.createOffer(options), 50)
        })
    }))
  },
  {
    clause: "ENG-301",
    fault: "tells each candidate twice",
    says: /expected each candidate once, found one twice/,
    plant: onEvent((event) => (event._tag === "LocalCandidate" ? [event, event] : [event]))
  },
  {
    clause: "ENG-301",
    fault: "tells the end of the candidates for no description",
    says: /expected the fragment \S+, found none/,
    plant: onEvent((event) => [event._tag === "LocalCandidate" && event.candidate.candidate === "" ? { ...event, ufrag: "" } : event])
  },
  {
    clause: "ENG-302",
    fault: "never tells the end of the candidates",
    says: /expected the end of the candidates within 8000 ms/,
    plant: onEvent((event) => (event._tag === "LocalCandidate" && event.candidate.candidate === "" ? [] : [event]))
  },
  {
    clause: "ENG-303",
    fault: "forgets candidates that come before their description",
    says: /expected the link of the (left|right) to be up within 10000 ms/,
    plant: onCandidate((candidate, { isDescribed }) => (isDescribed() || !candidate.candidate.includes(" ufrag ") ? undefined : Effect.void))
  },
  {
    clause: "ENG-304",
    fault: "refuses a candidate that it has",
    says: /mock addRemoteCandidate: the WebRTC stack refused/,
    plant: () => {
      const known = new Set<string>()
      return onCandidate(({ candidate }, { side }) => {
        if (known.has(`${side} ${candidate}`)) return Effect.fail(refused)
        if (candidate.includes("ufrag")) known.add(`${side} ${candidate}`)
        return undefined
      })()
    }
  },
  {
    clause: "ENG-305",
    fault: "needs to be told the section of a candidate",
    says: /mock addRemoteCandidate: the WebRTC stack refused/,
    plant: onCandidate(({ candidate, sdpMLineIndex, sdpMid }) =>
      candidate !== "" && sdpMLineIndex === undefined && sdpMid === undefined ? Effect.fail(refused) : undefined)
  },
  {
    clause: "ENG-306",
    fault: "refuses the end of the candidates before their description",
    says: /mock addRemoteCandidate: the WebRTC stack refused/,
    plant: onCandidate(({ candidate }, { isClosed, isDescribed }) => (candidate === "" && !isDescribed() && !isClosed() ? Effect.fail(refused) : undefined))
  },
  {
    clause: "ENG-307",
    fault: "is spoilt by a candidate for a section that there is not",
    says: /expected the link of the (left|right) to be up within 10000 ms/,
    plant: spoiltBy(({ sdpMid = "0" }) => sdpMid === "no such section")
  },
  {
    clause: "ENG-308",
    fault: "keeps as many early candidates as it is given",
    says: /expected TooMany at some of 1,000, found all kept, or dropped in silence/,
    plant: onPeer((peer) => ({
      addRemoteCandidate: (candidate) =>
        Effect.catch(peer.addRemoteCandidate(candidate), (error) => (error.reason._tag === "TooMany" ? Effect.void : Effect.fail(error)))
    }))
  }
]
