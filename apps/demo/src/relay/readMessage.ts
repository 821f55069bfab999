/** Reads the relay's protocol, trusting nothing. For the relay, which reads clients, and for clients, which read the relay. */
import { type ClientMessage, type Peer, RelayLimits, type RelayMessage } from "./protocol.ts"

type Fields = Readonly<Record<string, unknown>>

/** Letters, marks, digits, punctuation, symbols and single spaces within: nothing that hides or breaks a line. */
const namePattern = /^(?! )(?:[\p{L}\p{M}\p{N}\p{P}\p{S}]| (?! |$))+$/u
const secretPattern = /^[A-Za-z0-9_-]+$/

const isText = (value: unknown, most: number, least = 1): value is string =>
  typeof value === "string" && value.length >= least && value.length <= most

/** May a person be called so? */
export const isName = (value: unknown): value is string => isText(value, RelayLimits.name) && namePattern.test(value)
const isSecret = (value: unknown): value is string =>
  isText(value, RelayLimits.secret, RelayLimits.secretLeast) && secretPattern.test(value)
const isPeer = (value: unknown): value is Peer => {
  const { id, name } = fieldsOf(value)
  return isText(id, RelayLimits.secret) && isName(name)
}
const isPeers = (value: unknown): value is ReadonlyArray<Peer> => Array.isArray(value) && value.every(isPeer)

const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : {}

const parse = (frame: string): Fields => {
  try {
    return fieldsOf(JSON.parse(frame))
  } catch {
    return {}
  }
}

/** What a client says; nothing when it is no message of the protocol. */
export const readClientMessage = (frame: string): ClientMessage | undefined => {
  const { name, room, secret, text, to, token, type } = parse(frame)
  switch (type) {
    case "join":
      // Whether room and token are a link's is told in other words.
      return isText(room, RelayLimits.room) && isText(token, RelayLimits.secret) && isName(name) && isSecret(secret)
        ? { type, room, token, name, secret }
        : undefined
    case "send":
      return isName(to) && isText(text, RelayLimits.text, 0) ? { type, to, text } : undefined
    case "leave":
      return { type }
    default:
      return undefined
  }
}

/** What the relay says; nothing when a client of this version cannot read it. */
export const readRelayMessage = (frame: string): RelayMessage | undefined => {
  const { again, beatMs, code, from, peers, self, text, type, words } = parse(frame)
  switch (type) {
    case "joined":
      return isPeer(self) && isPeers(peers) && typeof beatMs === "number" ? { type, self, peers, beatMs } : undefined
    case "present":
      return isPeers(peers) ? { type, peers } : undefined
    case "text":
      return isName(from) && typeof text === "string" ? { type, from, text } : undefined
    case "beat":
      return { type }
    case "refused":
      // A code of a later version is told in its own words.
      return isText(code, 40) && typeof words === "string"
        ? { type, code: code as Extract<RelayMessage, { readonly type: "refused" }>["code"], words, again: again === true }
        : undefined
    default:
      return undefined
  }
}
