/** Writes small, valid session descriptions, as the mock's and as test data, and reads them. */
import { type MediaIntent, type Slot, slots } from "@enigma-rtc/core"

/** Who sends media in a section (RFC 3264 section 5.1), seen from the end whose description it is. */
export type MockDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive"

/** One media section. */
export interface MockSection {
  readonly kind: "audio" | "video" | "application"
  readonly mid: string
  /** `sendrecv` without it, as RFC 8866 section 6.7 has it; a data section has none. */
  readonly direction?: MockDirection
  /** What a video section shows, written as RFC 4796 content. A camera without it. */
  readonly content?: "screen"
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
}

const fingerprint = Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, "0").toUpperCase()).join(":")

const formats = {
  audio: ["UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2", "a=rtcp-mux"],
  video: ["UDP/TLS/RTP/SAVPF 96", "a=rtpmap:96 VP8/90000", "a=rtcp-mux"],
  application: ["UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000"]
} as const

/** The ICE user name fragment that `mockSdp` gives a description with these credentials. */
export const mockUfrag = (session: number, ice = 0): string => `uf${session.toString(36)}v${ice.toString(36)}`.padEnd(4, "0")

/** Writes a valid session description with BUNDLE, ICE credentials and a fingerprint. */
export const mockSdp = ({ sections, session, setup = "actpass", version = 0, ice = version }: MockDescription): string =>
  [
    "v=0",
    `o=- ${session} ${version} IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${sections.map(({ mid }) => mid).join(" ")}`,
    ...sections.flatMap(({ content, direction, kind, mid }) => {
      const [protocol, ...attributes] = formats[kind]
      return [
        `m=${kind} 9 ${protocol}`,
        "c=IN IP4 0.0.0.0",
        `a=mid:${mid}`,
        ...(direction === undefined ? [] : [`a=${direction}`]),
        ...(content === undefined ? [] : ["a=content:slides"]),
        `a=ice-ufrag:${mockUfrag(session, ice)}`,
        "a=ice-pwd:mockmockmockmockmockmock",
        `a=fingerprint:sha-256 ${fingerprint}`,
        `a=setup:${setup}`,
        ...attributes
      ]
    }),
    ""
  ].join("\r\n")

/** The direction in which an end sends and receives. */
export const directionOf = (sends: boolean, receives: boolean): MockDirection =>
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

const sectionFor = (slot: Slot, mid: string, intent: MediaIntent): MockSection => {
  const { receives, sends } = wishFor(intent, slot)
  return {
    kind: slot === "microphone" ? "audio" : "video",
    mid,
    direction: directionOf(sends, receives),
    ...(slot === "screen" ? { content: "screen" as const } : {})
  }
}

/**
 * The sections of an offer: those that were negotiated keep their place for good (RFC 8829 section 5.2.2), with the
 * directions that the intent wants now, and what the intent wants beyond them is added.
 */
export const sectionsOf = (intent: MediaIntent, negotiated: ReadonlyArray<MockSection> = []): ReadonlyArray<MockSection> => {
  const kept = negotiated.map((section) => {
    const slot = slotOf(section)
    return slot === undefined ? section : sectionFor(slot, section.mid, intent)
  })
  const wanted = slots.filter((slot) => intent.send[slot] !== "off" || intent.receive[slot])
  const added = [...wanted, ...(intent.data ? [undefined] : [])].filter((slot) => !kept.some((section) => slotOf(section) === slot))
  return [
    ...kept,
    ...added.map((slot, i): MockSection => {
      const mid = String(kept.length + i)
      return slot === undefined ? { kind: "application", mid } : sectionFor(slot, mid, intent)
    })
  ]
}

/** The sections of an answer: the offer's, each with what both ends want. */
export const answerTo = (offer: ReadonlyArray<MockSection>, intent: MediaIntent): ReadonlyArray<MockSection> =>
  offer.map((section) => {
    const slot = slotOf(section)
    if (slot === undefined) return section
    const { receives, sends } = wishFor(intent, slot)
    const { direction = "sendrecv" } = section
    return {
      ...section,
      direction: directionOf(sends && /^(sendrecv|recvonly)$/.test(direction), receives && direction.startsWith("send"))
    }
  })

/** The sections that a description has, of the kinds that the mock knows. */
export const sectionsIn = (sdp: string): ReadonlyArray<MockSection> =>
  sdp.split(/^(?=m=)/m).slice(1).flatMap((section) => {
    const [, kind] = /^m=(audio|video|application) /.exec(section) ?? []
    const [, mid] = /^a=mid:(\S+)/m.exec(section) ?? []
    if (kind === undefined || mid === undefined) return []
    const [, direction] = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(section) ?? []
    return [{
      // The patterns match only these words.
      kind: kind as MockSection["kind"],
      mid,
      ...(direction === undefined ? {} : { direction: direction as MockDirection }),
      ...(/^a=content:slides\r?$/m.test(section) ? { content: "screen" as const } : {})
    }]
  })

/** The ICE user name fragment of a description; empty when it has none. */
export const ufragIn = (sdp: string): string => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? ""
