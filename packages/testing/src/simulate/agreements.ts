/** What both ends must agree on when a simulated world is at rest. For `invariants`. */
import type { StateOf } from "@enigma-rtc/core"
import { firstOf, type Invariant } from "./Invariant.ts"
import { mediaAgreements } from "./mediaAgreements.ts"
import { connectedCalls, isConnected, openPeers } from "./connectedCalls.ts"
import type { World, WorldCall, WorldEnd } from "./World.ts"

/** What each user has, on all devices together. */
const usersOf = ({ ends }: World) =>
  [...new Set(ends.map(({ user }) => user))].map((user) => {
    const own = ends.filter((end) => end.user === user)
    return { user, namesCalls: own.every(({ namesCalls }) => namesCalls), calls: own.flatMap(({ calls }) => calls) }
  })

const idsOf = (calls: ReadonlyArray<WorldCall>) => calls.map(({ id }) => id).toSorted().join(", ")

/** A negotiation that a call tells of, and that is not over. */
const openNegotiation = (state: StateOf<"Connected">): string | undefined => {
  // A call that cannot negotiate again has no such field.
  const negotiation: unknown = "negotiation" in state ? state.negotiation : undefined
  const tag = typeof negotiation === "object" && negotiation !== null && "_tag" in negotiation ? String(negotiation._tag) : "Stable"
  return tag === "Stable" ? undefined : tag
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
    says: "Both users are connected in the same calls; in as many, where one names no calls.",
    check: (world) => {
      const users = usersOf(world)
      const told = users.every(({ namesCalls }) => namesCalls) ? idsOf : ({ length }: ReadonlyArray<WorldCall>) => String(length)
      const [first, ...others] = users.map((one) => `${one.user} is connected in [${told(connectedCalls(one))}]`)
      const calls = (text = "") => text.slice(text.indexOf("["))
      const other = others.find((text) => calls(text) !== calls(first))
      return other === undefined ? undefined : `${first}, ${other}`
    }
  },
  {
    name: "as expected",
    says: "Where users only call, change their media and hold, both are connected, in one call; where one declines, in none.",
    check: (world) =>
      world.expects === "agreement" ? undefined : firstOf(usersOf(world), (one) => {
        const { length } = connectedCalls(one)
        const isEnded = one.calls.length > 0 && one.calls.every(({ state: { _tag } }) => _tag === "Ended")
        if (world.expects === "connected" ? length === 1 : isEnded) return undefined
        const ends = one.calls.map(({ state }) => (state._tag === "Ended" ? `Ended (${state.by}: ${state.reason})` : state._tag))
        return `${one.user} is connected in ${length} calls; it has ${ends.join(", ") || "none"}`
      })
  },
  {
    name: "answered elsewhere",
    says: "Where both users are connected, the call has ended on the devices that it is not with: it was answered elsewhere.",
    check: (world) =>
      world.expects !== "connected" ? undefined : each(world, ({ calls, isGone, name, user }) => {
        const isOne = world.ends.every((end) => end.isGone || end.user !== user || end.name === name)
        if (isGone || isOne || connectedCalls({ calls }).length > 0) return undefined
        const other = calls.find(({ state }) => state._tag !== "Ended" || state.reason !== "answered_elsewhere")?.state
        return other === undefined ? undefined : `a call of ${name} is ${other._tag}${other._tag === "Ended" ? ` (${other.by}: ${other.reason})` : ""}`
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
  ...mediaAgreements
]
