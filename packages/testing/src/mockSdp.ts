/** Writes small, valid session descriptions, as the mock's and as test data. */
import { type MediaIntent, slots } from "@enigma-rtc/core"

/** One media section. */
export interface MockSection {
  readonly kind: "audio" | "video" | "application"
  readonly mid: string
}

/** What `mockSdp` writes. */
export interface MockDescription {
  /** The `o=` line's session id and version, and what ICE credentials are made of. */
  readonly session: number
  readonly version?: number
  readonly sections: ReadonlyArray<MockSection>
  /** RFC 8842 section 5: an offer says `actpass`. */
  readonly setup?: "actpass" | "active" | "passive"
}

const fingerprint = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, "0").toUpperCase()).join(":")

const formats = {
  audio: ["UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2", "a=rtcp-mux"],
  video: ["UDP/TLS/RTP/SAVPF 96", "a=rtpmap:96 VP8/90000", "a=rtcp-mux"],
  application: ["UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000"]
} as const

/** The ICE user name fragment that `mockSdp` gives a description. */
export const mockUfrag = (session: number, version = 0): string => `uf${session.toString(36)}v${version.toString(36)}`.padEnd(4, "0")

/** Writes a valid session description with BUNDLE, ICE credentials and a fingerprint. */
export const mockSdp = ({ sections, session, setup = "actpass", version = 0 }: MockDescription): string =>
  [
    "v=0",
    `o=- ${session} ${version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(" ")}`,
    ...sections.flatMap(({ kind, mid }) => {
      const [protocol, ...attributes] = formats[kind]
      return [
        `m=${kind} 9 ${protocol}`,
        "c=IN IP4 0.0.0.0",
        `a=mid:${mid}`,
        `a=ice-ufrag:${mockUfrag(session, version)}`,
        "a=ice-pwd:mockmockmockmockmockmock",
        `a=fingerprint:sha-256 ${fingerprint}`,
        `a=setup:${setup}`,
        ...attributes
      ]
    }),
    ""
  ].join("\r\n")

/** The sections that an intent asks for. */
export const sectionsOf = (intent: MediaIntent): ReadonlyArray<MockSection> => {
  const kinds = [
    ...slots
      .filter((slot) => intent.send[slot] !== "off" || intent.receive[slot])
      .map((slot) => (slot === "microphone" ? "audio" as const : "video" as const)),
    ...(intent.data ? ["application" as const] : [])
  ]
  return kinds.map((kind, i) => ({ kind, mid: String(i) }))
}

/** The sections that a description has. */
export const sectionsIn = (sdp: string): ReadonlyArray<MockSection> =>
  [...sdp.matchAll(/^m=(audio|video|application) [^]*?^a=mid:(\S+)/gm)].map(([, kind, mid]) => ({
    // The pattern has both groups, and only these three kinds.
    kind: kind as MockSection["kind"],
    mid: mid as string
  }))
