/** Writes small, valid session descriptions, as the mock's and as test data, and reads them. */
import { type Direction, type MediaIntent, readSections, type Section, type Slot } from "@enigma-rtc/core"
import { codecsIn, type MockCodec, mockCodecs, writeCodecs } from "./mockCodecs.ts"

/** Core's `Direction`. */
export type MockDirection = Direction

/** One media section. */
export interface MockSection {
  readonly kind: "audio" | "video" | "application"
  readonly mid: string
  /** `sendrecv` without it, as RFC 8866 section 6.7 has it; a data section has none. */
  readonly direction?: Direction
  /** What a video section shows, written as RFC 4796 content. A camera without it. */
  readonly content?: "screen"
  /** Best first. Default: opus, or VP8. */
  readonly codecs?: ReadonlyArray<MockCodec>
}

/** What `mockSdp` writes. */
export interface MockDescription {
  /** The `o=` line's session id and version, and what ICE credentials are made of. */
  readonly session: number
  readonly version?: number
  /** The number of the ICE credentials among the session's. Default: the version, so that each version has its own. */
  readonly ice?: number
  readonly sections: ReadonlyArray<MockSection>
  /** RFC 8842 section 5: an offer says `actpass`. */
  readonly setup?: "actpass" | "active" | "passive"
  /** The kind of engine that it is of, and that alone takes it. */
  readonly kind?: string
}

/** How a description says of what kind its engine is. */
export const kindAttribute = "x-enigma-engine"

const fingerprint = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, "0").toUpperCase()).join(":")

/** The `m=` line's protocol and formats, and the attributes that they need. */
const formatsOf = ({ codecs, kind }: MockSection): readonly [string, ...ReadonlyArray<string>] => {
  if (kind === "application") return ["UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000"]
  const { attributes, list } = writeCodecs(codecs ?? mockCodecs[kind].slice(0, 1))
  return [`UDP/TLS/RTP/SAVPF ${list}`, ...attributes, "a=rtcp-mux"]
}

/** The ICE user name fragment that `mockSdp` gives a description with these credentials. */
export const mockUfrag = (session: number, ice = 0): string => `uf${session.toString(36)}v${ice.toString(36)}`.padEnd(4, "0")

/** Writes a valid session description with BUNDLE, ICE credentials and a fingerprint. */
export const mockSdp = ({ kind, sections, session, setup = "actpass", version = 0, ice = version }: MockDescription): string =>
  [
    "v=0",
    `o=- ${session} ${version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(" ")}`,
    ...(kind === undefined ? [] : [`a=${kindAttribute}:${kind}`]),
    ...sections.flatMap((section) => {
      const { content, direction, kind, mid } = section
      const [protocol, ...attributes] = formatsOf(section)
      return [
        `m=${kind} 9 ${protocol}`,
        "c=IN IP4 0.0.0.0",
        `a=mid:${mid}`,
        ...(direction === undefined ? [] : [`a=${direction}`]),
        ...(content === undefined ? [] : ["a=content:slides"]),
        `a=ice-ufrag:${mockUfrag(session, ice)}`,
        `a=ice-pwd:mockmockmockmockmock${mockUfrag(session, ice)}`,
        `a=fingerprint:sha-256 ${fingerprint}`,
        `a=setup:${setup}`,
        ...attributes
      ]
    }),
    ""
  ].join("\r\n")

/** The direction in which an end sends and receives. */
export const directionOf = (sends: boolean, receives: boolean): Direction =>
  sends ? (receives ? "sendrecv" : "sendonly") : receives ? "recvonly" : "inactive"

/** What an intent asks of one slot, before the far end is asked. */
export const wishFor = ({ hold, receive, send }: MediaIntent, slot: Slot) => ({
  sends: !hold && send[slot] !== "off",
  receives: !hold && receive[slot]
})

/** The slot that a section carries; a data section carries none. */
export const slotOf = ({ content, kind }: MockSection): Slot | undefined => {
  switch (kind) {
    case "audio":
      return "microphone"
    case "video":
      return content ?? "camera"
    case "application":
      return undefined
  }
}

/** A section as it was read, with the codecs that the mock knows. */
export interface ReadSection extends Section {
  readonly codecs: ReadonlyArray<MockCodec>
}

/** The sections that a description has, each with its slot (core's `readSections`) and its codecs. */
export const readMockSections = (sdp: string): ReadonlyArray<ReadSection> => {
  const texts = sdp.split(/^(?=m=)/m).filter((text) => /^m=(audio|video|application) \d/.test(text))
  return readSections(sdp).map((section, i) => ({
    ...section,
    codecs: section.kind === "application" ? [] : codecsIn(texts[i] ?? "", section.kind)
  }))
}

/** The sections that a description has, of the kinds that the mock knows, as `mockSdp` would take them. */
export const sectionsIn = (sdp: string): ReadonlyArray<MockSection> =>
  readMockSections(sdp).map(({ codecs, direction, kind, mid, slot }) => ({
    kind,
    mid,
    ...(kind === "application" ? {} : { direction }),
    ...(codecs.length === 0 ? {} : { codecs }),
    ...(slot === "screen" ? { content: "screen" } : {})
  }))

/** The fingerprint of a description's certificate (RFC 8122 section 5); empty when it has none. */
export const fingerprintIn = (sdp: string): string => /^a=fingerprint:(\S+ \S+)/m.exec(sdp)?.[1] ?? ""

/** The ICE user name fragment of a description; empty when it has none. */
export const ufragIn = (sdp: string): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? ""
