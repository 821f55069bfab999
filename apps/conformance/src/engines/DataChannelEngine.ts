/** An engine over `node-datachannel`, which is libdatachannel: for the conformance suite's own tests. */
import { randomInt, randomUUID } from "node:crypto"
import {
  type Capabilities, type Direction, type Driver, type DriverEvent, fromDriver, type IceServer, makeDataChannel, markScreen,
  type MediaIntent, type PathEnd, readSections, type RemoteTrack, type RtcConfig, RtcEngine, type Section, type Slot, slots, WebRtcError
} from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Audio, type DataChannel, PeerConnection, type SelectedCandidateInfo, type Track, Video } from "node-datachannel"
import type { EngineOptions } from "./EngineOptions.ts"

const capabilities: Capabilities = {
  media: true, data: true, codecPreference: true, rollback: true, renegotiation: true, iceRestart: false, remoteCandidates: true
}

/** What is sent: 20 ms of silence (RFC 6716, RFC 3551), and a VP8 key frame of one pixel each 60 ms (RFC 7741). */
const formats = {
  audio: [
    { name: "opus", payloadType: 111, ticks: 960, payload: Buffer.from("f8fffe", "hex") },
    { name: "PCMU", payloadType: 0, ticks: 160, payload: Buffer.alloc(160, 0xff) }
  ],
  video: [{ name: "VP8", payloadType: 96, ticks: 1_800, payload: Buffer.from("EDABAJ0BKgEAAQAOwP4lpAADcAAAAAA", "base64") }]
}
type Format = (typeof formats)["audio"][number]
const kindOf = (slot: Slot) => (slot === "microphone" ? "audio" as const : "video" as const)

/** The formats that a section and `formats` have in common, in the section's order and with its payload types. */
const formatsIn = (section: string): ReadonlyArray<Format> => {
  const [, kind, numbers = ""] = /^m=(audio|video) \d+ \S+ (.*)$/m.exec(section) ?? []
  return numbers.split(" ").flatMap((number) => {
    const name = new RegExp(`^a=rtpmap:${number} ([^/]+)`, "m").exec(section)?.[1]?.toLowerCase()
    const format = formats[kind === "audio" ? "audio" : "video"].find((one) => one.name.toLowerCase() === name)
    return format === undefined ? [] : [{ ...format, payloadType: Number(number) }]
  })
}
const sectionsOf = (sdp: string) => sdp.split(/^(?=m=)/m)
const midOf = (section: string) => /^a=mid:(\S+)/m.exec(section)?.[1]
const can = (way: "send" | "recv", direction: Direction = "inactive") => direction === "sendrecv" || direction === `${way}only`
const toDirection = (out: boolean, into: boolean) => out ? (into ? "sendrecv" : "sendonly") : (into ? "recvonly" : "inactive")
const haveData = (sections: ReadonlyArray<Section>) =>
  sections.some(({ direction, kind }) => kind === "application" && direction !== "inactive")
const hex = (value: number, digits: number) => (value % 16 ** digits).toString(16).padStart(digits, "0")
const toRtp = ({ payload, payloadType }: Format, sequence: number, timestamp: number, ssrc: number): Buffer =>
  Buffer.concat([Buffer.from(`80${hex(payloadType + 128, 2)}${hex(sequence, 4)}${hex(timestamp, 8)}${hex(ssrc, 8)}`, "hex"), payload])

type Figures = { packets: number; bytes: number }
interface SlotMedia {
  readonly mid: string
  readonly track: Track
  readonly ssrc: number
  readonly sent: Figures
  isOpen?: boolean
  format?: Format | undefined
  remote?: RemoteTrack | undefined
}
const arrivals = new WeakMap<RemoteTrack, Figures>()
/** How many RTP packets of a track have arrived. */
export const arrived = (track: RemoteTrack): Effect.Effect<number> => Effect.sync(() => arrivals.get(track)?.packets ?? 0)

const engine = "node-datachannel"
const fail = (operation: string, reason: WebRtcError["reason"], cause?: unknown) =>
  new WebRtcError({ engine, operation, reason, cause })
const links = { connecting: "connecting", connected: "up", disconnected: "interrupted", failed: "failed", closed: "failed" } as const
const pathEnd = ({ address, port, type }: SelectedCandidateInfo): PathEnd => ({
  address, port, protocol: "udp", type: (["srflx", "prflx", "relay"] as const).find((one) => one === type) ?? "host"
})
const toUrls = ({ credential = "", urls, username = "" }: IceServer) =>
  urls.map((url) => url.replace(/^turns?:/, `$&${encodeURIComponent(username)}:${encodeURIComponent(credential)}@`))

const openDriver = (config: RtcConfig, first: MediaIntent, options: EngineOptions, emit: (event: DriverEvent) => void): Driver => {
  // Left to itself it would answer by itself.
  const pc = new PeerConnection("", { iceServers: config.iceServers.flatMap(toUrls), disableAutoNegotiation: true })
  const media = new Map<Slot, SlotMedia>()
  // A channel that nobody refers to is closed when it is collected.
  const channels = new Set<DataChannel>()
  const sessionId = randomInt(2 ** 47)
  let [intent, hasData, version] = [first, false, 1]
  let spare: DataChannel | undefined
  const trickle = (line: string, sdpMid: string) =>
    emit({ _tag: "LocalCandidate", candidate: { candidate: line.replace("a=", ""), sdpMid, sdpMLineIndex: 0 } })
  pc.onLocalCandidate(trickle)
  pc.onGatheringStateChange((state) => {
    if (state !== "complete") return
    // Events of different kinds overtake each other: the last candidates may come after this. The description has them.
    const { sdp = "" } = pc.localDescription() ?? {}
    for (const line of [...sdp.match(/^a=candidate:.*/gm) ?? [], ""]) trickle(line, readSections(sdp)[0]?.mid ?? "0")
  })
  // Only `new` is not among these.
  pc.onStateChange((state) => state in links && emit({ _tag: "Link", state: links[state as keyof typeof links] }))
  pc.onDataChannel((native) => emit({ _tag: "DataChannelOpened", channel: wrap(native) }))
  const wrap = (native: DataChannel) => {
    const send = (data: string | Uint8Array) =>
      Effect.try({
        try: () => void (typeof data === "string" ? native.sendMessage(data) : native.sendMessageBinary(data)),
        catch: (cause) => fail("send", { _tag: "Refused" }, cause)
      })
    const own = { bufferedAmount: () => native.bufferedAmount(), close: () => native.close() }
    const side = makeDataChannel({ engine, label: native.getLabel(), protocol: native.getProtocol(), send, ...own })
    channels.add(native)
    native.onMessage((data) => side.received(typeof data === "string" ? data : new Uint8Array(data)))
    // The last messages may be told of after it.
    native.onClosed(() => setImmediate(() => channels.delete(native) && side.closed()))
    return side.channel
  }

  let [at, microphoneLeft] = [randomInt(2 ** 20), (options.endsAfterMs ?? Infinity) / 20]
  const clock = options.sends === false ? undefined : setInterval(() => {
    at++
    for (const [slot, one] of media) {
      const { format, isOpen, sent, ssrc, track } = one
      const isDue = slot === "microphone" ? microphoneLeft > 0 : at % 3 === 0
      if (!isDue || intent.send[slot] !== "on" || intent.hold || isOpen !== true || !format || !track.isOpen()) continue
      try {
        track.sendMessageBinary(toRtp(format, sent.packets++, at * format.ticks, ssrc))
      } catch { /* It was closed after the question. */ }
      sent.bytes += format.payload.length
      if (slot === "microphone" && --microphoneLeft <= 0) emit({ _tag: "LocalSourceEnded", slot, reason: "The silence is over." })
    }
  }, 20)
  /** libdatachannel takes each section for one in both directions: which are open is decided here. */
  const add = (slot: Slot, mid: string, known: ReadonlyArray<Format>) => {
    const ssrc = randomInt(1, 2 ** 32)
    const description = slot === "microphone" ? new Audio(mid, "SendRecv") : new Video(mid, "SendRecv")
    for (const { name, payloadType } of known) {
      if (description instanceof Video) description.addVP8Codec(payloadType)
      else description.addAudioCodec(payloadType, name)
    }
    description.addSSRC(ssrc, mid, mid, mid)
    const one: SlotMedia = { mid, track: pc.addTrack(description), ssrc, sent: { packets: 0, bytes: 0 } }
    media.set(slot, one)
    one.track.onMessage(({ 1: type = 0, length }) => {
      const { bytes = 0, packets = 0 } = (one.remote && arrivals.get(one.remote)) ?? {}
      // RTCP comes here too (RFC 5761 section 4).
      if (one.remote && (type < 192 || type > 223)) arrivals.set(one.remote, { packets: packets + 1, bytes: bytes + length - 12 })
    })
    // Without this listener, and its own `close`, a track is never cleaned up, and the process goes on for ever.
    one.track.onClosed(() => {})
  }
  const directionOf = (slot: Slot) => toDirection(intent.send[slot] !== "off", intent.receive[slot] && !intent.hold)
  /** The local description with the directions and codecs that are wanted, and without candidates: they are told of. */
  const describe = (type: "offer" | "answer", offer?: string) => {
    pc.setLocalDescription(type)
    // libdatachannel orders by number; an answer has the order of its offer.
    const prefer = [intent.preferCodec ?? [], offer === undefined ? "opus" : []].flat().map((name) => name.toLowerCase()).toReversed()
    const rank = ({ name }: Format) => -prefer.indexOf(name.toLowerCase())
    const [session = "", ...sections] = sectionsOf(pc.localDescription()?.sdp ?? "")
    const own = sections.map((section) => {
      if (section.startsWith("m=application")) return section
      const [slot] = [...media].find(([, { mid }]) => mid === midOf(section)) ?? []
      const far = offer === undefined ? "sendrecv" : readSections(offer).find(({ mid }) => mid === midOf(section))?.direction
      const wish = slot === undefined ? "inactive" : directionOf(slot)
      const direction = toDirection(can("send", wish) && can("recv", far), can("recv", wish) && can("send", far))
      const known = formatsIn(sectionsOf(offer ?? "").find((one) => midOf(one) === midOf(section)) ?? section)
      const order = known.toSorted((a, b) => rank(a) - rank(b)).map(({ payloadType }) => payloadType).join(" ")
      const directed = section.replace(/^a=(sendrecv|sendonly|recvonly|inactive)/m, `a=${direction}`)
      return order === "" ? directed : directed.replace(/^(m=\S+ \d+ \S+) .*/, `$1 ${order}`)
    }).join("").replace(/^(m=\S+) [1-9]\d*/gm, "$1 9").replace(/^c=IN .*/gm, "c=IN IP4 0.0.0.0")
    // libdatachannel makes each description that of a new session.
    const origin = session.replace(/^o=.*/m, `o=- ${sessionId} ${version++} IN IP4 127.0.0.1`)
    const bare = (origin + own).replace(/^a=(candidate:.*|end-of-candidates)\r\n/gm, "")
    return markScreen(bare, [media.get("screen")?.mid ?? []].flat())
  }
  /** A round is complete: media comes and goes as its answer says. */
  const negotiated = (answer: string, own: "send" | "recv") => {
    const sections = readSections(answer)
    hasData = haveData(sections)
    for (const [slot, one] of media) {
      const direction = sections.find(({ mid }) => mid === one.mid)?.direction
      one.isOpen = can(own, direction)
      one.format = formatsIn(sectionsOf(answer).find((section) => midOf(section) === one.mid) ?? "")[0]
      const receives = can(own === "send" ? "recv" : "send", direction)
      if (receives === (one.remote !== undefined)) continue
      const track = one.remote ?? { id: randomUUID(), slot }
      one.remote = receives ? track : undefined
      emit({ _tag: receives ? "RemoteTrack" : "RemoteTrackEnded", track })
    }
  }

  return {
    setMedia: (next) => void (intent = next),
    createOffer: () => {
      const missing = slots.filter((slot) => directionOf(slot) !== "inactive" && !media.has(slot))
      // The far end gives such a mid to none of its own sections.
      for (const slot of missing) add(slot, `${slot[0]}${randomInt(2 ** 32)}`, formats[kindOf(slot)])
      // Only a channel makes libdatachannel offer a section for data; the far end never hears of this one.
      if (intent.data && !hasData) spare ??= pc.createDataChannel("", { negotiated: true, id: 1_023 })
      spare?.onClosed(() => {})
      if (media.size === 0 && spare === undefined && !hasData) throw new Error("To offer nothing would end the process.")
      return describe("offer")
    },
    createAnswer: (offer) => {
      // libdatachannel would throw, and lose the connection.
      const addsData = pc.state() === "connected" && !hasData && haveData(readSections(offer))
      if (addsData) throw fail("createAnswer", { _tag: "Unsupported", capability: "data" })
      pc.setRemoteDescription(offer, "offer")
      for (const [i, { mid, slot }] of readSections(offer).entries()) {
        const known = formatsIn(sectionsOf(offer)[i + 1] ?? "")
        if (slot !== undefined && !media.has(slot) && known.length > 0) add(slot, mid, known)
      }
      const answer = describe("answer", offer)
      negotiated(answer, "send")
      return answer
    },
    applyAnswer: (answer) => {
      pc.setRemoteDescription(answer, "answer")
      negotiated(answer, "recv")
    },
    rollback: () => {
      pc.setLocalDescription("rollback")
      // A section that no description names any more can stand for none of the far end's.
      for (const [slot, { isOpen, track }] of media) {
        if (isOpen !== undefined) continue
        media.delete(slot)
        track.close()
      }
    },
    addRemoteCandidate: ({ candidate, sdpMid = "0" }) => candidate === "" ? undefined : pc.addRemoteCandidate(candidate, sdpMid),
    openDataChannel: (label, { maxPacketLifeTimeMs, ...rest }) => {
      if (!hasData) throw fail("openDataChannel", { _tag: "WrongState", state: "without a section for data", expected: "one" })
      const limit = maxPacketLifeTimeMs === undefined ? {} : { maxPacketLifeTime: maxPacketLifeTimeMs }
      const native = pc.createDataChannel(label, { ...rest, unordered: rest.ordered === false, ...limit })
      const channel = wrap(native)
      return native.isOpen() ? channel : new Promise((resolve) => native.onOpen(() => resolve(channel)))
    },
    stats: () => {
      const figures = (of: (one: SlotMedia) => Figures | undefined) =>
        [...media].flatMap(([slot, one]) =>
          [of(one) ?? []].flat().map((figures) => ({ slot, mimeType: `${kindOf(slot)}/${one.format?.name ?? ""}`, ...figures })))
      const received = figures(({ remote }) => remote && (arrivals.get(remote) ?? { packets: 0, bytes: 0 }))
      const { local, remote } = pc.getSelectedCandidatePair() ?? {}
      return { sent: figures(({ format, sent }) => format && sent), received, ...(local && remote && { path: { local: pathEnd(local), remote: pathEnd(remote) } }) }
    },
    close: () => {
      clearInterval(clock)
      for (const { track } of media.values()) track.close()
      pc.close()
    }
  }
}

export const dataChannelEngine = (options: EngineOptions = {}): Layer.Layer<RtcEngine> =>
  Layer.succeed(RtcEngine, {
    name: engine,
    capabilities,
    open: (config, intent) => {
      const open = (emit: (event: DriverEvent) => void) => openDriver(config, intent, options, emit)
      return fromDriver({ engine, capabilities, operationTimeoutMs: config.operationTimeoutMs, open })
    }
  })
