/** The one file that touches RTCPeerConnection: the driver that core's `fromDriver` makes a peer of. */
import {
  type CountedStats, type Driver, type DriverEvent, type LinkState, markScreen, type MediaIntent, readSections, type RemoteTrack,
  type RtcConfig, type Slot, slots, toCallStats
} from "@enigma-rtc/core"
import { browserError } from "./browserError.ts"
import { codecOrder } from "./codecOrder.ts"
import { type DtlsRole, roleIn, withRole } from "./dtlsRole.ts"
import { evenExtensions } from "./evenExtensions.ts"
import type { LocalTracks } from "./LocalMedia.ts"
import { remoteCandidates } from "./remoteCandidates.ts"
import { beginTrack, endTrack } from "./remoteMedia.ts"
import { toDataChannel } from "./toDataChannel.ts"

/** A slot has one transceiver for the whole call. */
interface SlotTransceiver {
  readonly transceiver: RTCRtpTransceiver
  /** What it was last told to send. */
  sends: MediaStreamTrack | null
  track?: RemoteTrack | undefined
}

/** A connection knows where its own candidates belong (W3C WebRTC section 4.4.1.1.3); only a page's may leave it out. */
type Placed = { readonly [K in "sdpMid" | "sdpMLineIndex" | "usernameFragment"]: NonNullable<RTCIceCandidate[K]> }

/** A state may be over before it can be read: what must have been before it is told too. */
const links: { readonly [state: string]: ReadonlyArray<LinkState> } = {
  connecting: ["connecting"], connected: ["connecting", "up"], disconnected: ["interrupted"], failed: ["failed"]
}

export const openDriver = (
  config: RtcConfig,
  first: MediaIntent,
  sources: LocalTracks | undefined,
  connection: RTCConfiguration,
  emit: (event: DriverEvent) => void
): Driver => {
  const withServers = ({ iceServers }: Pick<RtcConfig, "iceServers">): RTCConfiguration => ({
    bundlePolicy: "max-bundle",
    ...connection,
    iceServers: iceServers.map(({ urls, ...rest }) => ({ ...rest, urls: [...urls] }))
  })
  const pc = new RTCPeerConnection(withServers(config))
  const candidates = remoteCandidates(pc)
  const media = new Map<Slot, SlotTransceiver>()
  const counted: CountedStats = new Map()
  /** Who plays both keeps lips and voice together (RFC 8830). */
  const together = new MediaStream()
  let intent = first
  let hasData = false
  let isAnew = false
  let isOrdered = false
  let role: DtlsRole | undefined
  let wasUp = false
  let spare: RTCDataChannel | undefined
  let lastCandidate: RTCIceCandidate | undefined

  pc.onicecandidate = ({ candidate }) => {
    // The end comes as null, in Firefox after an empty candidate; it is told of the section of the last one.
    const place = candidate ?? lastCandidate
    lastCandidate = place
    if (place === undefined) return
    const { sdpMLineIndex, sdpMid, usernameFragment: ufrag } = place as Placed
    emit({ _tag: "LocalCandidate", candidate: { candidate: candidate?.candidate ?? "", sdpMid, sdpMLineIndex }, ufrag })
  }
  pc.onconnectionstatechange = () => {
    for (const state of links[pc.connectionState] ?? []) {
      wasUp ||= state === "up"
      if (wasUp || state !== "interrupted") emit({ _tag: "Link", state })
    }
  }
  pc.ondatachannel = ({ channel }) => emit({ _tag: "DataChannelOpened", channel: toDataChannel(channel) })

  const isSent = (slot: Slot) => intent.send[slot] === "on" && !intent.hold
  /** Sends or not, as the intent says; a direction that does not let it is stronger. The browser keeps the order. */
  const send = () =>
    Promise.all([...media].map(async ([slot, one]) => {
      const sends = isSent(slot) ? sources?.track(slot) ?? null : null
      if (one.sends === sends) return
      one.sends = sends
      try {
        await one.transceiver.sender.replaceTrack(sends)
      } catch (cause) {
        // Nobody may believe to be muted who is not.
        if (sends === null) throw cause
        emit({ _tag: "LocalSourceEnded", slot, reason: "The browser cannot send it." })
      }
    }))
  const leave = sources?.join({
    sends: isSent,
    changed: send,
    ended: (slot, reason) => {
      if (intent.send[slot] !== "off") emit({ _tag: "LocalSourceEnded", slot, reason })
    }
  })
  const keep = (slot: Slot, transceiver: RTCRtpTransceiver) => {
    media.set(slot, { transceiver, sends: null })
    // Old browsers lack it, and lose nothing but that.
    transceiver.sender.setStreams?.(slot === "screen" ? new MediaStream() : together)
  }
  const directionOf = (slot: Slot): RTCRtpTransceiverDirection => {
    const [sends, receives] = [intent.send[slot] !== "off", intent.receive[slot] && !intent.hold]
    return sends ? receives ? "sendrecv" : "sendonly" : receives ? "recvonly" : "inactive"
  }
  /** Before each description: who sends, and in which codec. */
  const direct = () => {
    const wasOrdered = isOrdered
    isOrdered = intent.preferCodec !== undefined
    for (const [slot, { transceiver }] of media) {
      transceiver.direction = directionOf(slot)
      // Told that it may do as it likes, Firefox offers its own payload types in a call, and not those that are agreed on.
      if (!isOrdered && !wasOrdered) continue
      const codecs = RTCRtpReceiver.getCapabilities(transceiver.receiver.track.kind)?.codecs ?? []
      transceiver.setCodecPreferences?.(codecOrder(codecs, intent))
    }
  }
  /** A transceiver that no description names any more can stand for no section of the far end's. */
  const prune = () => {
    for (const [slot, { transceiver }] of media) {
      if (transceiver.mid !== null) continue
      media.delete(slot)
      transceiver.stop()
    }
  }
  /** An offer that is out when a round begins has been taken back. */
  const takeBack = async () => {
    if (pc.signalingState !== "have-local-offer") return
    await pc.setLocalDescription({ type: "rollback" })
    prune()
  }
  const describe = async (made: Promise<RTCSessionDescriptionInit>) => {
    const { sdp: own = "", type } = await made
    const sdp = type === "offer" ? evenExtensions(own) : own
    await pc.setLocalDescription({ type, sdp })
    if (type === "answer") negotiated(sdp, true)
    // The far end need not wait for it: the description does not change by it.
    void send().catch((cause: unknown) => emit({ _tag: "Failed", error: browserError("setMedia", { _tag: "Refused" }, cause) }))
    // Firefox gives a section that comes only in a bundle the port of a refused one, which others take it for (RFC 8843 section 6).
    const open = withRole(sdp, role).replace(/^(m=\S+) 0 ((?:.+\r\n(?!m=))*?)a=bundle-only\r\n/gm, "$1 9 $2")
    return markScreen(open, [media.get("screen")?.transceiver.mid ?? []].flat())
  }
  const described = () => {
    candidates.release()
    emit({ _tag: "RemoteDescriptionSet" })
  }
  const forget = (one: SlotTransceiver) => {
    if (one.track === undefined) return
    endTrack(one.track)
    emit({ _tag: "RemoteTrackEnded", track: one.track })
    one.track = undefined
  }
  /** A round is complete: media comes and goes as its answer says. */
  const negotiated = (answer: string, isOwn: boolean) => {
    role ??= roleIn(answer, isOwn)
    hasData = readSections(answer).some(({ direction, kind }) => kind === "application" && direction !== "inactive")
    for (const [slot, one] of media) {
      const { currentDirection, receiver } = one.transceiver
      if (!/recv/.test(currentDirection ?? "")) forget(one)
      else if (one.track === undefined) {
        one.track = beginTrack(slot, receiver.track)
        emit({ _tag: "RemoteTrack", track: one.track })
      }
      // The far end refused its section for good; the next offer makes another.
      if (currentDirection === "stopped") media.delete(slot)
    }
  }

  return {
    setMedia: async (wanted) => {
      intent = wanted
      sources?.demand()
      await send()
    },
    createOffer: async ({ iceRestart = false, iceServers }) => {
      if (iceServers !== undefined) pc.setConfiguration(withServers({ iceServers }))
      try {
        await takeBack()
        for (const slot of slots) {
          if (directionOf(slot) === "inactive" || media.has(slot)) continue
          keep(slot, pc.addTransceiver(slot === "microphone" ? "audio" : "video"))
        }
        direct()
        // Only a channel makes a browser offer a section for data; the far end never hears of this one.
        if (intent.data && !hasData) spare ??= pc.createDataChannel("", { negotiated: true, id: 1_023 })
        // After a first offer that was taken back Firefox has new sections and the same credentials: nobody could tell its
        // candidates apart.
        const isNew = isAnew && pc.currentLocalDescription === null
        return await describe(pc.createOffer({ iceRestart: iceRestart || isNew }))
      } catch (cause) {
        prune()
        throw cause
      }
    },
    createAnswer: async (sdp) => {
      await takeBack()
      await pc.setRemoteDescription({ type: "offer", sdp })
      try {
        for (const { mid, slot } of readSections(sdp)) {
          const transceiver = pc.getTransceivers().find((one) => one.mid === mid)
          if (transceiver === undefined || [...media.values()].some((one) => one.transceiver === transceiver)) continue
          if (slot === undefined || media.has(slot)) transceiver.direction = "inactive"
          else keep(slot, transceiver)
        }
        direct()
        const answer = pc.createAnswer()
        // After it in the connection's queue: Chromium takes a while for each.
        described()
        return await describe(answer)
      } catch (cause) {
        await pc.setRemoteDescription({ type: "rollback" }).catch(() => {})
        prune()
        throw cause
      }
    },
    applyAnswer: async (sdp) => {
      await pc.setRemoteDescription({ type: "answer", sdp })
      described()
      negotiated(sdp, false)
      await send()
    },
    rollback: async () => {
      // In a call it is done with the next round: after it Firefox receives nothing until a round is complete.
      if (pc.currentLocalDescription !== null) return
      await takeBack()
      isAnew = true
    },
    addRemoteCandidate: candidates.take,
    openDataChannel: (label, { maxPacketLifeTimeMs: maxPacketLifeTime, ...options }) => {
      if (!hasData) throw new Error("No section for data is negotiated.")
      const native = pc.createDataChannel(label, { ...options, ...(maxPacketLifeTime === undefined ? {} : { maxPacketLifeTime }) })
      const channel = toDataChannel(native)
      return new Promise((resolve, reject) => {
        native.addEventListener("open", () => resolve(channel))
        native.addEventListener("close", () => reject(new Error("It closed before it was open.")))
      })
    },
    stats: async () =>
      toCallStats(
        await pc.getStats(),
        (mid) => slots.find((slot) => mid !== undefined && media.get(slot)?.transceiver.mid === mid),
        counted
      ),
    close: () => {
      leave?.()
      media.forEach(forget)
      pc.close()
    }
  }
}
