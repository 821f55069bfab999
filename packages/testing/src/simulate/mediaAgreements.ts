/** What both ends' media must agree on when a simulated world is at rest: descriptions, directions, candidates. For `agreements`. */
import type { MediaIntent } from "@enigma-rtc/core"
import { slots } from "@enigma-rtc/core"
import { connectedCalls, isConnected, openPeers } from "./connectedCalls.ts"
import type { Invariant } from "./Invariant.ts"
import { directionOf, type MockDirection, sectionsIn, slotOf, ufragIn, wishFor } from "../mock/mockSdp.ts"
import type { WorldEnd, WorldPeer } from "./World.ts"

/** What one section would be if both had their wish, seen from the one. */
const wished = (own: MediaIntent, theirs: MediaIntent, slot: (typeof slots)[number]): MockDirection => {
  const [mine, other] = [wishFor(own, slot), wishFor(theirs, slot)]
  return directionOf(mine.sends && other.receives, mine.receives && other.sends)
}
/** Who may send in a section: an offer says what its end would like, and the answer what of it came to be. */
const negotiated = ({ localDescription = "", remoteDescription = "" }: WorldPeer, slot: (typeof slots)[number]): MockDirection => {
  const [local, remote] = [localDescription, remoteDescription].map((sdp) =>
    sectionsIn(sdp).find((section) => slotOf(section) === slot)?.direction ?? "inactive")
  const sends = (direction: string | undefined) => direction === "sendrecv" || direction === "sendonly"
  const receives = (direction: string | undefined) => direction === "sendrecv" || direction === "recvonly"
  return directionOf(sends(local) && receives(remote), receives(local) && sends(remote))
}

/** A description without the private attributes (`a=x-…`) that a sender may add, and that engines ignore. */
const essence = (sdp: string | undefined) => sdp?.replaceAll(/^a=x-.*\r?\n/gm, "")

/** The only call, with its connection, of an end that has one. */
const soleCall = (end: WorldEnd) => {
  const [call, ...otherCalls] = connectedCalls(end)
  const [peer, ...otherPeers] = openPeers(end)
  if (call === undefined || peer === undefined || otherCalls.length + otherPeers.length > 0) return undefined
  const { name, namesCalls, user } = end
  return isConnected(call.state) ? { name, namesCalls, user, peer, intent: call.state.call.intent } : undefined
}

/** What both ends' media must agree on. */
export const mediaAgreements: ReadonlyArray<Invariant> = [
  {
    name: "same descriptions",
    says: "What one end's engine has as its local description, the other's has as its remote one.",
    check: ({ ends }) => {
      for (const end of ends) {
        const others = ends.filter((other) => other !== end).flatMap(openPeers)
        for (const { localDescription, remoteDescription } of openPeers(end)) {
          const matches = others.filter((other) =>
            essence(other.localDescription) === essence(remoteDescription) && essence(other.remoteDescription) === essence(localDescription))
          if (matches.length !== 1) return `${matches.length} connections have the descriptions of the one of ${end.name}`
        }
      }
      return undefined
    }
  },
  {
    name: "what both want",
    says: "Each medium flows in the directions that both ends want, and the engines know what their users want.",
    check: ({ ends }) => {
      const [one, other] = ends.flatMap((end) => soleCall(end) ?? [])
      if (one === undefined || other === undefined || one.user === other.user) return undefined
      for (const [mine, theirs] of [[one, other], [other, one]] as const) {
        if (JSON.stringify(mine.intent) !== JSON.stringify(mine.peer.intent)) return `the engine of ${mine.name} does not know what its user wants`
        for (const slot of slots) {
          const [is, should] = [negotiated(mine.peer, slot), wished(mine.intent, theirs.intent, slot)]
          if (is !== should) return `${slot} is ${is} at ${mine.name}, and should be ${should}`
        }
      }
      return undefined
    }
  },
  {
    name: "every candidate arrives",
    says: "Where nothing fails, each candidate of the credentials in use that an engine has found, the far end's has been given.",
    check: ({ ends, expects }) => {
      const [one, other] = ends.flatMap((end) => soleCall(end) ?? [])
      if (expects !== "connected" || one === undefined || other === undefined) return undefined
      for (const [{ name, peer: mine }, { peer: theirs }] of [[one, other], [other, one]] as const) {
        const ufrag = ufragIn(mine.localDescription ?? "")
        const lacking = mine.candidatesFound.filter(({ candidate }) =>
          candidate.endsWith(` ${ufrag}`) && !theirs.candidatesAdded.some((added) => added.candidate === candidate))
        if (lacking.length > 0) return `the far end lacks ${lacking.length} candidates of ${name}`
      }
      return undefined
    }
  }
]
