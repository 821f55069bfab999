/** A candidate without its addresses and credentials, in the grammar of RFC 8839 section 5.1. For redaction. */
import { SignalingLimits } from "../signaling/limits.ts"
import { type Pseudonyms, redactName } from "./Pseudonyms.ts"

/** Extensions whose values tell nothing of a user. */
const kept = new Set(["rport", "tcptype", "generation", "network-id", "network-cost"])

/** A transport, a type or a number. */
const redactToken = (names: Pseudonyms, token: string): string =>
  /^[A-Za-z\d]{1,10}$/.test(token) ? token : names.word("text", token)

const redactExtension = (names: Pseudonyms, name: string, value: string): string => {
  if (name === "raddr") return names.address(value)
  if (name === "ufrag") return names.ufrag(value)
  if (name === "pwd") return names.pwd(value)
  return kept.has(name) ? redactToken(names, value) : names.word("text", value)
}

/**
 * Addresses and the ufrag get pseudonyms, and so does the foundation, which browsers make of the address; ports,
 * priority, transport and type stay. What `checkCandidate` takes, it takes after that too.
 */
export const redactCandidate = (names: Pseudonyms, candidate: string): string => {
  if (candidate === "") return ""
  if (!candidate.startsWith("candidate:")) return names.word("text", candidate)
  const tokens = candidate.split(" ").map((token, i, all) => {
    if (i === 0) return `candidate:${names.numberOf("foundation", token)}`
    if (i === 4) return names.address(token)
    if (i < 8) return redactToken(names, token)
    return i % 2 === 0 ? redactName(names, token) : redactExtension(names, all[i - 1] ?? "", token)
  })
  const redacted = tokens.join(" ")
  // Many short extensions may have grown: the fields that every candidate has are enough then.
  return redacted.length <= SignalingLimits.candidate ? redacted : tokens.slice(0, 8).join(" ")
}
