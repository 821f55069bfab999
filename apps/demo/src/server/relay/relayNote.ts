/** What relays of one broker say to each other about a room. For `Room`. */
import type { Peer } from "../../relay/protocol.ts"
import { isName } from "../../relay/readMessage.ts"

/** A peer, and what decides when two relays disagree about it. */
export interface Member extends Peer {
  /** When it took its name (ms since 1970): of two with one name the earlier stays. */
  readonly since: number
  /** When it came to its relay: of two relays that have it the later one keeps it. */
  readonly turn: number
}

/** `relay` is the sender's id. */
export type RelayNote =
  /** Who is in the room at this relay. */
  | { readonly type: "members"; readonly relay: string; readonly members: ReadonlyArray<Member> }
  /** Asks for that. */
  | { readonly type: "who"; readonly relay: string }
  | { readonly type: "text"; readonly relay: string; readonly from: string; readonly to: string; readonly text: string }

const isMember = (value: unknown): value is Member => {
  const { id, name, since, turn } = (value ?? {}) as Partial<Record<keyof Member, unknown>>
  return typeof id === "string" && isName(name) && Number.isFinite(since) && Number.isFinite(turn)
}

/** Reads a note; nothing when it is none: a broker may carry others' texts too. */
export const readRelayNote = (text: string): RelayNote | undefined => {
  let note: Readonly<Record<string, unknown>>
  try {
    note = (JSON.parse(text) ?? {}) as typeof note
  } catch {
    return undefined
  }
  const { from, members, relay, text: said, to, type } = note
  if (typeof relay !== "string") return undefined
  switch (type) {
    case "members":
      return Array.isArray(members) && members.every(isMember) ? { type, relay, members } : undefined
    case "who":
      return { type, relay }
    case "text":
      return isName(from) && isName(to) && typeof said === "string" ? { type, relay, from, to, text: said } : undefined
    default:
      return undefined
  }
}
