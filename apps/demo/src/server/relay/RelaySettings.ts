/** The relay's bounds and times, each with the value that the demo runs with. For the relay, its figures and its tests. */
export interface RelaySettings {
  readonly rooms: number
  readonly peersPerRoom: number
  readonly connections: number
  readonly connectionsPerAddress: number
  /** How many messages a client may send a second in the long run, and how many at once. */
  readonly messagesPerSecond: number
  readonly messageBurst: number
  /** The same in characters. */
  readonly charactersPerSecond: number
  readonly characterBurst: number
  /** What may wait for a client that reads slowly, in bytes. */
  readonly bufferedBytes: number
  /** How long a connection may be there without being in a room. */
  readonly joinMs: number
  /** A dead connection is found out after two of these at the latest, by either end. */
  readonly beatMs: number
  /** How long a peer whose connection has closed stays present. */
  readonly graceMs: number
  /** Changes of who is present are told together after this time. */
  readonly presenceMs: number
  /** With a broker: how long the other relays may take to say who is in a room that is new here. */
  readonly settleMs: number
  /** With a broker: how often each relay says who is in its rooms … */
  readonly announceMs: number
  /** … and after which silence it is taken for dead, and its peers for gone. */
  readonly goneMs: number
}

export const relaySettings: RelaySettings = {
  rooms: 1_000,
  peersPerRoom: 32,
  connections: 4_096,
  connectionsPerAddress: 64,
  messagesPerSecond: 100,
  messageBurst: 400,
  charactersPerSecond: 2 ** 20,
  characterBurst: 2 ** 22,
  bufferedBytes: 2 ** 22,
  joinMs: 10_000,
  beatMs: 5_000,
  graceMs: 20_000,
  presenceMs: 30,
  settleMs: 200,
  announceMs: 2_000,
  goneMs: 7_000
}
