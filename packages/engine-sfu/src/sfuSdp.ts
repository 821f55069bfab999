/** Writes the descriptions of a call through an SFU: valid SDP, with a ticket, and nothing that connects to anything. Pure but for chance. */
import { type Direction, markScreen, type Slot } from "@enigma-rtc/core"
import type { RtpCapabilities } from "mediasoup-client/types"

/** A section as both ends know it; a call keeps its sections, in order. */
export interface Place {
  readonly kind: "audio" | "video" | "application"
  readonly mid: string
  readonly slot: Slot | undefined
}

/** Made up: core and other engines want to see them in a description, and no transport of ours has them. */
export interface Credentials {
  readonly ufrag: string
  readonly pwd: string
  readonly fingerprint: string
}

/** What a description says. */
export interface Described {
  readonly sessionId: string
  readonly version: number
  readonly credentials: Credentials
  /** `actpass` in an offer, `active` in an answer. */
  readonly setup: "actpass" | "active"
  /** The line of the ticket. */
  readonly ticket: string
  readonly places: ReadonlyArray<Place & { readonly direction: Direction }>
  /** Of the server's router: the codecs that the sections name. */
  readonly capabilities: RtpCapabilities
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
const bytes = (count: number): Array<number> => [...crypto.getRandomValues(new Uint8Array(count))]
const iceChars = (count: number): string => bytes(count).map((byte) => alphabet[byte % 64]).join("")

export const makeCredentials = (): Credentials => ({
  ufrag: iceChars(8),
  pwd: iceChars(24),
  fingerprint: bytes(32).map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":")
})

/** Any number will do (RFC 9429 section 5.2.1). */
export const makeSessionId = (): string => bytes(6).reduce((sum, byte) => sum * 256 + byte, 0).toString()

/** The ICE user name fragment of a description: another one than before means that ICE restarts. */
export const ufragOf = (sdp: string): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? ""

const mediaLines = (kind: "audio" | "video", { codecs = [] }: RtpCapabilities): ReadonlyArray<string> => {
  const ofKind = codecs.filter((codec) => codec.kind === kind && !/\/rtx$/i.test(codec.mimeType))
  const types = ofKind.map(({ preferredPayloadType }) => preferredPayloadType)
  return [
    // A router without a codec of the kind can still be asked for the rest.
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${types.join(" ") || "0"}`,
    "c=IN IP4 0.0.0.0",
    "a=rtcp-mux",
    ...ofKind.map(({ channels = 1, clockRate, mimeType, preferredPayloadType }) =>
      `a=rtpmap:${preferredPayloadType} ${mimeType.slice(6)}/${clockRate}${channels > 1 ? `/${channels}` : ""}`)
  ]
}

const dataLines: ReadonlyArray<string> = ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=sctp-port:5000"]

/** The description as it is handed out. */
export const writeSdp = ({ capabilities, credentials, places, sessionId, setup, ticket, version }: Described): string => {
  const { fingerprint, pwd, ufrag } = credentials
  const lines = [
    "v=0",
    `o=- ${sessionId} ${version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${places.map(({ mid }) => mid).join(" ")}`,
    ticket,
    ...places.flatMap(({ direction, kind, mid }) => {
      const [first = "", ...rest] = kind === "application" ? dataLines : mediaLines(kind, capabilities)
      return [
        first, ...rest, `a=mid:${mid}`, ...(kind === "application" ? [] : [`a=${direction}`]),
        `a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, "a=ice-options:trickle", `a=fingerprint:sha-256 ${fingerprint}`, `a=setup:${setup}`
      ]
    })
  ]
  return markScreen(`${lines.join("\r\n")}\r\n`, places.filter(({ slot }) => slot === "screen").map(({ mid }) => mid))
}

/** A mid that no section has. */
export const freeMid = (places: ReadonlyArray<Place>): string => {
  for (let mid = 0;; mid++) if (!places.some((place) => place.mid === String(mid))) return String(mid)
}

export const sends = (direction: Direction | undefined): boolean => direction === "sendrecv" || direction === "sendonly"
export const receives = (direction: Direction | undefined): boolean => direction === "sendrecv" || direction === "recvonly"
export const directionOf = (sending: boolean, receiving: boolean): Direction =>
  sending ? (receiving ? "sendrecv" : "sendonly") : receiving ? "recvonly" : "inactive"
