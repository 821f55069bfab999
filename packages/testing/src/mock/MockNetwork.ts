/** The media path between mock connections, which comes up, breaks and heals as ICE does. For `MockEngine`. */
import type { LinkState } from "@enigma-rtc/core"
import type { NetworkMember, NetworkSeat } from "./NetworkMember.ts"
import { generationOf, matchOf, reachedFrom, type Seat, trusts } from "./Seat.ts"

/** The media path between the connections of several mock engines. */
export interface MockNetwork {
  /** No media passes between these two hosts any more; without names, between any two. */
  readonly cut: (one?: string, other?: string) => void
  /** Media passes again: between these two hosts, or, without names, everywhere. */
  readonly mend: (one?: string, other?: string) => void
}

/** A network, as the mock's connections use it. */
export interface JoinableNetwork extends MockNetwork {
  readonly join: (member: NetworkMember) => NetworkSeat
}

/** An interruption fails after this long, as browsers have it, give or take. */
const failsAfterMs = 15_000
/** How long it takes to notice that the far end is gone: its consent checks (RFC 7675) are not answered. */
const noticedAfterMs = 5_000

/** How good a network is. */
export interface NetworkOptions {
  /** How long ICE and DTLS take, in milliseconds on Effect's clock; asked each time. Default 0: at once. */
  readonly connectsInMs?: () => number
}

const nothing = () => {}

/** Makes a network on which every path is there. */
export const mockNetwork = ({ connectsInMs = () => 0 }: NetworkOptions = {}): JoinableNetwork => {
  const seats = new Set<Seat>()
  const cuts = new Set<string>()
  let allCut = false
  const path = (one: string, other: string) => [one, other].toSorted().join(" ")
  const isCut = (one: Seat, other: Seat) => allCut || cuts.has(path(one.member.host, other.member.host))

  const canReach = (seat: Seat, other: Seat) =>
    !isCut(seat, other) && trusts(seat, other) && trusts(other, seat) && (!(seat.member.trickles || other.member.trickles) ||
      seat.member.hasCandidateOf(seat.member.remote()) || other.member.hasCandidateOf(other.member.remote()))
  const become = (seat: Seat, state: LinkState) => {
    seat.cancel()
    seat.cancel = nothing
    seat.state = state
    // What was about to come up has failed with the rest.
    if (state === "failed") seat.rising = ""
    seat.member.tell(state)
    if (state === "failed" && seat.partner !== undefined && !seats.has(seat.partner)) seat.member.lost()
  }
  /** Last of all that a change brings, so that who is told finds both ends as they are. */
  const tellReach = () => {
    for (const seat of seats) {
      const far = reachedFrom(seat)
      if (far === seat.reaches) continue
      seat.reaches = far
      seat.member.reaches(far?.member.end)
    }
  }
  const later = (seat: Seat, ms: number, act: () => void) =>
    seat.member.after(ms, () => {
      act()
      tellReach()
    })
  const interrupt = (seat: Seat) => {
    become(seat, "interrupted")
    seat.cancel = later(seat, failsAfterMs, () => become(seat, "failed"))
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
    later(seat, ms, () => {
      if (seat.rising !== generation) return
      seat.rising = ""
      // What has changed meanwhile begins anew.
      if (seats.has(match) && seat.state !== "up" && generationOf(seat) === generation && canReach(seat, match)) rise(seat, match)
      else lookAround()
    })
  }

  const look = (seat: Seat) => {
    const match = matchOf(seat, seats)
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
  const changed = () => {
    lookAround()
    tellReach()
  }

  return {
    cut: (one, other) => {
      if (one === undefined || other === undefined) allCut = true
      else cuts.add(path(one, other))
      changed()
    },
    mend: (one, other) => {
      if (one === undefined || other === undefined) {
        allCut = false
        cuts.clear()
      } else cuts.delete(path(one, other))
      changed()
    },
    join: (member) => {
      const seat: Seat = { member, state: "new", partner: undefined, generation: "", cancel: nothing, rising: "", reaches: undefined }
      seats.add(seat)
      return {
        changed,
        path: () => (seat.state === "up" ? seat.partner?.member.end : undefined),
        leave: () => {
          const informed = reachedFrom(seat)
          seats.delete(seat)
          seat.cancel()
          seat.rising = ""
          seat.partner = undefined
          for (const other of seats) {
            if (other.partner === seat && other.state === "up") {
              other.cancel = later(other, noticedAfterMs, () => interrupt(other))
            }
          }
          tellReach()
          // DTLS says goodbye (RFC 5246 section 7.2.1), where it can: the path itself is only found silent later.
          informed?.member.lost()
        }
      }
    }
  }
}
