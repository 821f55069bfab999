/** The ticket in a description: where its end is to be found in the SFU, and what of its own may be consumed. Pure. */
import { type Slot, slots } from "@enigma-rtc/core"
import * as Data from "effect/Data"
import * as Result from "effect/Result"

/** What an end of a call gives the other. Nothing in it is secret: only the server says who is sent what. */
export interface Ticket {
  readonly room: string
  /** The name that the server has given this end in the room. */
  readonly peer: string
  /** The data producer of the trunk. */
  readonly trunk: string
  /** The producers of media, by slot. */
  readonly producers: { readonly [S in Slot]?: string }
}

/** A description without a ticket of this engine's, or with one that cannot be read. The payload is never echoed. */
export class InvalidTicket extends /*#__PURE__*/ Data.TaggedError("InvalidTicket")<{ readonly expected: string }> {
  override get message(): string {
    return `Invalid ticket of the SFU engine: expected ${this.expected}`
  }
}

/** The version of the ticket's form. */
const version = "1"
const attribute = "a=x-enigma-engine:"
/** Names of rooms and peers as the protocol has them; ids of servers are of the same characters. */
const token = "[\\w.~-]{1,64}"
const grammar = new RegExp(`^sfu ${version} room=(${token}) peer=(${token}) trunk=(${token})((?: (?:${slots.join("|")})=${token}){0,${slots.length}})$`)

/** The session-level line that carries a ticket. */
export const writeTicket = ({ peer, producers, room, trunk }: Ticket): string => {
  const produced = slots.flatMap((slot) => (producers[slot] === undefined ? [] : ` ${slot}=${producers[slot]}`))
  return `${attribute}sfu ${version} room=${room} peer=${peer} trunk=${trunk}${produced.join("")}`
}

/** Reads a description's ticket. One of another engine, of another version, or that says a thing twice, is refused. */
export const readTicket = (sdp: string): Result.Result<Ticket, InvalidTicket> => {
  const refuse = (expected: string) => Result.fail(new InvalidTicket({ expected }))
  const [session = ""] = sdp.split(/^m=/m, 1)
  const lines = session.split(/\r?\n/).filter((line) => line.startsWith(attribute))
  const [line] = lines
  if (line === undefined) return refuse("a description of an SFU engine: this one is of an engine of another kind")
  if (lines.length > 1) return refuse("one ticket")
  const value = line.slice(attribute.length)
  if (!value.startsWith("sfu ")) return refuse("a description of an SFU engine: this one is of an engine of another kind")
  if (!value.startsWith(`sfu ${version} `)) return refuse(`version ${version}`)
  const [, room, peer, trunk, rest = ""] = grammar.exec(value) ?? []
  if (room === undefined || peer === undefined || trunk === undefined) return refuse("a room, a peer, a trunk, and producers by slot")
  // The pattern matches only slots.
  const pairs = rest.split(" ").slice(1).map((pair) => pair.split("=") as [Slot, string])
  const producers = Object.fromEntries(pairs)
  return Object.keys(producers).length === pairs.length ? Result.succeed({ room, peer, trunk, producers }) : refuse("each slot once")
}

/**
 * Is a description for a room's engine: with a ticket of this room, or of this kind and unreadable? Of two rooms' engines each
 * takes its own; and what is wrong with a ticket is told by the one that reads it.
 */
export const isTicketFor = (room: string, sdp: string): boolean => {
  if (!/^a=x-enigma-engine:sfu /m.test(sdp)) return false
  const read = readTicket(sdp)
  return Result.isFailure(read) || read.success.room === room
}
