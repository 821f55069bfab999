/** One werift connection as core drives it. */
import {
  type ChannelSide,
  type DataChannel,
  type Driver,
  type DriverEvent,
  makeDataChannel,
  type MediaIntent,
  type RemoteTrack,
  type RtcConfig,
  type Slot,
  slots,
  WebRtcError
} from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { RtpSource } from "./media/RtpSource.ts"
import { ReceivedTrack, registerTrack } from "./receivedRtp.ts"
import { SlotSender } from "./SlotSender.ts"
import { type SlotOfSsrc, toCallStats } from "./toCallStats.ts"
import { codecs, type MediaStreamTrack, preferring, type RTCDataChannel, RTCPeerConnection, type RTCRtpTransceiver } from "./werift.ts"

/** How an app lets this engine use the network and its media. */
export interface DriverOptions {
  readonly sources: { readonly [S in Slot]?: RtpSource }
  /** Only these local addresses; without them, every one of the machine's. */
  readonly localAddresses?: { readonly udp4?: string; readonly udp6?: string }
  /** The range of UDP ports, first and last. */
  readonly portRange?: readonly [first: number, last: number]
}

/** How long STUN servers may hold up gathering; werift's own 5 s would hold up the call. */
const stunTimeoutSeconds = 2

/** Only a section of this kind can carry the slot. */
const kindOf = (slot: Slot): "audio" | "video" => (slot === "microphone" ? "audio" : "video")

type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive"

const directionOf = (slot: Slot, { hold, receive, send }: MediaIntent): Direction => {
  const sends = send[slot] !== "off"
  const receives = receive[slot] && !hold
  if (sends) return receives ? "sendrecv" : "sendonly"
  return receives ? "recvonly" : "inactive"
}

export class WeriftDriver implements Driver {
  readonly #pc: RTCPeerConnection
  readonly #emit: (event: DriverEvent) => void
  readonly #sources: DriverOptions["sources"]
  readonly #transceivers = new Map<Slot, RTCRtpTransceiver>()
  readonly #senders = new Map<Slot, SlotSender>()
  readonly #received = new Map<RTCRtpTransceiver, { readonly track: RemoteTrack; readonly received: ReceivedTrack }>()
  readonly #channels = new Set<ChannelSide>()
  #intent: MediaIntent
  #isUp = false
  #closed = false

  constructor(config: RtcConfig, intent: MediaIntent, options: DriverOptions, emit: (event: DriverEvent) => void) {
    this.#emit = emit
    this.#intent = intent
    this.#sources = options.sources
    const { localAddresses, portRange } = options
    this.#pc = new RTCPeerConnection({
      iceServers: config.iceServers.map(({ urls, ...account }) => ({ urls: [...urls], ...account })),
      codecs: codecs(intent.preferCodec),
      bundlePolicy: "max-bundle",
      iceStunGatherTimeout: stunTimeoutSeconds,
      ...(localAddresses === undefined ? {} : {
        iceInterfaceAddresses: localAddresses,
        // werift looks for the machine's addresses by family, and takes them all when it finds none of those named.
        iceUseIpv4: false,
        iceUseIpv6: false,
        iceAdditionalHostAddresses: Object.values(localAddresses)
      }),
      ...(portRange === undefined ? {} : { icePortRange: [portRange[0], portRange[1]] })
    })
    this.#pc.onIceCandidate.subscribe((candidate) => {
      const ownMid = this.#pc.getTransceivers()[0]?.mid ?? this.#pc.sctp?.mid ?? "0"
      emit(
        candidate === undefined
          ? { _tag: "LocalCandidate", candidate: { candidate: "", sdpMid: ownMid, sdpMLineIndex: 0 } }
          : {
            _tag: "LocalCandidate",
            candidate: {
              candidate: candidate.candidate,
              ...(candidate.sdpMid === undefined ? {} : { sdpMid: candidate.sdpMid }),
              ...(candidate.sdpMLineIndex === undefined ? {} : { sdpMLineIndex: candidate.sdpMLineIndex })
            },
            ...(candidate.usernameFragment === undefined ? {} : { ufrag: candidate.usernameFragment })
          }
      )
    })
    this.#pc.connectionStateChange.subscribe(() => this.#readLink())
    this.#pc.iceConnectionStateChange.subscribe(() => this.#readLink())
    this.#pc.onDataChannel.subscribe((channel) => {
      emit({ _tag: "DataChannelOpened", channel: this.#wrap(channel) })
    })
  }

  setMedia(intent: MediaIntent): void {
    this.#intent = intent
    this.#send()
  }

  async createOffer(): Promise<string> {
    for (const slot of slots) {
      const direction = directionOf(slot, this.#intent)
      if (direction === "inactive" || this.#transceivers.has(slot)) continue
      this.#adopt(slot, this.#pc.addTransceiver(this.#senderOf(slot).track, { direction }))
    }
    // Only a channel makes werift offer a section for data. This one is never used, and the far end never hears of it.
    if (this.#intent.data && this.#pc.sctp === null) {
      this.#pc.createDataChannel("", { negotiated: true, id: unusedStream })
    }
    const { sdp } = await this.#pc.createOffer()
    await this.#setLocal({ type: "offer", sdp })
    return sdp
  }

  async createAnswer(offerSdp: string): Promise<string> {
    await this.#pc.setRemoteDescription({ type: "offer", sdp: offerSdp })
    try {
      for (const transceiver of this.#pc.getTransceivers()) {
        const slot = this.#slotFor(transceiver)
        if (slot === undefined) {
          transceiver.setDirection("inactive")
          continue
        }
        this.#adopt(slot, transceiver)
        await transceiver.sender.replaceTrack(this.#senderOf(slot).track)
        transceiver.setDirection(directionOf(slot, this.#intent))
        const preferred = preferring(transceiver.codecs, this.#intent.preferCodec)
        if (preferred[0] !== transceiver.codecs[0]) transceiver.setCodecPreferences(preferred)
      }
      const { sdp } = await this.#pc.createAnswer()
      await this.#setLocal({ type: "answer", sdp })
      this.#negotiated()
      return sdp
    } catch (error) {
      await this.#pc.setRemoteDescription({ type: "rollback", sdp: "" }).catch(() => {})
      throw error
    }
  }

  async applyAnswer(answerSdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: "answer", sdp: answerSdp })
    this.#negotiated()
  }

  async addRemoteCandidate(candidate: { readonly candidate: string; readonly sdpMid?: string; readonly sdpMLineIndex?: number }): Promise<void> {
    await this.#pc.addIceCandidate(candidate)
  }

  async openDataChannel(label: string, options: { readonly ordered?: boolean; readonly maxRetransmits?: number; readonly maxPacketLifeTimeMs?: number; readonly protocol?: string }): Promise<DataChannel> {
    if (this.#pc.sctp === null) {
      throw new WebRtcError({
        engine: "werift",
        operation: "openDataChannel",
        reason: { _tag: "WrongState", state: "without a data section", expected: "one that was negotiated: set enableData" }
      })
    }
    const { maxPacketLifeTimeMs, ...rest } = options
    const native = this.#pc.createDataChannel(label, {
      ...rest,
      ...(maxPacketLifeTimeMs === undefined ? {} : { maxPacketLifeTime: maxPacketLifeTimeMs })
    })
    const channel = this.#wrap(native)
    if (native.readyState !== "open") {
      await new Promise<void>((resolve, reject) => {
        native.stateChange.subscribe((state) => {
          if (state === "open") resolve()
          else if (state === "closed") reject(new Error("The channel was closed before it was open."))
        })
      })
    }
    return channel
  }

  async stats() {
    const sentBy = new Map<number, SlotOfSsrc>()
    const receivedBy = new Map<number, SlotOfSsrc>()
    for (const [slot, transceiver] of this.#transceivers) {
      const mimeType = transceiver.sender.codec?.mimeType
      sentBy.set(transceiver.sender.ssrc, { slot, mimeType })
      for (const ssrc of Object.keys(transceiver.receiver.trackBySSRC)) {
        receivedBy.set(Number(ssrc), { slot, mimeType: transceiver.receiver.track.codec?.mimeType ?? mimeType })
      }
    }
    return toCallStats(await this.#pc.getStats(), sentBy, receivedBy)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const sender of this.#senders.values()) sender.stop()
    for (const { received } of this.#received.values()) received.end()
    for (const channel of this.#channels) channel.closed()
    await this.#pc.close()
  }

  /**
   * Sets a local description without waiting for its candidates: they trickle. What fails later than the change of
   * state, in gathering or connecting, makes the connection useless.
   */
  async #setLocal(description: { readonly type: "offer" | "answer"; readonly sdp: string }): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      const target = description.type === "offer" ? "have-local-offer" : "stable"
      const { unSubscribe } = this.#pc.signalingStateChange.subscribe((state) => {
        if (state !== target) return
        unSubscribe()
        resolve()
      })
    })
    const whole = this.#pc.setLocalDescription(description)
    let isSet = false
    whole.catch((cause: unknown) => {
      if (!isSet || this.#closed) return
      const error = new WebRtcError({ engine: "werift", operation: "connect", reason: { _tag: "Refused" }, cause })
      this.#emit({ _tag: "Failed", error })
    })
    await Promise.race([reached, whole])
    isSet = true
  }

  #senderOf(slot: Slot): SlotSender {
    const existing = this.#senders.get(slot)
    if (existing !== undefined) return existing
    const sender = new SlotSender(kindOf(slot), this.#sources[slot], (reason) => {
      this.#emit({ _tag: "LocalSourceEnded", slot, reason })
    })
    this.#senders.set(slot, sender)
    return sender
  }

  /** The slot of a section that the far end offered: the first audio is its microphone, the first video its camera. */
  #slotFor(transceiver: RTCRtpTransceiver): Slot | undefined {
    for (const [slot, known] of this.#transceivers) if (known === transceiver) return slot
    return slots.find((slot) => kindOf(slot) === transceiver.kind && !this.#transceivers.has(slot))
  }

  #adopt(slot: Slot, transceiver: RTCRtpTransceiver): void {
    if (this.#transceivers.has(slot)) return
    this.#transceivers.set(slot, transceiver)
    // A section that was offered has its track already; one that we offer gets it with the answer.
    const heard = new Set<MediaStreamTrack>()
    const listen = (native: MediaStreamTrack) => {
      if (heard.has(native)) return
      heard.add(native)
      native.onReceiveRtp.subscribe(({ header, payload }) => {
        this.#received.get(transceiver)?.received.deliver({
          payloadType: header.payloadType,
          sequenceNumber: header.sequenceNumber,
          timestamp: header.timestamp,
          marker: header.marker,
          ssrc: header.ssrc,
          payload
        })
      })
    }
    transceiver.receiver.tracks.forEach(listen)
    transceiver.onTrack.subscribe(listen)
  }

  /** A round of offer and answer is complete: media may come and go as it says. */
  #negotiated(): void {
    for (const [slot, transceiver] of this.#transceivers) {
      const direction = transceiver.currentDirection
      if ((direction === "sendrecv" || direction === "recvonly") && !this.#received.has(transceiver)) {
        const track: RemoteTrack = { id: `${this.#pc.id}:${transceiver.mid ?? slot}`, slot }
        const received = new ReceivedTrack(() => transceiver.receiver.track.codec?.mimeType)
        registerTrack(track, received)
        this.#received.set(transceiver, { track, received })
        this.#emit({ _tag: "RemoteTrack", track })
      }
    }
    this.#send()
  }

  /** Every source to its transceiver, or not: as the intent and the negotiated direction say, once media is up. */
  #send(): void {
    for (const [slot, transceiver] of this.#transceivers) {
      const direction = transceiver.currentDirection
      const negotiated = direction === "sendrecv" || direction === "sendonly"
      const wanted = this.#isUp && negotiated && this.#intent.send[slot] === "on" && !this.#intent.hold
      this.#senderOf(slot).update(transceiver, wanted)
    }
  }

  /** werift's own states: `connected` is DTLS connected over a nominated pair. */
  #readLink(): void {
    if (this.#closed) return
    const { connectionState, iceConnectionState } = this.#pc
    if (connectionState === "failed" || iceConnectionState === "failed") {
      this.#emit({ _tag: "Link", state: "failed" })
    } else if (connectionState === "connected" && this.#hasPath()) {
      this.#isUp = true
      this.#emit({ _tag: "Link", state: "up" })
      this.#send()
    } else if (this.#isUp && (connectionState === "disconnected" || connectionState === "closed")) {
      this.#isUp = false
      this.#emit({ _tag: "Link", state: "interrupted" })
      this.#send()
    } else if (connectionState === "connecting" || iceConnectionState === "checking") {
      this.#emit({ _tag: "Link", state: "connecting" })
    }
  }

  #hasPath(): boolean {
    return this.#pc.dtlsTransports.every(({ state }) => state === "connected") &&
      this.#pc.iceTransports.some((transport) => transport.getSelectedCandidatePair() !== null)
  }

  #wrap(native: RTCDataChannel): DataChannel {
    const side = makeDataChannel({
      label: native.label,
      protocol: native.protocol,
      send: (data) =>
        Effect.try({
          try: () => {
            if (native.readyState !== "open") throw new Error(`The channel is ${native.readyState}.`)
            native.send(typeof data === "string" ? data : Buffer.from(data))
          },
          catch: (cause) =>
            new WebRtcError({ engine: "werift", operation: "send", reason: { _tag: "Refused" }, cause })
        }),
      close: () => native.close()
    })
    this.#channels.add(side)
    native.onMessage.subscribe((data) => side.received(typeof data === "string" ? data : new Uint8Array(data)))
    native.stateChange.subscribe((state) => {
      if (state !== "closed") return
      this.#channels.delete(side)
      side.closed()
    })
    return side.channel
  }
}

/** A stream id that no other channel gets: ids are given from 0 up. */
const unusedStream = 65_000
