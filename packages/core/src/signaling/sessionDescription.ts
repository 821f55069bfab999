/** Checks a session description before any engine sees it: some engines accept, and answer, text that is no SDP. */
import * as Result from "effect/Result"
import { InvalidSdp } from "../EnigmaRtcError.ts"
import { SignalingLimits } from "./limits.ts"

/** What is known of one media section while its lines are read. */
interface Section {
  readonly line: number
  readonly rejected: boolean
  mid?: string
  /** Which attributes of the transport it has. */
  readonly found: Set<string>
}

const fingerprintBytes: Record<string, number> = { "sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64 }

/**
 * Lines whose grammar is checked wherever they stand: how they begin, what they must be, and what that is called.
 * libwebrtc takes more characters than RFC 8839's ice-char, because deployed stacks send them; so do we.
 */
const grammar: ReadonlyArray<readonly [begins: string, is: RegExp, expected: string]> = [
  ["m=", /^m=[!-~]+ \d{1,5}(\/\d+)? [!-~]+( [!-~]+)+$/, "m=<media> <port> <protocol> <formats>"],
  ["t=", /^t=\d+ \d+$/, "t=<start> <stop>"],
  ["a=ice-ufrag:", /^a=ice-ufrag:[\w+/=#-]{4,256}$/, "4 to 256 ice-chars"],
  ["a=ice-pwd:", /^a=ice-pwd:[\w+/=#-]{22,256}$/, "22 to 256 ice-chars"],
  ["a=candidate:", /^a=candidate:\S{1,32} \d{1,3} \S+ \d{1,10} \S+ \d{1,5} typ \S+/, "a candidate"]
]
/** The first lines, in their order. */
const opening: ReadonlyArray<readonly [is: RegExp, expected: string]> = [
  [/^v=0$/, "v=0"],
  [/^o=\S+ \d{1,20} \d{1,20} IN IP[46] \S+$/, "o=<username> <id> <version> IN IP4|IP6 <address>"],
  [/^s=/, "s=<session name>"]
]

const isFingerprint = (line: string): boolean => {
  const [, hash, hex] = /^a=fingerprint:([!-~]+) ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*)$/.exec(line) ?? []
  if (hash === undefined || hex === undefined) return false
  const bytes = fingerprintBytes[hash.toLowerCase()]
  return bytes === undefined || hex.length === bytes * 3 - 1
}

/**
 * Checks version, origin, session, timing, at least one well-formed media section, and that each section in use has
 * ICE credentials and a DTLS fingerprint, of its own, from the session, or from the BUNDLE group's first section
 * (RFC 8866, RFC 8839, RFC 8122, RFC 9143). Lenient where browsers are: line endings, unknown attributes.
 *
 * Succeeds with the text as it is.
 */
export const checkSdp = (sdp: string): Result.Result<string, InvalidSdp> => {
  const refuse = (at: string, expected: string) => Result.fail(new InvalidSdp({ at, expected }))
  if (typeof sdp !== "string" || sdp === "") return refuse("the whole text", "a session description, not an empty one")
  if (sdp.length > SignalingLimits.sdp) return refuse("the whole text", `at most ${SignalingLimits.sdp} characters`)
  if (sdp.includes("\0")) return refuse("the whole text", "no NUL character")

  const lines = sdp.split(/\r?\n/)
  while (lines.at(-1) === "") lines.pop()

  const begin = (line: number, rejected: boolean): Section => ({ line, rejected, found: new Set() })
  const session = begin(0, false)
  const sections: Array<Section> = []
  const bundles: Array<ReadonlyArray<string>> = []
  let current = session
  for (const [i, [is, expected]] of opening.entries()) {
    if (!is.test(lines[i] ?? "")) return refuse(`line ${i + 1}`, expected)
  }
  for (const [i, line] of lines.entries()) {
    const at = `line ${i + 1}`
    if (!/^[a-z]=[^\r]*$/.test(line)) return refuse(at, "<letter>=<value>")
    const rule = grammar.find(([begins]) => line.startsWith(begins))
    if (rule !== undefined && !rule[1].test(line)) return refuse(at, rule[2])
    if (line.startsWith("m=")) {
      const port = Number(line.split(" ")[1]?.split("/")[0])
      if (port > 65_535) return refuse(at, "a port up to 65535")
      current = begin(i + 1, port === 0)
      sections.push(current)
    } else if (line.startsWith("a=fingerprint:")) {
      if (!isFingerprint(line)) return refuse(at, "a=fingerprint:<hash> <hex pairs>")
      current.found.add("a=fingerprint")
    } else if (line.startsWith("a=mid:")) {
      current.mid = line.slice("a=mid:".length)
    } else if (line.startsWith("a=group:BUNDLE")) {
      bundles.push(line.split(" ").slice(1))
    } else if (rule !== undefined) {
      current.found.add(rule[0].replace(":", ""))
    }
  }
  if (!session.found.has("t=")) return refuse("the session", "a t= line")
  if (sections.length === 0) return refuse("the session", "at least one media section")

  const firstOf = new Map<string, Section | undefined>()
  for (const mids of bundles) {
    const first = sections.find((section) => section.mid === mids[0])
    for (const mid of mids) firstOf.set(mid, first)
  }
  for (const section of sections) {
    if (section.rejected) continue
    const bundle = section.mid === undefined ? undefined : firstOf.get(section.mid)
    for (const needed of ["a=ice-ufrag", "a=ice-pwd", "a=fingerprint"]) {
      if (![section, session, bundle].some((place) => place?.found.has(needed))) {
        return refuse(`the media section of line ${section.line}`, needed)
      }
    }
  }
  return Result.succeed(sdp)
}
