/** What must hold in every simulated world: after every step, when it has come to rest, and when all is over. */
import type { RemoteTrack, RtcEvent } from "@enigma-rtc/core"
import { agreements } from "./agreements.ts"
import { firstOf, type Invariant } from "./Invariant.ts"
import type { World, WorldCall, WorldEnd } from "./World.ts"

/** More texts than any call needs; lines that resend for ever, or answer each other in circles, go beyond it. */
const maxTextsPerCall = 400
/** After this long nobody has anything more to say of calls that are over. */
const quietAfterMs = 120_000

const ofEnds = (world: World, check: (end: WorldEnd) => string | undefined) => firstOf(world.ends, check)
const ofCalls = (world: World, check: (call: WorldCall, end: WorldEnd) => string | undefined) =>
  ofEnds(world, (end) => firstOf(end.calls, (call) => check(call, end)))
const count = (call: WorldCall, tag: string) => call.events.filter(({ _tag }) => _tag === tag).length

/** What an app plays that follows the events; what is wrong with that. */
const heardTwice = (events: ReadonlyArray<RtcEvent>): string | undefined => {
  const played = new Map<string, RemoteTrack>()
  for (const event of events) {
    if (event._tag === "RemoteTrackEnded") {
      if (!played.delete(event.track.id)) return `was told the end of ${event.track.id}, which does not play`
    } else if (event._tag === "RemoteTrack") {
      const { replaces, track } = event
      if (replaces !== undefined && !played.delete(replaces.id)) return `replaces ${replaces.id}, which does not play`
      if ([...played.values()].some(({ slot }) => slot === track.slot)) return `hears ${track.slot} twice`
      played.set(track.id, track)
    }
  }
  return undefined
}

/** What must hold after every step. */
export const alwaysInvariants: ReadonlyArray<Invariant> = [
  {
    name: "closed once",
    says: "A connection is closed at most once.",
    check: (world) =>
      ofEnds(world, ({ mock, name }) => {
        const i = mock.peers.findIndex(({ timesClosed }) => timesClosed > 1)
        return i < 0 ? undefined : `connection ${i} of ${name} was closed ${mock.peers[i]?.timesClosed} times`
      })
  },
  {
    name: "closed for good",
    says: "No operation reaches an engine's connection after it was closed.",
    check: (world) =>
      ofEnds(world, ({ mock, name }) =>
        firstOf(mock.peers, ({ operations }) => {
          const i = operations.indexOf("close")
          const late = i < 0 ? undefined : operations[i + 1]
          return late === undefined ? undefined : `${late} after close at ${name}`
        }))
  },
  {
    name: "a browser takes it",
    says: "Nothing is asked of an engine that a browser would reject; a peer that names no calls cannot always know.",
    check: (world) =>
      ofEnds(world, ({ mock, name, namesCalls }) =>
        namesCalls ? firstOf(mock.errors, (error) => `${name}: ${error.name}: ${error.message}`) : undefined)
  },
  {
    name: "the crate reads it",
    says: "A peer without delivery fields is sent nothing that it cannot take.",
    check: (world) => ofEnds(world, ({ misfits, name }) => (misfits[0] === undefined ? undefined : `${name} was sent ${misfits[0]}`))
  },
  {
    name: "each event once",
    says: "A call is established at most once and closed at most once, and then tells nothing more but what it could not send.",
    check: (world) =>
      ofCalls(world, (call, { name }) => {
        const established = count(call, "ConnectionEstablished")
        if (established > 1) return `${name} was told ${established} times that the call is established`
        const closed = call.events.findIndex(({ _tag }) => _tag === "ConnectionClosed")
        const after = closed < 0 ? [] : call.events.slice(closed + 1).filter(({ _tag }) => _tag !== "SendFailed")
        return after[0] === undefined ? undefined : `${name} was told ${after[0]._tag} after ConnectionClosed`
      })
  },
  {
    name: "one call",
    says: "Whatever connections a call is on, its app sees one: it is connected once, and no two tracks play in one slot.",
    check: (world) =>
      ofCalls(world, ({ events }, { name, namesCalls }) => {
        const times = events.filter((event) => event._tag === "StateChanged" && event.state._tag === "Connected").length
        if (times > 1) return `${name} was told ${times} times that the call is connected`
        const heard = namesCalls ? heardTwice(events) : undefined
        return heard === undefined ? undefined : `${name} ${heard}`
      })
  },
  {
    name: "bounded",
    says: `No call needs more than ${maxTextsPerCall} texts.`,
    check: ({ ends, texts }) => {
      const calls = Math.max(1, ...ends.map(({ calls }) => calls.length))
      return texts.length <= maxTextsPerCall * calls ? undefined : `${texts.length} texts for ${calls} calls`
    }
  },
  {
    name: "nothing unhandled",
    says: "No promise is rejected that nobody handles.",
    check: ({ rejections }) => (rejections.length === 0 ? undefined : String(rejections[0]))
  },
  {
    name: "no operation dies",
    says: "An operation of a user succeeds or fails with an error of its type; it never dies of a defect.",
    check: ({ operations }) =>
      firstOf(operations, ({ outcome, what, who, why }) => (outcome === "died" ? `${what} of ${who} died of ${why}` : undefined))
  },
  {
    name: "no user is refused",
    says: "What a user may ask for succeeds.",
    check: ({ operations }) =>
      firstOf(operations, ({ must, outcome, what, who, why }) => (must && outcome === "refused" ? `${what} of ${who} was refused: ${why}` : undefined))
  }
]

/** What must hold when the link has healed and the world has come to rest. */
export const restInvariants: ReadonlyArray<Invariant> = [
  {
    name: "every operation settles",
    says: "Every operation of a user comes to an end.",
    check: ({ operations }) =>
      firstOf(operations, ({ outcome, what, who }) => (outcome === "pending" ? `${what} of ${who} does not settle` : undefined))
  },
  ...agreements
]

/** What must hold when all calls were hung up, time went on, and the lines were closed. */
export const overInvariants: ReadonlyArray<Invariant> = [
  {
    name: "every call ends",
    says: "When the users hang up, every call ends at every end, and says so once.",
    check: (world) =>
      ofCalls(world, (call, { name }) => {
        if (call.state._tag !== "Ended") return `a call of ${name} is still ${call.state._tag}`
        const closed = count(call, "ConnectionClosed")
        return closed === 1 ? undefined : `${name} was told ${closed} times that the call is closed`
      })
  },
  {
    name: "closed exactly once",
    says: "Every connection that was opened has been closed, once.",
    check: (world) =>
      ofEnds(world, ({ mock, name }) =>
        firstOf(mock.peers, ({ timesClosed }) => (timesClosed === 1 ? undefined : `a connection of ${name} was closed ${timesClosed} times`)))
  },
  {
    name: "silence",
    says: `${quietAfterMs / 1_000} s after the last call nobody sends anything more.`,
    check: ({ overMs, texts }) => {
      const last = texts.at(-1)
      return overMs === undefined || last === undefined || last.atMs <= overMs + quietAfterMs
        ? undefined
        : `${last.from} sent a text ${last.atMs - overMs} ms after the last call: ${last.text.slice(0, 80)}`
    }
  },
  {
    name: "nothing left running",
    says: "When the lines are closed, every timer has fired or is stopped.",
    check: ({ sleeping }) => (sleeping === 0 ? undefined : `${sleeping} fibers still wait for a moment to come`)
  }
]
