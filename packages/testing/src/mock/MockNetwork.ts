/** The media path between mock connections, which comes up, breaks and heals as ICE does. For `MockEngine`. */
import type { LinkState } from "@enigma-rtc/core"

/** The media path between the connections of several mock engines. */
export interface MockNetwork {
  /** No media passes between these two hosts any more; without names, between any two. */
  readonly cut: (one?: string, other?: string) => void
  /** Media passes again: between these two hosts, or, without names, everywhere. */
  readonly mend: (one?: string, other?: string) => void
}

/** What the network knows of a connection. */
export interface NetworkMember {
  readonly host: string
  /** The ICE user name fragment of the current local description; empty before there is one. */
  readonly local: () => string
  readonly remote: () => string
  /** Does this end send candidates? Then one of a pair must have been added before media flows. */
  readonly trickles: boolean
  /** Was a candidate added for these remote credentials? */
  readonly hasCandidateOf: (ufrag: string) => boolean
  readonly tell: (state: LinkState) => void
  /** Does something later, on Effect's clock; the returned function takes it back. */
  readonly after: (ms: number, act: () => void) => () => void
}

/** A connection's way to tell the network what has changed. */
export interface NetworkSeat {
  readonly changed: () => void
  readonly leave: () => void
}

/** A network, as the mock's connections use it. */
export interface JoinableNetwork extends MockNetwork {
  readonly join: (member: NetworkMember) => NetworkSeat
}

/** An interruption fails after this long, as browsers have it, give or take. */
const failsAfterMs = 15_000
/** How long it takes to notice that the far end is gone: its consent checks (RFC 7675) are not answered. */
const noticedAfterMs = 5_000

interface Seat {
  readonly member: NetworkMember
  state: "new" | LinkState
  /** Whom media flows with, or did last. */
  partner: Seat | undefined
  /** The credentials of both ends with which media came up last. */
  generation: string
  cancel: () => void
  /** The credentials with which media is about to come up. */
  rising: string
}

/** How good a network is. */
export interface NetworkOptions {
  /** How long ICE and DTLS take, in milliseconds on Effect's clock; asked each time. Default 0: at once. */
  readonly connectsInMs?: () => number
}

const nothing = () => {}
const generationOf = ({ member }: Seat) => `${member.local()} ${member.remote()}`

/** Makes a network on which every path is there. */
export const mockNetwork = ({ connectsInMs = () => 0 }: NetworkOptions = {}): JoinableNetwork => {
  const seats = new Set<Seat>()
  const cuts = new Set<string>()
  let allCut = false
  const path = (one: string, other: string) => [one, other].toSorted().join(" ")
  const isCut = (one: Seat, other: Seat) => allCut || cuts.has(path(one.member.host, other.member.host))

  const matchOf = (seat: Seat): Seat | undefined => {
    const [local, remote] = [seat.member.local(), seat.member.remote()]
    if (local === "" || remote === "") return undefined
    for (const other of seats) {
      if (other !== seat && other.member.local() === remote && other.member.remote() === local) return other
    }
    return undefined
  }
  const canReach = (seat: Seat, other: Seat) =>
    !isCut(seat, other) && (!(seat.member.trickles || other.member.trickles) ||
      seat.member.hasCandidateOf(seat.member.remote()) || other.member.hasCandidateOf(other.member.remote()))
  const become = (seat: Seat, state: LinkState) => {
    seat.cancel()
    seat.cancel = nothing
    seat.state = state
    // What was about to come up has failed with the rest.
    if (state === "failed") seat.rising = ""
    seat.member.tell(state)
  }
  const interrupt = (seat: Seat) => {
    become(seat, "interrupted")
    seat.cancel = seat.member.after(failsAfterMs, () => become(seat, "failed"))
  }
  const rise = (seat: Seat, match: Seat) => {
    seat.partner = match
    seat.generation = generationOf(seat)
    become(seat, "up")
  }
  /** Media flows with this match, if nothing is in its way, now or when the handshakes are done. */
  const tryUp = (seat: Seat, match: Seat | undefined) => {
    const generation = generationOf(seat)
    if (match === undefined || !canReach(seat, match) || seat.rising === generation) return
    const ms = connectsInMs()
    if (ms <= 0) return rise(seat, match)
    seat.rising = generation
    seat.member.after(ms, () => {
      if (seat.rising !== generation) return
      seat.rising = ""
      // What has changed meanwhile begins anew.
      if (seats.has(match) && seat.state !== "up" && generationOf(seat) === generation && canReach(seat, match)) rise(seat, match)
      else lookAround()
    })
  }

  const look = (seat: Seat) => {
    const match = matchOf(seat)
    switch (seat.state) {
      case "new":
        if (seat.member.local() !== "" && seat.member.remote() !== "") {
          become(seat, "connecting")
          tryUp(seat, match)
        }
        return
      case "connecting":
      case "interrupted":
        return tryUp(seat, match)
      case "up": {
        // While an ICE restart is on its way, media goes on over the old path.
        if (match !== undefined && canReach(seat, match)) {
          seat.cancel()
          seat.partner = match
          seat.generation = generationOf(seat)
        }
        const { partner } = seat
        if (partner !== undefined && isCut(seat, partner)) interrupt(seat)
        return
      }
      case "failed":
        // Only new credentials help (W3C WebRTC section 5.6.3).
        if (seat.generation !== generationOf(seat)) tryUp(seat, match)
    }
  }
  const lookAround = () => {
    for (const seat of seats) look(seat)
  }

  return {
    cut: (one, other) => {
      if (one === undefined || other === undefined) allCut = true
      else cuts.add(path(one, other))
      lookAround()
    },
    mend: (one, other) => {
      if (one === undefined || other === undefined) {
        allCut = false
        cuts.clear()
      } else cuts.delete(path(one, other))
      lookAround()
    },
    join: (member) => {
      const seat: Seat = { member, state: "new", partner: undefined, generation: "", cancel: nothing, rising: "" }
      seats.add(seat)
      return {
        changed: lookAround,
        leave: () => {
          seats.delete(seat)
          seat.cancel()
          seat.rising = ""
          for (const other of seats) {
            if (other.partner === seat && other.state === "up") {
              other.cancel = other.member.after(noticedAfterMs, () => interrupt(other))
            }
          }
        }
      }
    }
  }
}
