/** What two ends of a call say to each other over their trunk: JSON, strictly read. Pure. */

/** A message of the trunk. A channel's id is that of the data producer of who opens it. */
export type TrunkMessage =
  /** Sent over and over; `hears`: lately something was heard of the far end. */
  | { readonly type: "alive"; readonly hears: boolean }
  | {
    readonly type: "open"
    readonly id: string
    readonly label: string
    readonly protocol: string
    readonly ordered: boolean
    readonly maxRetransmits?: number
    readonly maxPacketLifeTimeMs?: number
  }
  /** The far end's own producer, for the way back. What is sent to it is heard. */
  | { readonly type: "opened"; readonly id: string; readonly producer: string }
  | { readonly type: "refused"; readonly id: string }
  /** The way back is heard, too. */
  | { readonly type: "ready"; readonly id: string }
  /** So many bytes of a reliable channel have come until now. */
  | { readonly type: "got"; readonly id: string; readonly bytes: number }
  /** Nothing comes after so many messages. */
  | { readonly type: "close"; readonly id: string; readonly sent: number }
  /** All of them have come, or will not. */
  | { readonly type: "closed"; readonly id: string }

type Field = "boolean" | "id" | "text" | "count" | "unsigned short"
type Fields = { readonly [name: string]: Field | `${Field}?` }

const grammar: { readonly [T in TrunkMessage["type"]]: Fields } = {
  alive: { hears: "boolean" },
  open: { id: "id", label: "text", protocol: "text", ordered: "boolean", maxRetransmits: "unsigned short?", maxPacketLifeTimeMs: "unsigned short?" },
  opened: { id: "id", producer: "id" },
  refused: { id: "id" },
  ready: { id: "id" },
  got: { id: "id", bytes: "count" },
  close: { id: "id", sent: "count" },
  closed: { id: "id" }
}

const is = (field: string, value: unknown): boolean => {
  switch (field) {
    case "boolean":
      return typeof value === "boolean"
    case "id":
      return typeof value === "string" && /^[\w.~-]{1,64}$/.test(value)
    case "text":
      return typeof value === "string" && value.length <= 65_535
    // Browsers throw at more (W3C WebRTC section 6.2).
    case "unsigned short":
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535
    default:
      return Number.isSafeInteger(value) && Number(value) >= 0
  }
}

export const writeTrunk = (message: TrunkMessage): string => JSON.stringify(message)

/** None for what is no such message: it is passed over. */
export const readTrunk = (text: unknown): TrunkMessage | undefined => {
  if (typeof text !== "string") return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string" || !Object.hasOwn(grammar, value.type)) return undefined
    // Of these names, as has been seen.
    const fields = grammar[value.type as TrunkMessage["type"]]
    const given: { readonly [name: string]: unknown } = { ...value }
    const fits = Object.entries(fields).every(([name, field]) =>
      field.endsWith("?") ? given[name] === undefined || is(field.slice(0, -1), given[name]) : is(field, given[name]))
    // Checked, field by field.
    return fits ? (value as TrunkMessage) : undefined
  } catch {
    return undefined
  }
}
