/** What both ends must agree on when a simulated world is at rest. For `invariants`. */
import type { CallState, MediaIntent, StateOf } from "@enigma-rtc/core"
import { slots } from "@enigma-rtc/core"
import { firstOf, type Invariant } from "./Invariant.ts"
import { directionOf, type MockDirection, sectionsIn, slotOf, wishFor } from "./mockSdp.ts"
import type { World, WorldCall, WorldEnd, WorldPeer } from "./World.ts"

const isConnected = (state: CallState): state is StateOf<"Connected"> => state._tag === "Connected"
const connectedCalls = ({ calls }: WorldEnd) => calls.filter(({ state }) => isConnected(state))
const openPeers = ({ mock }: WorldEnd) => mock.peers.filter(({ timesClosed }) => timesClosed === 0)
const idsOf = (calls: ReadonlyArray<WorldCall>) => calls.map(({ id }) => id).toSorted().join(", ")

/** A negotiation that a call tells of, and that is not over. */
const openNegotiation = (state: StateOf<"Connected">): string | undefined => {
  // A call that cannot negotiate again has no such field.
  const negotiation: unknown = "negotiation" in state ? state.negotiation : undefined
  const tag = typeof negotiation === "object" && negotiation !== null && "_tag" in negotiation ? String(negotiation._tag) : "Stable"
  return tag === "Stable" ? undefined : tag
}

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
const soleCall = (end: WorldEnd | undefined) => {
  if (end === undefined) return undefined
  const [call, ...otherCalls] = connectedCalls(end)
  const [peer, ...otherPeers] = openPeers(end)
  if (call === undefined || peer === undefined || otherCalls.length + otherPeers.length > 0) return undefined
  return isConnected(call.state) ? { name: end.name, peer, intent: call.state.call.intent } : undefined
}

const each = (world: World, check: (end: WorldEnd) => string | undefined) => firstOf(world.ends, check)

/** What both ends must agree on. */
export const agreements: ReadonlyArray<Invariant> = [
  {
    name: "nobody waits",
    says: "Every call is connected or has ended.",
    check: (world) =>
      each(world, ({ calls, name }) => {
        const waiting = calls.find(({ state: { _tag } }) => _tag !== "Connected" && _tag !== "Ended")
        return waiting === undefined ? undefined : `a call of ${name} is still ${waiting.state._tag}`
      })
  },
  {
    name: "same calls",
    says: "Both ends are connected in the same calls.",
    check: ({ ends: [first, ...others] }) => {
      if (first === undefined) return undefined
      const ids = idsOf(connectedCalls(first))
      const other = others.find((end) => idsOf(connectedCalls(end)) !== ids)
      return other === undefined ? undefined : `${first.name} is connected in [${ids}], ${other.name} in [${idsOf(connectedCalls(other))}]`
    }
  },
  {
    name: "as expected",
    says: "Where users only call, change their media and hold, both ends are connected, in one call.",
    check: (world) =>
      world.expects === "agreement" ? undefined : each(world, (end) => {
        const { length } = connectedCalls(end)
        if (length === 1) return undefined
        const ends = end.calls.map(({ state }) => (state._tag === "Ended" ? `Ended (${state.by}: ${state.reason})` : state._tag))
        return `${end.name} is connected in ${length} calls; it has ${ends.join(", ") || "none"}`
      })
  },
  {
    name: "media flows",
    says: "Every connected call has its media up and no negotiation open, and as many connections are open as calls.",
    check: (world) =>
      each(world, (end) => {
        for (const { state } of end.calls) {
          if (!isConnected(state)) continue
          if (state.media._tag !== "Up") return `media is ${state.media._tag} at ${end.name}`
          const open = openNegotiation(state)
          if (open !== undefined) return `${end.name} still negotiates: ${open}`
        }
        const [open, calls] = [openPeers(end).length, connectedCalls(end).length]
        if (open !== calls) return `${end.name} has ${open} open connections for ${calls} connected calls`
        const unstable = openPeers(end).find(({ signalingState }) => signalingState !== "stable")
        return unstable === undefined ? undefined : `a connection of ${end.name} is in ${unstable.signalingState}`
      })
  },
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
    check: ({ ends: [first, second] }) => {
      const [one, other] = [soleCall(first), soleCall(second)]
      if (one === undefined || other === undefined) return undefined
      for (const [mine, theirs] of [[one, other], [other, one]] as const) {
        if (JSON.stringify(mine.intent) !== JSON.stringify(mine.peer.intent)) return `the engine of ${mine.name} does not know what its user wants`
        for (const slot of slots) {
          const [is, should] = [negotiated(mine.peer, slot), wished(mine.intent, theirs.intent, slot)]
          if (is !== should) return `${slot} is ${is} at ${mine.name}, and should be ${should}`
        }
      }
      return undefined
    }
  }
]
