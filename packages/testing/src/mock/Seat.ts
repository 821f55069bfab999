/** What a network keeps of a connection: how its path is, and with whom. For `MockNetwork`. */
import type { LinkState } from "@enigma-rtc/core"
import type { NetworkMember } from "./NetworkMember.ts"

export interface Seat {
  readonly member: NetworkMember
  state: "new" | LinkState
  /** Whom media flows with, or did last. */
  partner: Seat | undefined
  /** The credentials of both ends with which media came up last. */
  generation: string
  cancel: () => void
  /** The credentials with which media is about to come up. */
  rising: string
  /** Whom it was told that its media and data reach. */
  reaches: Seat | undefined
}

/** Whom what this one sends reaches: both are up, and with each other. */
export const reachedFrom = (seat: Seat): Seat | undefined =>
  seat.state === "up" && seat.partner?.state === "up" && seat.partner.partner === seat ? seat.partner : undefined

/** RFC 8827 section 6.5: DTLS goes on only with the certificate that was described. */
export const trusts = (seat: Seat, other: Seat) => seat.member.trusted() === other.member.certificate()

/** The ICE credentials of both ends. */
export const generationOf = ({ member }: Seat) => `${member.local()} ${member.remote()}`

/** The connection that this one has agreed with, by the ICE credentials of both. */
export const matchOf = (seat: Seat, seats: ReadonlySet<Seat>): Seat | undefined => {
  const [local, remote] = [seat.member.local(), seat.member.remote()]
  if (local === "" || remote === "") return undefined
  for (const other of seats) {
    if (other !== seat && other.member.local() === remote && other.member.remote() === local) return other
  }
  return undefined
}
