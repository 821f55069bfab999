/** One werift connection as core drives it. */
import {
  type DataChannel,
  type DataOptions,
  type Driver,
  type DriverEvent,
  type IceCandidate,
  type IceServer,
  type MediaIntent,
  type OfferOptions,
  type RtcConfig,
  type Slot,
  WebRtcError
} from "@enigma-rtc/core"
import { connectionOptions, type DriverOptions } from "./connectionOptions.ts"
import { DataChannels } from "./DataChannels.ts"
import { LinkWatch } from "./LinkWatch.ts"
import { LocalDescriptions } from "./LocalDescriptions.ts"
import { RemoteCandidates } from "./RemoteCandidates.ts"
import {
  endConnecting,
  forgetUnnegotiated,
  keepRestart,
  rememberBeforeRemote,
  repairConnection,
  sayGoodbye,
  setIceServers,
  setLocalDescription,
  undoRestart
} from "./repairs.ts"
import { Slots } from "./Slots.ts"
import { toCallStats } from "./toCallStats.ts"
import { type RTCIceCandidate, RTCPeerConnection } from "./werift.ts"

export class WeriftDriver implements Driver {
  readonly #pc: RTCPeerConnection
  readonly #emit: (event: DriverEvent) => void
  readonly #slots: Slots
  readonly #link: LinkWatch
  readonly #descriptions = new LocalDescriptions()
  readonly #candidates: RemoteCandidates
  readonly #channels: DataChannels
  #iceServers: ReadonlyArray<IceServer>
  #intent: MediaIntent
  #closed = false

  constructor({ iceServers }: RtcConfig, intent: MediaIntent, options: DriverOptions, emit: (event: DriverEvent) => void) {
    this.#emit = emit
    this.#iceServers = iceServers
    this.#intent = intent
    this.#pc = new RTCPeerConnection(connectionOptions(options))
    this.#link = new LinkWatch(this.#pc, (state) => {
      emit({ _tag: "Link", state })
      this.#send()
    })
    repairConnection(this.#pc, this.#link)
    this.#slots = new Slots(this.#pc, options.sources, emit)
    this.#candidates = new RemoteCandidates(this.#pc)
    this.#pc.onIceCandidate.subscribe((candidate) => this.#trickle(candidate))
    this.#channels = new DataChannels(this.#pc, (channel) => emit({ _tag: "DataChannelOpened", channel }))
  }

  setMedia(intent: MediaIntent): void {
    this.#intent = intent
    this.#send()
  }

  async createOffer({ iceRestart = false, iceServers }: OfferOptions): Promise<string> {
    if (iceServers !== undefined) this.#iceServers = iceServers
    try {
      this.#slots.offer(this.#intent)
      if (this.#intent.data) this.#channels.offer()
      const { sdp } = await this.#pc.createOffer({ iceRestart })
      await this.#setLocal({ type: "offer", sdp })
      return this.#descriptions.handOut(sdp, this.#slots.screenMids)
    } catch (error) {
      this.#takeBack()
      throw error
    }
  }

  async createAnswer(offerSdp: string): Promise<string> {
    const restore = rememberBeforeRemote(this.#pc)
    const adopted = new Set<Slot>()
    try {
      this.#slots.beforeAnswer(this.#intent, offerSdp)
      await this.#pc.setRemoteDescription({ type: "offer", sdp: offerSdp })
      this.#described()
      await this.#slots.answer(this.#intent, offerSdp, adopted)
      const { sdp } = await this.#pc.createAnswer()
      await this.#setLocal({ type: "answer", sdp })
      this.#negotiated()
      return this.#descriptions.handOut(sdp, this.#slots.screenMids)
    } catch (error) {
      await this.#slots.refused(adopted)
      await restore()
      throw error
    }
  }

  async applyAnswer(answerSdp: string): Promise<void> {
    const restore = rememberBeforeRemote(this.#pc)
    try {
      await this.#pc.setRemoteDescription({ type: "answer", sdp: answerSdp })
    } catch (error) {
      await restore()
      throw error
    }
    this.#described()
    this.#slots.answered(answerSdp)
    this.#negotiated()
  }

  async rollback(): Promise<void> {
    await this.#pc.setLocalDescription({ type: "rollback" })
    this.#takeBack()
  }

  async addRemoteCandidate(candidate: IceCandidate): Promise<void> {
    await this.#candidates.take(candidate)
  }

  openDataChannel(label: string, options: DataOptions): Promise<DataChannel> {
    return this.#channels.open(label, options, this.#intent.data)
  }

  async stats() {
    const { receivedBy, sentBy } = this.#slots.ssrcs()
    return toCallStats(await this.#pc.getStats(), sentBy, receivedBy)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#link.close()
    this.#slots.close()
    this.#channels.close()
    try {
      await sayGoodbye(this.#pc)
      await this.#pc.close()
    } finally {
      endConnecting(this.#pc)
    }
  }

  /** A late failure, in gathering or connecting, makes the connection useless. */
  #setLocal(description: { readonly type: "offer" | "answer"; readonly sdp: string }): Promise<void> {
    setIceServers(this.#pc, this.#iceServers)
    return setLocalDescription(this.#pc, description, (cause) => {
      const error = new WebRtcError({ engine: "werift", operation: "connect", reason: { _tag: "Refused" }, cause })
      if (!this.#closed) this.#emit({ _tag: "Failed", error })
    })
  }

  /** The far end's candidates need wait no more. */
  #described(): void {
    this.#candidates.release()
    this.#emit({ _tag: "RemoteDescriptionSet" })
  }

  /** A round of offer and answer is complete: media may come and go as it says. */
  #negotiated(): void {
    keepRestart(this.#pc)
    this.#slots.negotiated(this.#intent)
    this.#send()
  }

  /** An offer of ours has come to nothing. */
  #takeBack(): void {
    undoRestart(this.#pc)
    forgetUnnegotiated(this.#pc)
    this.#slots.rolledBack()
  }

  #send(): void {
    this.#slots.send(this.#intent, this.#link.hasBeenUp)
  }

  #trickle(candidate: RTCIceCandidate | undefined): void {
    const sdpMid = candidate?.sdpMid ?? this.#pc.getTransceivers()[0]?.mid ?? this.#pc.sctp?.mid ?? "0"
    this.#emit({
      _tag: "LocalCandidate",
      candidate: { candidate: candidate?.candidate ?? "", sdpMid, sdpMLineIndex: candidate?.sdpMLineIndex ?? 0 },
      ...(candidate?.usernameFragment === undefined ? {} : { ufrag: candidate.usernameFragment })
    })
  }
}
