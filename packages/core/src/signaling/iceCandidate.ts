/** The grammar of an ICE candidate (RFC 8839 section 5.1), so that no engine sees one that is malformed. */
import * as Result from "effect/Result"
import { InvalidCandidate } from "../EnigmaRtcError.ts"
import { SignalingLimits } from "./limits.ts"

/** A candidate as engines take it (W3C WebRTC section 4.8.1). An empty `candidate` is end-of-candidates. */
export interface IceCandidate {
  readonly candidate: string
  /** The media section's identification (RFC 5888). */
  readonly sdpMid?: string
  /** The media section's index, from 0. Without either, the first section is meant. */
  readonly sdpMLineIndex?: number
}

/** The parts of a candidate line. */
export interface ParsedCandidate {
  readonly foundation: string
  readonly component: number
  readonly protocol: "udp" | "tcp"
  readonly priority: number
  readonly address: string
  readonly port: number
  readonly type: "host" | "srflx" | "prflx" | "relay"
  readonly relatedAddress?: string
  readonly relatedPort?: number
  readonly tcpType?: "active" | "passive" | "so"
  readonly usernameFragment?: string
}

const types = ["host", "srflx", "prflx", "relay"] as const
const tcpTypes = ["active", "passive", "so"] as const

const oneOf = <A extends string>(known: ReadonlyArray<A>, text: string): A | undefined => known.find((a) => a === text)

const integer = (text: string, min: number, max: number): number | undefined => {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1
  return value >= min && value <= max ? value : undefined
}

const isIpv4 = (text: string): boolean => {
  const parts = text.split(".")
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

const isIpv6 = (text: string): boolean => {
  const halves = text.split("::")
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")))
  const last = groups.at(-1)
  const embedsIpv4 = last !== undefined && last.includes(".")
  if (embedsIpv4 && (!isIpv4(last) || text.endsWith("::"))) return false
  const hex = embedsIpv4 ? groups.slice(0, -1) : groups
  if (!hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  const length = hex.length + (embedsIpv4 ? 2 : 0)
  return halves.length === 2 ? length < 8 : length === 8
}

/** A DNS name, as mDNS candidates have it: `9b36eaac-….local`. */
const isName = (text: string): boolean =>
  text.length <= 253 &&
  /[A-Za-z]/.test(text) &&
  text.split(".").every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label))

const isAddress = (text: string): boolean => (text.includes(":") ? isIpv6(text) : isIpv4(text) || isName(text))

/** One token of a candidate line: its name in RFC 8839, what it must be, and its value, or `undefined` if it is not that. */
const token = {
  foundation: ["1 to 32 ice-chars", (text: string) => (/^[A-Za-z0-9+/]{1,32}$/.test(text) ? text : undefined)],
  "component-id": ["1 to 256", (text: string) => integer(text, 1, 256)],
  transport: ["udp or tcp", (text: string) => oneOf(["udp", "tcp"], text.toLowerCase())],
  priority: ["a 32-bit number", (text: string) => integer(text, 0, 2 ** 32 - 1)],
  address: ["an IPv4 address, an IPv6 address or a DNS name", (text: string) => (isAddress(text) ? text : undefined)],
  port: ["0 to 65535", (text: string) => integer(text, 0, 65_535)],
  typ: ["the word typ", (text: string) => oneOf(["typ"], text)],
  "cand-type": [types.join(", "), (text: string) => oneOf(types, text)],
  tcptype: [tcpTypes.join(", "), (text: string) => oneOf(tcpTypes, text)]
} as const

const refuse = (at: string, expected: string) => Result.fail(new InvalidCandidate({ at, expected }))

/**
 * Reads a candidate line, such as `candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host`.
 *
 * Transports other than UDP and TCP, and types that RFC 8445 does not define, are refused: no engine can use them.
 * Unknown extension attributes are allowed, as the RFC demands.
 */
export const parseCandidate = (line: string): Result.Result<ParsedCandidate, InvalidCandidate> => {
  if (line.length > SignalingLimits.candidate) {
    return refuse("candidate", `at most ${SignalingLimits.candidate} characters`)
  }
  if (!line.startsWith("candidate:")) return refuse("candidate", "text that begins with candidate:")
  const tokens = line.slice("candidate:".length).split(" ")
  const extensions = tokens.splice(8)
  if (extensions.length % 2 !== 0 || !extensions.every((text) => /^[!-~]+$/.test(text))) {
    return refuse("extensions", "pairs of a name and a value, one space apart")
  }
  const attribute = new Map<string, string>()
  for (let i = 0; i < extensions.length; i += 2) attribute.set(extensions[i] ?? "", extensions[i + 1] ?? "")

  let wrong: readonly [at: string, expected: string] | undefined
  const read = <A>([expected, of]: readonly [string, (text: string) => A | undefined], at: string, text = ""): A => {
    const value = of(text)
    if (value === undefined) wrong ??= [at, expected]
    // Where the value is missing, `wrong` is set, and what is made of it here is thrown away.
    return value as A
  }
  const extension = <K extends string, A>(key: K, at: string, rule: readonly [string, (text: string) => A | undefined]) => {
    const text = attribute.get(at)
    // TypeScript sees a computed key as an index signature; it is exactly K.
    return (text === undefined ? {} : { [key]: read(rule, at, text) }) as { readonly [P in K]?: A }
  }
  const parsed: ParsedCandidate = {
    foundation: read(token.foundation, "foundation", tokens[0]),
    component: read(token["component-id"], "component-id", tokens[1]),
    protocol: read(token.transport, "transport", tokens[2]),
    priority: read(token.priority, "priority", tokens[3]),
    address: read(token.address, "connection-address", tokens[4]),
    port: read(token.port, "port", tokens[5]),
    type: (read(token.typ, "typ", tokens[6]), read(token["cand-type"], "cand-type", tokens[7])),
    ...extension("relatedAddress", "raddr", token.address),
    ...extension("relatedPort", "rport", token.port),
    ...extension("tcpType", "tcptype", token.tcptype),
    ...extension("usernameFragment", "ufrag", ["a fragment", (text) => text])
  }
  return wrong === undefined ? Result.succeed(parsed) : refuse(...wrong)
}

/** Checks a candidate before an engine sees it: its grammar, and where it says that it belongs. */
export const checkCandidate = (candidate: IceCandidate): Result.Result<IceCandidate, InvalidCandidate> => {
  const { sdpMid, sdpMLineIndex } = candidate
  if (sdpMid !== undefined && !/^[\x21-\x7e]{1,64}$/.test(sdpMid)) {
    return refuse("sdp_mid", "1 to 64 visible ASCII characters")
  }
  if (
    sdpMLineIndex !== undefined &&
    !(Number.isInteger(sdpMLineIndex) && sdpMLineIndex >= 0 && sdpMLineIndex <= SignalingLimits.mLineIndex)
  ) {
    return refuse("sdp_mline_index", `an integer from 0 to ${SignalingLimits.mLineIndex}`)
  }
  if (candidate.candidate === "") return Result.succeed(candidate)
  return Result.map(parseCandidate(candidate.candidate), () => candidate)
}
