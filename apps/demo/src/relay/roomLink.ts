/** A room's link: everything is behind the `#`, which browsers send to no server. For the page, and for who prints links. */

/** A room, and the secret that lets one in. */
export interface RoomKey {
  /** Such as `room.3q2-7w…`: a label, and a digest of label and token. */
  readonly room: string
  readonly token: string
}

export const roomLink = (base: string, { room, token }: RoomKey): string =>
  new URL(`/#room=${encodeURIComponent(room)}&token=${encodeURIComponent(token)}`, base).href

/** Reads a link's hash; nothing when it has no room. Whether both belong together is the relay's to say. */
export const readRoomLink = (hash: string): RoomKey | undefined => {
  const fields = new URLSearchParams(hash.replace(/^#/, ""))
  const [room, token] = [fields.get("room"), fields.get("token")]
  return room === null || token === null ? undefined : { room, token }
}
