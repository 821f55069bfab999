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

const isFingerprint = (line: string): boolean => {
  const [, hash, hex] = /^a=fingerprint:([!-~]+) ([\da-f]{2}(:[\da-f]{2})*)$/i.exec(line) ?? []
  if (hash === undefined || hex === undefined) return false
  const bytes = fingerprintBytes[hash.toLowerCase()]
  return bytes === undefined || hex.length === bytes * 3 - 1
}

type Rule = readonly [begins: string, is: Pick<RegExp, "test">, expected: string]

/**
 * Lines whose grammar is checked wherever they stand: how they begin, what they must be, and what that is called.
 * libwebrtc takes more characters than RFC 8839's ice-char, because deployed stacks send them; so do we.
 */
const grammar: ReadonlyArray<Rule> = [
  ["m=", /^m=[!-~]+ \d{1,5}(\/\d+)? [!-~]+( [!-~]+)+$/, "m=<media> <port> <protocol> <formats>"],
  ["t=", /^t=\d+ \d+$/, "t=<start> <stop>"],
  ["a=ice-ufrag:", /^a=ice-ufrag:[\w+/=#-]{4,256}$/, "4 to 256 ice-chars"],
  ["a=ice-pwd:", /^a=ice-pwd:[\w+/=#-]{22,256}$/, "22 to 256 ice-chars"],
  ["a=fingerprint:", { test: isFingerprint }, "a=fingerprint:<hash> <hex pairs>"],
  ["a=candidate:", /^a=candidate:\S{1,32} \d{1,3} \S+ \d{1,10} \S+ \d{1,5} typ \S+/, "a candidate"]
]
/** The first lines, in their order. */
const opening: ReadonlyArray<Rule> = [
  ["v=", /^v=0$/, "v=0"],
  ["o=", /^o=\S+ \d{1,20} \d{1,20} IN IP[46] \S+$/, "o=<username> <id> <version> IN IP4|IP6 <address>"],
  ["s=", /^s=/, "s=<session name>"]
]

/**
 * Checks version, origin, session, timing, at least one well-formed media section, and that each section in use has
 * ICE credentials and a DTLS fingerprint, of its own, from the session, or from the BUNDLE group's first section
 * (RFC 8866, RFC 8839, RFC 8122, RFC 9143). Lenient where browsers are: line endings, unknown attributes. At most 64
 * media sections, 8 BUNDLE groups, and `SignalingLimits.sdp` characters; its time grows with the length, and no faster.
 *
 * Succeeds with the text as it is.
 */
export const checkSdp = (sdp: string): Result.Result<string, InvalidSdp> => {
  const refuse = (at: string, expected: string) => Result.fail(new InvalidSdp({ at, expected }))
  if (typeof sdp !== "string" || sdp === "") return refuse("the whole text", "a session description")
  if (sdp.length > SignalingLimits.sdp) return refuse("the whole text", `at most ${SignalingLimits.sdp} characters`)

  const lines = sdp.split(/\r?\n/)
  while (lines.at(-1) === "") lines.pop()

  const begin = (line: number, rejected: boolean): Section => ({ line, rejected, found: new Set() })
  const session = begin(0, false)
  const sections: Array<Section> = []
  const bundles: Array<ReadonlyArray<string>> = []
  let current = session
  for (const [i, line] of lines.entries()) {
    const at = `line ${i + 1}`
    const rule = opening[i] ?? grammar.find(([begins]) => line.startsWith(begins))
    if (rule !== undefined && !rule[1].test(line)) return refuse(at, rule[2])
    // A lone carriage return begins a new line for some parsers: what was checked must be what they read.
    if (!/^[a-z]=[\t\P{Cc}]*$/u.test(line)) return refuse(at, "<letter>=<value>, with no control character")
    if (line.startsWith("m=")) {
      const port = Number.parseInt(line.split(" ")[1] ?? "", 10)
      if (port > 65_535) return refuse(at, "a port up to 65535")
      current = begin(i + 1, port === 0)
      sections.push(current)
    } else if (line.startsWith("a=mid:")) {
      current.mid = line.slice("a=mid:".length)
    } else if (line.startsWith("a=group:BUNDLE")) {
      bundles.push(line.split(" ").slice(1))
    } else if (rule !== undefined) {
      current.found.add(rule[0].replace(":", ""))
    }
    // What a call has, and more. Each section costs the engine's time too, and each group the search below.
    if (sections.length > 64 || bundles.length > 8) return refuse(at, "at most 64 media sections and 8 BUNDLE groups")
  }
  if (!session.found.has("t=")) return refuse("the session", "a t= line")
  if (sections.length === 0) return refuse("the session", "at least one media section")

  const firstOf = new Map<string | undefined, Section | undefined>()
  for (const mids of bundles) {
    const first = sections.find((section) => section.mid === mids[0])
    for (const mid of mids) firstOf.set(mid, first)
  }
  for (const section of sections) {
    if (section.rejected) continue
    const bundle = firstOf.get(section.mid)
    for (const needed of ["a=ice-ufrag", "a=ice-pwd", "a=fingerprint"]) {
      if (![section, session, bundle].some((place) => place?.found.has(needed))) {
        return refuse(`the media section of line ${section.line}`, needed)
      }
    }
  }
  return Result.succeed(sdp)
}

/** Which kinds of media a description offers. */
export interface OfferedMedia {
  readonly audio: boolean
  readonly video: boolean
  /** Data channels (RFC 8841). */
  readonly data: boolean
}

/**
 * Which kinds of media a checked description has a section for that is in use: one whose port is not 0 (RFC 3264
 * section 6), or that is bundle-only (RFC 9143 section 6, which gives it port 0). Whether a section sends is not asked.
 */
export const offeredMedia = (sdp: string): OfferedMedia => {
  const sections = sdp.split("\nm=")
  const has = (kind: string) => {
    const inUse = new RegExp(`^${kind} (0*[1-9]|[^]*\na=bundle-only)`)
    return sections.some((section) => inUse.test(section))
  }
  return { audio: has("audio"), video: has("video"), data: has("application") }
}
