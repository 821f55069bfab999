/** The data channels of one connection: opened here and by the far end, and closed with it. */
import { type ChannelSide, type DataChannel, type DataOptions, WebRtcError } from "@enigma-rtc/core"
import { toDataChannel, untilOpen } from "./toDataChannel.ts"
import type { RTCDataChannel, RTCPeerConnection } from "./werift.ts"

/** A stream that no other channel gets: ids are given from 0 up. */
const unusedStream = 65_000

export class DataChannels {
  readonly #pc: RTCPeerConnection
  readonly #open = new Set<ChannelSide>()

  constructor(pc: RTCPeerConnection, onOpened: (channel: DataChannel) => void) {
    this.#pc = pc
    pc.onDataChannel.subscribe((native) => onOpened(this.#wrap(native)))
  }

  /** Has the next offer have a section for data: only a channel makes werift do so, and this one nobody ever hears of. */
  offer(): void {
    if (this.#pc.sctp === null) this.#pc.createDataChannel("", { negotiated: true, id: unusedStream })
  }

  /** Fulfilled when the channel is open; `isWanted` says whether there will be a section for data, if there is none. */
  async open(label: string, { maxPacketLifeTimeMs, ...options }: DataOptions, isWanted: boolean): Promise<DataChannel> {
    if (this.#pc.sctp === null && !isWanted) {
      throw new WebRtcError({
        engine: "werift",
        operation: "openDataChannel",
        reason: { _tag: "WrongState", state: "connected without a section for data", expected: "enableData on the calling end" }
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

  close(): void {
    for (const side of this.#open) side.closed()
  }

  #wrap(native: RTCDataChannel): DataChannel {
    const side = toDataChannel(native)
    this.#open.add(side)
    native.stateChange.subscribe((state) => {
      if (state === "closed") this.#open.delete(side)
    })
    return side.channel
  }
}
