/** A session description without addresses, credentials and names, which reads as before. For redaction. */
import { isAddressLike, type Pseudonyms, redactName } from "./Pseudonyms.ts"
import { redactCandidate } from "./redactCandidate.ts"

/** Attributes whose values are about media and transport only, and our own mark. Whatever is not here loses its value. */
const keptAttributes = new Set([
  "bundle-only", "end-of-candidates", "extmap-allow-mixed", "fmtp", "framerate", "ice-lite", "ice-options", "imageattr",
  "inactive", "max-message-size", "maxptime", "ptime", "recvonly", "rid", "rtcp-fb", "rtcp-mux", "rtcp-mux-only",
  "rtcp-rsize", "rtpmap", "sctp-port", "sctpmap", "sendonly", "sendrecv", "setup", "simulcast", "ssrc-group", "x-enigma-lacks", "x-enigma-rtc"
])
/** Whose header extensions are known to all. */
const keptExtensions = /^(\d+(\/\w+)? )(urn:(ietf|3gpp):|http:\/\/www\.webrtc\.org\/|https:\/\/aomediacodec\.github\.io\/)[\w.:/#-]*$/

type Redact = (names: Pseudonyms, value: string) => string

const replaced: Redact = (names, value) => (value === "" ? "" : names.word("text", value))
const words = (redact: Redact): Redact => (names, value) =>
  value.split(" ").map((word) => redact(names, word)).join(" ")
/** `IN IP4 192.0.2.1`, perhaps with more before and after; RFC 8866 section 5.7 allows a slash and numbers. */
const connection: Redact = (names, value) => {
  const [, before = "", network = "", host = "", more = ""] = /^([\d ]*)(IN IP[46] )([^\s/]+)((?:\/\d+)*)$/.exec(value) ?? []
  return host === "" ? replaced(names, value) : `${before}${network}${names.address(host)}${more}`
}
const fingerprint: Redact = (names, value) => {
  const [, hash = "", hex = ""] = /^([!-~]{1,32}) ([\da-f]{2}(?::[\da-f]{2})*)$/i.exec(value) ?? []
  if (hash === "") return replaced(names, value)
  const digits = names.numberOf("fingerprint", value).toString(16).toUpperCase().padStart((hex.length + 1) / 3 * 2, "0")
  return `${redactName(names, hash)} ${digits.match(/../g)?.join(":") ?? "00"}`
}
/** A track's names, of which the standing ones stay. */
const track: Redact = (names, word) => (/^(|-|\*|WMS)$/.test(word) ? word : names.word("id", word))
/** `1234 cname:x` or `1234 msid:x y` (RFC 5576). */
const source: Redact = (names, value) => {
  const [, number = "", attribute = "", rest = ""] = /^(\d+) ([a-z]+):(.*)$/.exec(value) ?? []
  return number === "" ? replaced(names, value) : `${number} ${attribute}:${words(track)(names, rest)}`
}
const remoteCandidate: Redact = (names, word) => (/^\d+$/.test(word) ? word : names.address(word))

const attributes: ReadonlyMap<string, Redact> = new Map<string, Redact>([
  ["candidate", (names, value) => redactCandidate(names, `candidate:${value}`).replace("candidate:", "")],
  ["ice-ufrag", (names, value) => names.ufrag(value)],
  ["ice-pwd", (names, value) => names.pwd(value)],
  ["fingerprint", fingerprint],
  ["rtcp", (names, value) => (/^\d+$/.test(value) ? value : connection(names, value))],
  ["remote-candidates", words(remoteCandidate)],
  ["mid", redactName],
  ["group", words(redactName)],
  ["msid", words(track)],
  ["msid-semantic", words(track)],
  ["ssrc", source],
  ["extmap", (names, value) => (keptExtensions.test(value) ? value : replaced(names, value))]
])

const redactAttribute: Redact = (names, line) => {
  const colon = line.indexOf(":")
  const name = colon < 0 ? line : line.slice(0, colon)
  const known = keptAttributes.has(name) || attributes.has(name)
  // An attribute that nobody knows keeps its name, if it has one.
  const shown = known || /^[A-Za-z][\w-]{0,63}$/.test(name) ? name : names.word("text", name)
  if (colon < 0) return shown
  const value = line.slice(colon + 1)
  const redact = attributes.get(name)
  if (redact !== undefined) return `${shown}:${redact(names, value)}`
  const isKept = keptAttributes.has(name) && /^[\t -~]*$/.test(value) && !isAddressLike(value)
  return `${shown}:${isKept ? value : replaced(names, value)}`
}

/** Session id and version stay: they are random, and ends are compared by them. The user's name and address do not. */
const redactOrigin: Redact = (names, value) => {
  const [, user = "", id = "", rest = ""] = /^(\S+)( \d+ \d+)([^]*)$/.exec(value) ?? []
  if (id === "") return replaced(names, value)
  const end = rest.startsWith(" ") ? ` ${connection(names, rest.slice(1))}` : replaced(names, rest)
  return `${track(names, user)}${id}${end}`
}

const redactLine = (names: Pseudonyms, line: string): string => {
  const letter = line.slice(0, 2)
  const value = line.slice(2)
  switch (letter) {
    case "a=":
      return `a=${redactAttribute(names, value)}`
    case "m=":
      return `m=${words(redactName)(names, value)}`
    case "o=":
      return `o=${redactOrigin(names, value)}`
    case "c=":
      return `c=${connection(names, value)}`
    case "s=":
      return `s=${value === "-" || value === " " ? value : replaced(names, value)}`
    case "v=":
    case "t=":
    case "b=":
      return /^(\w{1,16}:)?[\d ]{1,64}$/.test(value) ? line : `${letter}${replaced(names, value)}`
    // Titles, mail addresses, telephone numbers and keys are no description of media.
    default:
      return /^[a-z]=$/.test(letter) ? `${letter}${replaced(names, value)}` : names.word("text", line)
  }
}

/**
 * ICE credentials, fingerprints, addresses, host names, foundations, names of tracks and users, and the value of every
 * attribute that is not known to be harmless get pseudonyms. Line endings, media sections, codecs, ports and the
 * session's id and version stay, so that whoever reads it decides as before.
 */
export const redactSdp = (names: Pseudonyms, sdp: string): string =>
  sdp.replaceAll(/[^\r\n]+/g, (line) => redactLine(names, line))
