/** One werift connection as core drives it. */
import {
  type ChannelSide,
  type DataChannel,
  type DataOptions,
  type Driver,
  type DriverEvent,
  type IceCandidate,
  type MediaIntent,
  type RtcConfig,
  type Slot,
  slots,
  WebRtcError
} from "@enigma-rtc/core"
import { endConnecting } from "./endConnecting.ts"
import type { RtpSource } from "./media/RtpSource.ts"
import { onlyStunOfConfig } from "./onlyStunOfConfig.ts"
import { setLocalDescription } from "./setLocalDescription.ts"
import { directionOf, kindOf, SlotTransceiver } from "./SlotTransceiver.ts"
import { type SlotOfSsrc, toCallStats } from "./toCallStats.ts"
import { toDataChannel, untilOpen } from "./toDataChannel.ts"
import { codecs, type RTCDataChannel, type RTCIceCandidate, RTCPeerConnection, type RTCRtpTransceiver } from "./werift.ts"

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

/** A stream that no other channel gets: ids are given from 0 up. */
const unusedStream = 65_000

const connectionOptions = (config: RtcConfig, { localAddresses, portRange }: DriverOptions) => ({
  iceServers: config.iceServers.map(({ urls, ...account }) => ({ urls: [...urls], ...account })),
  codecs: codecs(),
  bundlePolicy: "max-bundle" as const,
  iceStunGatherTimeout: stunTimeoutSeconds,
  ...(localAddresses === undefined ? {} : {
    iceInterfaceAddresses: localAddresses,
    // werift looks for the machine's addresses by family, and takes them all when it finds none of those named.
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: Object.values(localAddresses)
  }),
  ...(portRange === undefined ? {} : { icePortRange: [portRange[0], portRange[1]] as [number, number] })
})

export class WeriftDriver implements Driver {
  readonly #pc: RTCPeerConnection
  readonly #emit: (event: DriverEvent) => void
  readonly #sources: DriverOptions["sources"]
  readonly #slots = new Map<Slot, SlotTransceiver>()
  readonly #channels = new Set<ChannelSide>()
  readonly #config: RtcConfig
  #intent: MediaIntent
  #isUp = false
  #closed = false

  constructor(config: RtcConfig, intent: MediaIntent, options: DriverOptions, emit: (event: DriverEvent) => void) {
    this.#emit = emit
    this.#config = config
    this.#intent = intent
    this.#sources = options.sources
    this.#pc = new RTCPeerConnection(connectionOptions(config, options))
    this.#pc.onIceCandidate.subscribe((candidate) => this.#trickle(candidate))
    this.#pc.connectionStateChange.subscribe(() => this.#readLink())
    this.#pc.iceConnectionStateChange.subscribe(() => this.#readLink())
    this.#pc.onDataChannel.subscribe((native) => emit({ _tag: "DataChannelOpened", channel: this.#wrap(native) }))
  }

  setMedia(intent: MediaIntent): void {
    this.#intent = intent
    this.#send()
  }

  async createOffer(): Promise<string> {
    for (const slot of slots) {
      if (directionOf(slot, this.#intent) === "inactive" || this.#slots.has(slot)) continue
      this.#slots.set(slot, SlotTransceiver.offer(slot, this.#pc, this.#intent, this.#sources[slot], this.#sourceEnded(slot)))
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
      for (const transceiver of this.#pc.getTransceivers()) await this.#answerSection(transceiver, offerSdp)
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

  async addRemoteCandidate(candidate: IceCandidate): Promise<void> {
    await this.#pc.addIceCandidate(candidate)
  }

  async openDataChannel(label: string, { maxPacketLifeTimeMs, ...options }: DataOptions): Promise<DataChannel> {
    if (this.#pc.sctp === null) {
      throw this.#error("openDataChannel", {
        _tag: "WrongState",
        state: "connected without a section for data",
        expected: "enableData on the calling end"
      })
    }
    const native = this.#pc.createDataChannel(label, {
      ...options,
      ...(maxPacketLifeTimeMs === undefined ? {} : { maxPacketLifeTime: maxPacketLifeTimeMs })
    })
    const channel = this.#wrap(native)
    await untilOpen(native)
    return channel
  }

  async stats() {
    const sentBy = new Map<number, SlotOfSsrc>()
    const receivedBy = new Map<number, SlotOfSsrc>()
    for (const slot of this.#slots.values()) slot.noteSsrcs(sentBy, receivedBy)
    return toCallStats(await this.#pc.getStats(), sentBy, receivedBy)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const slot of this.#slots.values()) slot.close()
    for (const channel of this.#channels) channel.closed()
    try {
      await this.#pc.close()
    } finally {
      endConnecting(this.#pc)
    }
  }

  #error(operation: string, reason: WebRtcError["reason"], cause?: unknown): WebRtcError {
    return new WebRtcError({ engine: "werift", operation, reason, cause })
  }

  #sourceEnded(slot: Slot): (reason: string) => void {
    return (reason) => this.#emit({ _tag: "LocalSourceEnded", slot, reason })
  }

  /** A late failure, in gathering or connecting, makes the connection useless. */
  #setLocal(description: { readonly type: "offer" | "answer"; readonly sdp: string }): Promise<void> {
    onlyStunOfConfig(this.#pc, this.#config)
    return setLocalDescription(this.#pc, description, (cause) => {
      if (!this.#closed) this.#emit({ _tag: "Failed", error: this.#error("connect", { _tag: "Refused" }, cause) })
    })
  }

  /** The first audio section is the far end's microphone, the first video section its camera. */
  async #answerSection(transceiver: RTCRtpTransceiver, offerSdp: string): Promise<void> {
    const known = [...this.#slots.values()].find((slot) => slot.transceiver === transceiver)
    const free = slots.find((slot) => kindOf(slot) === transceiver.kind && !this.#slots.has(slot))
    if (known !== undefined) {
      known.answer(this.#intent, offerSdp)
    } else if (free === undefined) {
      transceiver.setDirection("inactive")
    } else {
      const slot = await SlotTransceiver.adopt(free, transceiver, this.#sources[free], this.#sourceEnded(free))
      this.#slots.set(free, slot)
      slot.answer(this.#intent, offerSdp)
    }
  }

  /** A round of offer and answer is complete: media may come and go as it says. */
  #negotiated(): void {
    for (const slot of this.#slots.values()) {
      const track = slot.beginsToReceive()
      if (track !== undefined) this.#emit({ _tag: "RemoteTrack", track })
    }
    this.#send()
  }

  #send(): void {
    for (const slot of this.#slots.values()) slot.send(this.#intent, this.#isUp)
  }

  #trickle(candidate: RTCIceCandidate | undefined): void {
    const sdpMid = candidate?.sdpMid ?? this.#pc.getTransceivers()[0]?.mid ?? this.#pc.sctp?.mid ?? "0"
    this.#emit({
      _tag: "LocalCandidate",
      candidate: { candidate: candidate?.candidate ?? "", sdpMid, sdpMLineIndex: candidate?.sdpMLineIndex ?? 0 },
      ...(candidate?.usernameFragment === undefined ? {} : { ufrag: candidate.usernameFragment })
    })
  }

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

  /** DTLS is connected over a pair that ICE has chosen. */
  #hasPath(): boolean {
    return this.#pc.dtlsTransports.every(({ state }) => state === "connected") &&
      this.#pc.iceTransports.some((transport) => transport.getSelectedCandidatePair() !== null)
  }

  #wrap(native: RTCDataChannel): DataChannel {
    const side = toDataChannel(native)
    this.#channels.add(side)
    native.stateChange.subscribe((state) => {
      if (state === "closed") this.#channels.delete(side)
    })
    return side.channel
  }
}
