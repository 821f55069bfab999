/** The grammar of an ICE candidate (RFC 8839 section 5.1), so that no engine sees one that is malformed. */
import * as Result from "effect/Result"
import { InvalidCandidate } from "../EnigmaRtcError.ts"
import { idExpected, isId } from "./id.ts"
import { SignalingLimits } from "./limits.ts"
import type { IceCandidateMessage } from "./SignalingMessage.ts"

/** A candidate as engines take it (W3C WebRTC section 4.8.1). An empty `candidate` is end-of-candidates. */
export interface IceCandidate {
  readonly candidate: string
  /** The media section's identification (RFC 5888). */
  readonly sdpMid?: string
  /** The media section's index, from 0. Without either, the first section is meant. */
  readonly sdpMLineIndex?: number
}

/** The candidate that a message carries. */
export const candidateOf = (message: IceCandidateMessage): IceCandidate => ({
  candidate: message.candidate,
  ...(message.sdp_mid === undefined ? {} : { sdpMid: message.sdp_mid }),
  ...(message.sdp_mline_index === undefined ? {} : { sdpMLineIndex: message.sdp_mline_index })
})

/** The message that carries a candidate. */
export const toMessage = ({ candidate, sdpMid, sdpMLineIndex }: IceCandidate): IceCandidateMessage => ({
  type: "ice_candidate",
  candidate,
  ...(sdpMid === undefined ? {} : { sdp_mid: sdpMid }),
  ...(sdpMLineIndex === undefined ? {} : { sdp_mline_index: sdpMLineIndex })
})

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

const number = (min: number, max: number) => (text: string): boolean =>
  /^\d{1,10}$/.test(text) && Number(text) >= min && Number(text) <= max
const one = (pattern: RegExp) => (text: string): boolean => pattern.test(text)

type Rule = readonly [name: string, is: (text: string) => boolean, expected: string]
const address = "an IPv4 address, an IPv6 address or a DNS name"
const port = number(0, 65_535)

/**
 * A candidate's tokens in their order. Transports other than UDP and TCP, and types that RFC 8445 does not define, are
 * refused: no engine can use them.
 */
const tokenRules: ReadonlyArray<Rule> = [
  ["foundation", one(/^candidate:[A-Za-z0-9+/]{1,32}$/), "1 to 32 ice-chars"],
  ["component-id", number(1, 256), "1 to 256"],
  ["transport", one(/^(udp|tcp)$/i), "udp or tcp"],
  ["priority", number(0, 2 ** 32 - 1), "a 32-bit number"],
  ["connection-address", isAddress, address],
  ["port", port, "0 to 65535"],
  ["typ", one(/^typ$/), "the word typ"],
  ["cand-type", one(/^(host|[sp]rflx|relay)$/), "host, srflx, prflx or relay"]
]
/** What is known of the extensions that may follow. Unknown ones are allowed, as the RFC demands. */
const extensionRules: ReadonlyArray<Rule> = [
  ["raddr", isAddress, address],
  ["rport", port, "0 to 65535"],
  ["tcptype", one(/^(active|passive|so)$/), "active, passive or so"]
]

const refuse = (at: string, expected: string) => Result.fail(new InvalidCandidate({ at, expected }))

/**
 * Checks a candidate before an engine sees it: its grammar (RFC 8839 section 5.1), and where it says that it belongs.
 * Succeeds with the candidate as it is.
 */
export const checkCandidate = (candidate: IceCandidate): Result.Result<IceCandidate, InvalidCandidate> => {
  const { candidate: line, sdpMid, sdpMLineIndex } = candidate
  if (sdpMid !== undefined && !isId(sdpMid)) return refuse("sdp_mid", idExpected)
  if (
    sdpMLineIndex !== undefined &&
    !(Number.isInteger(sdpMLineIndex) && sdpMLineIndex >= 0 && sdpMLineIndex <= SignalingLimits.mLineIndex)
  ) {
    return refuse("sdp_mline_index", `an integer from 0 to ${SignalingLimits.mLineIndex}`)
  }
  if (line === "") return Result.succeed(candidate)
  if (line.length > SignalingLimits.candidate) {
    return refuse("candidate", `at most ${SignalingLimits.candidate} characters`)
  }
  if (!line.startsWith("candidate:")) return refuse("candidate", "candidate: at its beginning")
  const tokens = line.split(" ")
  for (const [i, [at, is, expected]] of tokenRules.entries()) if (!is(tokens[i] ?? "")) return refuse(at, expected)
  const extensions = tokens.slice(tokenRules.length)
  if (extensions.length % 2 !== 0 || !extensions.every(one(/^[!-~]+$/))) {
    return refuse("extensions", "pairs of a name and a value, one space apart")
  }
  for (let i = 0; i < extensions.length; i += 2) {
    for (const [at, is, expected] of extensionRules) {
      if (extensions[i] === at && !is(extensions[i + 1] ?? "")) return refuse(at, expected)
    }
  }
  return Result.succeed(candidate)
}
