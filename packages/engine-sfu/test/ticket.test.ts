/** The ticket of a description: read as it was written, and nothing else is taken for one. */
import * as Result from "effect/Result"
import { expect, it } from "vitest"
import { isTicketFor, readTicket, type Ticket, writeTicket } from "../src/ticket.ts"

const ticket: Ticket = { room: "a.room", peer: "p-1", trunk: "t_1", producers: { microphone: "m", screen: "s~1" } }
const sdpOf = (line: string) => `v=0\r\n${line}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 100\r\n`

it("a ticket is read as it was written, with either line ending", () => {
  for (const sdp of [sdpOf(writeTicket(ticket)), sdpOf(writeTicket(ticket)).replaceAll("\r\n", "\n")]) {
    expect(readTicket(sdp)).toEqual(Result.succeed(ticket))
  }
  const bare = { ...ticket, producers: {} }
  expect(readTicket(sdpOf(writeTicket(bare)))).toEqual(Result.succeed(bare))
})

const line = writeTicket(ticket)
it.each([
  ["a description without a ticket", "a=ice-options:trickle", "another kind"],
  ["a ticket of another engine", "a=x-enigma-engine:other 1 room=a", "another kind"],
  ["a ticket of another version", line.replace("sfu 1", "sfu 2"), "version 1"],
  ["two tickets", `${line}\r\n${line}`, "one ticket"],
  ["a slot that is named twice", `${line} microphone=x`, "each slot once"],
  ["a slot that there is not", `${line} speaker=x`, "a room"],
  ["a name with other characters", line.replace("p-1", "p 1"), "a room"],
  ["a name that is too long", line.replace("p-1", "p".repeat(65)), "a room"],
  ["a ticket without a trunk", line.replace("trunk=t_1 ", ""), "a room"],
  ["anything behind it", `${line} and more`, "a room"]
])("%s is refused", (_, text, expected) => {
  const read = readTicket(sdpOf(text))
  expect(Result.isFailure(read) && read.failure.message).toContain(expected)
})

it("what looks like a ticket in a section is none", () => {
  expect(Result.isFailure(readTicket(`${sdpOf("a=x:1")}${line}\r\n`))).toBe(true)
})

it("a room's engine takes offers of its room and tickets that it cannot read, and no other room's or kind's", () => {
  expect(isTicketFor("a.room", sdpOf(line))).toBe(true)
  expect(isTicketFor("a.room", sdpOf(`${line} speaker=x`))).toBe(true)
  expect(isTicketFor("b.room", sdpOf(line))).toBe(false)
  expect(isTicketFor("a.room", sdpOf("a=x-enigma-engine:other 1"))).toBe(false)
  expect(isTicketFor("a.room", sdpOf("a=ice-options:trickle"))).toBe(false)
})
