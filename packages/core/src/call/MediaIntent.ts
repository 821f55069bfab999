/** What media a call wants, whatever happens to its connection. Held by the machine, carried out by engines. */

/** A source of local media, and the far end's counterpart. */
export type Slot = "microphone" | "camera" | "screen"

/** Every slot, in the order in which descriptions list them. */
export const slots = ["microphone", "camera", "screen"] as const satisfies ReadonlyArray<Slot>

/** `off`: not negotiated. `muted`: negotiated, and no RTP is sent. `on`: sent, if the engine has a source. */
export type Sending = "off" | "muted" | "on"

/** Survives renegotiation, ICE restart and an engine that is opened anew. */
export interface MediaIntent {
  /** Neither end sends or plays media (RFC 3264 section 8.4). */
  readonly hold: boolean
  /** Offer a section for data channels (RFC 8841). An offered one is always taken. */
  readonly data: boolean
  /** The codecs to put first, best first, by their SDP names without case: `opus`, or `["PCMU", "VP9"]`. */
  readonly preferCodec?: string | ReadonlyArray<string>
  readonly send: { readonly [S in Slot]: Sending }
  readonly receive: { readonly [S in Slot]: boolean }
}

/** What to change of an intent; what is left out stays. */
export interface MediaChange {
  readonly hold?: boolean
  readonly data?: boolean
  readonly preferCodec?: string | ReadonlyArray<string>
  readonly send?: { readonly [S in Slot]?: Sending }
  readonly receive?: { readonly [S in Slot]?: boolean }
}

/** The intent with a change made to it. */
export const changeIntent = (intent: MediaIntent, change: MediaChange): MediaIntent => ({
  ...intent,
  ...given(change),
  send: { ...intent.send, ...given(change.send) },
  receive: { ...intent.receive, ...given(change.receive) }
})
/** Without what is `undefined`, which an app in JavaScript writes for what is left out. */
const given = <A extends object>(change: A = {} as A): A =>
  // What is left has the fields and values that it had.
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as A

/** By value: no name of a codec has a comma (RFC 8866 section 6.6), so that a list and a text of it are one thing. */
const codecsOf = ({ preferCodec = [] }: MediaIntent): string => String(preferCodec).toLowerCase()

/** Must a new description be exchanged before this change takes effect? Muting, and its end, need none. */
export const needsNegotiation = (before: MediaIntent, after: MediaIntent): boolean =>
  before.hold !== after.hold ||
  before.data !== after.data ||
  codecsOf(before) !== codecsOf(after) ||
  slots.some((slot) =>
    (before.send[slot] === "off") !== (after.send[slot] === "off") || before.receive[slot] !== after.receive[slot]
  )
