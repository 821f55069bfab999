/** Names in the place of secrets: within one trace the same text has the same name. For redaction. */

/** What is replaced: each kind has a numbering of its own. */
export type Kind = "ipv4" | "ipv6" | "host" | "ufrag" | "pwd" | "fingerprint" | "foundation" | "id" | "text"

/** How many texts of each kind are remembered, so that no peer fills the memory: the ones used last. */
const maxRemembered = 1_024
/** A longer text has a number of its own wherever it stands. */
const longest = 256

export interface Pseudonyms {
  /** The text's number within its kind, from 1. */
  readonly numberOf: (kind: Kind, text: string) => number
  /** `id1` and so on: visible, and nobody's. */
  readonly word: (kind: "id" | "text", text: string) => string
  /** Of the same family; the unspecified address and the loopback stay, for they are everybody's. */
  readonly address: (text: string) => string
  /** ICE credentials of RFC 8839 section 5.4. */
  readonly ufrag: (text: string) => string
  readonly pwd: (text: string) => string
}

const everybodys = new Set(["0.0.0.0", "127.0.0.1", "::", "::1"])

export const makePseudonyms = (): Pseudonyms => {
  // Each kind by itself: many addresses must not drive out the credentials that a call is known by.
  const kinds = new Map<Kind, { last: number; readonly remembered: Map<string, number> }>()
  const numberOf = (name: Kind, text: string): number => {
    const kind = kinds.get(name) ?? { last: 0, remembered: new Map<string, number>() }
    kinds.set(name, kind)
    const { remembered } = kind
    const number = remembered.get(text) ?? ++kind.last
    if (text.length > longest) return number
    remembered.delete(text)
    remembered.set(text, number)
    for (const oldest of remembered.keys()) {
      if (remembered.size <= maxRemembered) break
      remembered.delete(oldest)
    }
    return number
  }
  return {
    numberOf,
    word: (kind, text) => `${kind}${numberOf(kind, text)}`,
    address: (text) => {
      if (everybodys.has(text)) return text
      if (text.includes(":")) {
        // The addresses of RFC 3849, which are for documents.
        const number = numberOf("ipv6", text)
        return `2001:db8::${Math.floor(number / 65_536).toString(16)}:${(number % 65_536).toString(16)}`
      }
      if (/^[\d.]+$/.test(text)) {
        // The addresses of RFC 2544, which are for measurements: those for documents are too few.
        const number = numberOf("ipv4", text) % 131_072
        return `198.${18 + Math.floor(number / 65_536)}.${Math.floor(number / 256) % 256}.${number % 256}`
      }
      return `host${numberOf("host", text)}.${/\.local$/i.test(text) ? "local" : "invalid"}`
    },
    // None stays none.
    ufrag: (text) => text === "" ? "" : `ufrag${numberOf("ufrag", text)}`,
    pwd: (text) => text === "" ? "" : `pwd${String(numberOf("pwd", text)).padStart(21, "0")}`
  }
}

/** Does this text hold something like an IP address, an mDNS name, a URL or a mail address? */
export const isAddressLike = (text: string): boolean =>
  /\d{1,3}(\.\d{1,3}){3}|(^|[^\w:])([\da-f]{0,4}:){2,}[\da-f]{0,4}|\.local\b|:\/\/|@/i.test(text)

/** A name that is no secret is kept, such as a call's id: nothing that is compared by order may change. */
export const redactName = (names: Pseudonyms, text: string): string =>
  text === "" || (/^[!-~]{1,64}$/.test(text) && !isAddressLike(text)) ? text : names.word("id", text)
