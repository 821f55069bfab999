/** Do the two users agree when everything has come to rest? */
import { isMatched, peersOf, type World } from "./CallWorld.ts"

/** What is wrong with a world in which everything has come to rest: the ends must agree. */
export const disagreement = (world: World): string | undefined => {
  const { A, B, excused } = world
  const devices = peersOf(world, A)
  if ([A, ...devices].some(({ calls }) => calls.length > 1)) return "an end has two calls"
  const a = A.calls[0]
  const theirs = devices.flatMap(({ calls }) => calls)
  const isRingingOnly = a?.state._tag === "WaitingAnswer" && theirs.every(({ state }) => state._tag === "IncomingOffer")
  if (theirs.length > 1 && !isRingingOnly) return "two devices are in a call"
  if (isRingingOnly && theirs.length < devices.length) return "a device does not ring"
  const [b] = theirs
  if (a === undefined && b === undefined) {
    return A.made + B.made > 0 && !excused ? "all calls are lost though nobody hung up and nothing failed" : undefined
  }
  if (a === undefined || b === undefined) return `one end is in a call, ${(a ?? b)?.state._tag}, and the other is not`
  if (a.id !== b.id) return "the ends are in different calls"
  const tags = [a.state._tag, b.state._tag].toSorted().join(" and ")
  if (tags === "IncomingOffer and WaitingAnswer") return undefined
  if (a.state._tag !== "Connected" || b.state._tag !== "Connected") return `the ends are in ${tags}`
  for (const { engine, state } of [a, b]) {
    if (state._tag !== "Connected") continue
    if (engine?.local.includes(`hold:${state.call.intent.hold}`) !== true) return "what is wanted is never negotiated"
    if (state.negotiation._tag !== "Stable") return `a round is never over: ${state.negotiation._tag}`
    if (state.queued !== undefined) return "an offer is never answered"
    if (state.call.wants.round || state.call.wants.restart) return "what is wanted is never offered"
    if (state.media._tag === "Connecting") return "media never come up"
    if (state.media._tag === "Interrupted") return "media are not restored"
  }
  return isMatched(a, b) ? undefined : "the descriptions differ"
}
