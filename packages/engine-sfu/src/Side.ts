/** One transport of a room, at both of its ends: mediasoup-client's and the server's. */
import type { Device, Transport } from "mediasoup-client/types"
import type { SfuMethod, SfuReply, SfuRequests, TransportDirection } from "./protocol.ts"
import { refused, sfuError, within } from "./sfuError.ts"
import { SfuRefused, SfuUnreachable } from "./SfuSignaling.ts"
import type { Stack } from "./Stack.ts"
import type { Stays } from "./Stay.ts"

/** How long what mediasoup-client does may take, its requests to the server among it. */
const taskMs = 9_000

/** What mediasoup-client is given with a producer, and gives back when it asks the server for one. */
export interface ProducerData extends Record<string, unknown> {
  readonly slot?: SfuRequests["produce"]["request"]["slot"]
  readonly audience: ReadonlyArray<string>
  /** Told as soon as the server has it, of a producer of data. */
  readonly opened?: (producer: string) => void
}

export class Side {
  readonly direction: TransportDirection
  readonly transport: Transport
  readonly #stays: Stays
  readonly #onLost: (side: Side) => void
  #isLost = false

  private constructor(direction: TransportDirection, transport: Transport, stays: Stays, onLost: (side: Side) => void) {
    this.direction = direction
    this.transport = transport
    this.#stays = stays
    this.#onLost = onLost
  }

  static async open(
    direction: TransportDirection,
    device: Device,
    stays: Stays,
    { connection }: Stack,
    onLost: (side: Side) => void,
    onState: (side: Side) => void
  ): Promise<Side> {
    const { dtlsParameters, iceCandidates, iceParameters, sctpParameters, transport: id } = await stays.request("createTransport", { direction })
    const { iceServers, iceTransportPolicy, ...additionalSettings } = connection
    const options = {
      id,
      dtlsParameters,
      iceCandidates: [...iceCandidates],
      iceParameters,
      sctpParameters,
      ...(iceServers === undefined ? {} : { iceServers }),
      ...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
      additionalSettings
    }
    const transport = direction === "send" ? device.createSendTransport(options) : device.createRecvTransport(options)
    const side = new Side(direction, transport, stays, onLost)
    /** mediasoup-client asks by callbacks. */
    const ask = <M extends SfuMethod, A>(
      method: M,
      request: SfuRequests[M]["request"],
      done: (reply: SfuReply<M>) => A,
      failed: (error: Error) => void
    ) => void stays.request(method, request).then(done).catch(failed)
    transport.on("connect", ({ dtlsParameters: own }, done, failed) =>
      ask("connectTransport", { transport: id, dtlsParameters: own }, done, failed))
    transport.on("produce", ({ appData, kind, rtpParameters }, done, failed) => {
      const { audience, slot } = appData as ProducerData
      if (slot === undefined) return failed(new Error("Media is produced for a slot."))
      ask("produce", { transport: id, slot, kind, rtpParameters, audience }, ({ producer }) => done({ id: producer }), failed)
    })
    transport.on("producedata", ({ appData, label = "", protocol = "", sctpStreamParameters }, done, failed) => {
      const { audience, opened } = appData as ProducerData
      ask("produceData", { transport: id, sctpStreamParameters, label, protocol, audience }, ({ producer }) => {
        opened?.(producer)
        done({ id: producer })
      }, failed)
    })
    transport.on("connectionstatechange", () => onState(side))
    return side
  }

  get id(): string {
    return this.transport.id
  }

  get isLost(): boolean {
    return this.#isLost
  }

  /**
   * Has mediasoup-client do something, in its turn and in time. It is not made to go on after a failed call: a transport that
   * failed is given up, and whoever needs one makes another. A stream of data that the server does not take costs no more than
   * itself: the other calls go on.
   */
  async run<A>(operation: string, task: (transport: Transport) => Promise<A>): Promise<A> {
    if (this.#isLost) throw sfuError(operation, { _tag: "WrongState", state: "without a transport", expected: "another round" })
    try {
      return await within(taskMs, operation, task(this.transport))
    } catch (cause) {
      const isOnlyData = (cause instanceof SfuRefused || cause instanceof SfuUnreachable) && cause.method === "produceData"
      if (!isOnlyData) this.lose()
      throw refused(operation, cause)
    }
  }

  /** New ICE credentials at both ends (RFC 8445 section 9). */
  async restartIce(): Promise<void> {
    const { iceParameters } = await this.#stays.request("restartIce", { transport: this.id })
    await this.run("restartIce", (transport) => transport.restartIce({ iceParameters }))
  }

  /** It is of no more use. */
  lose(): void {
    if (this.#isLost) return
    this.close()
    this.#onLost(this)
  }

  close(): void {
    if (this.#isLost) return
    this.#isLost = true
    this.transport.close()
    this.#stays.tidy("closeTransport", { transport: this.id })
  }
}
