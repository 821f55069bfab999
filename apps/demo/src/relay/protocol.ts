/** What a page and the relay say to each other: JSON, one object a WebSocket text frame. For the relay and its clients. */

/** Where the relay is on its server. */
export const relayPath = "/relay"

/** Bounds of what a client may say; characters are UTF-16 code units. */
export const RelayLimits = {
  /** A person's name. */
  name: 40,
  /** What the link calls the room. */
  room: 80,
  /** The secret in the room's link, and the one by which a client is known again. */
  secret: 64,
  /** The shortest of both: 132 bits. */
  secretLeast: 22,
  /** One relayed text: as much as the longest signaling message. */
  text: 256 * 1024,
  /** One frame, in bytes. It stays below what a broker takes (1 MiB). */
  frameBytes: 768 * 1024
} as const

/** Somebody in a room. */
export interface Peer {
  /** Who it is, also after a reconnect: made of the client's own secret, which nobody else knows. */
  readonly id: string
  /** What texts are addressed by. Unique in the room, also without regard to case. */
  readonly name: string
}

/** Why the relay does not, or no longer, serve a client. */
export type RefusalCode =
  /** The frame is no message of this protocol, or not at this point. */
  | "bad-message"
  /** The room and the token do not belong together. */
  | "bad-token"
  /** Somebody else in the room has this name. */
  | "name-taken"
  /** The same client has come by another connection: a second tab with the same secret. */
  | "replaced"
  /** Too many rooms, peers in the room, or connections. */
  | "full"
  /** More messages or bytes a second than anybody needs. */
  | "too-fast"
  /** It does not read what it is sent. */
  | "too-slow"
  /** It has not joined a room in time. */
  | "not-joined"
  /** The relay stops. */
  | "closing"

/** A refusal, as the client's user may read it. The connection closes after it. */
export interface Refusal {
  readonly type: "refused"
  readonly code: RefusalCode
  /** A whole sentence. */
  readonly words: string
  /** Whether to come again, after a while, may help. */
  readonly again: boolean
}

/** A client's first frame, and its only one of this kind. */
export interface Join {
  readonly type: "join"
  readonly room: string
  readonly token: string
  readonly name: string
  /** Made up by the client, and kept: who comes with it again is the same peer. */
  readonly secret: string
}

export type ClientMessage =
  | Join
  /** Any text, for whoever has the name. It is lost when nobody has it, or while that one's connection is away. */
  | { readonly type: "send"; readonly to: string; readonly text: string }
  /** Gone for good: without it a peer whose connection closes stays present for the time of grace. */
  | { readonly type: "leave" }

export type RelayMessage =
  | {
    readonly type: "joined"
    readonly self: Peer
    readonly peers: ReadonlyArray<Peer>
    /** Something comes at least this often (ms); a connection on which nothing does is dead. */
    readonly beatMs: number
  }
  /** All others in the room, whenever that has changed. */
  | { readonly type: "present"; readonly peers: ReadonlyArray<Peer> }
  | { readonly type: "text"; readonly from: string; readonly text: string }
  | { readonly type: "beat" }
  | Refusal

/** Names are compared so: who looks the same in lower case is the same. */
export const nameKey = (name: string): string => name.normalize("NFKC").toLowerCase()
