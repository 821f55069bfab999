/** Rooms that cannot be guessed, without a list of them: a room's name is a digest of its token. For every relay, also after a restart. */
import { createHash, randomBytes } from "node:crypto"
import { RelayLimits } from "../../relay/protocol.ts"
import type { RoomKey } from "../../relay/roomLink.ts"

const digest = (...parts: ReadonlyArray<string>): string =>
  createHash("sha256").update(parts.join("\n")).digest("base64url").slice(0, 22)

const roomOf = (label: string, token: string): string => `${label}.${digest("enigma-rtc room", label, token)}`

/** A new room that nobody is in. `label`: lower-case letters, digits and `-`, for people who read links. */
export const makeRoom = (label = "room"): RoomKey => {
  const token = randomBytes(18).toString("base64url")
  return { room: roomOf(label, token), token }
}

/** Is this the token of this room? One that could be guessed is of no room. */
export const isRoomToken = ({ room, token }: RoomKey): boolean =>
  token.length >= RelayLimits.secretLeast && room === roomOf(room.slice(0, room.indexOf(".")), token)

/** Who a client is: the same for the same secret, on every relay, and no way back to it. */
export const peerId = (room: string, secret: string): string => digest("enigma-rtc peer", room, secret)
