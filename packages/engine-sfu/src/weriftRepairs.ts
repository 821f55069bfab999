/** The repairs of werift 0.25.2 that mediasoup-client needs: what it does wrong, and where, and how this engine makes up for it. */
import type { RTCPeerConnection, RTCSctpTransport } from "./werift.ts"

type Sctp = RTCSctpTransport["sctp"]

interface ConnectionInside {
  createSctpTransport(): RTCSctpTransport
}
// The library's own object, seen with the members that its types hide.
const inside = (pc: RTCPeerConnection): ConnectionInside => pc as unknown as ConnectionInside

export const repairConnection = (pc: RTCPeerConnection): void => {
  const create = inside(pc).createSctpTransport.bind(pc)
  inside(pc).createSctpTransport = () => {
    const transport = create()
    repairData(transport)
    return transport
  }
  const close = pc.close.bind(pc)
  pc.close = async () => {
    try {
      await close()
    } finally {
      endConnecting(pc)
    }
  }
}

const repairedSctp = new WeakSet<Sctp>()
/** Payload protocol identifiers (RFC 8831 section 8), and what an empty message has in place of each. */
const emptyIdOf = new Map([[51, 56], [53, 57]])

/**
 * In `webrtc/src/transport/sctp.js`: an empty message is never sent (`datachannelSend`; RFC 8831 section 6.6 has it sent
 * as one byte with an identifier of its own); a lifetime ends at a time in ms, which is compared with one in seconds, and so
 * never does (`dataChannelFlush`).
 */
const repairData = (transport: RTCSctpTransport): void => {
  const repairSctp = () => {
    const { sctp } = transport
    if (repairedSctp.has(sctp)) return
    repairedSctp.add(sctp)
    abandonTheRightMessage(sctp)
    deliverEveryMessage(sctp)
    const send = sctp.send
    sctp.send = (stream, id, data, options) => {
      const channel = transport.dataChannels[stream]
      if (channel === undefined) return send(stream, id, data, options)
      const { maxPacketLifeTime, maxRetransmits } = channel
      const limits = {
        ordered: channel.ordered,
        expiry: maxPacketLifeTime === null || maxPacketLifeTime === undefined ? undefined : (Date.now() + maxPacketLifeTime) / 1_000,
        maxRetransmits: maxRetransmits ?? undefined
      }
      const emptyId = emptyIdOf.get(id)
      return data.length === 0 && emptyId !== undefined
        ? send(stream, emptyId, Buffer.alloc(1), limits)
        : send(stream, id, data, limits)
    }
  }
  const setDtlsTransport = transport.setDtlsTransport.bind(transport)
  transport.setDtlsTransport = (dtls) => {
    setDtlsTransport(dtls)
    repairSctp()
  }
  repairSctp()
}

interface Chunk {
  readonly flags: number
  readonly sentCount: number
  readonly maxRetransmits?: number
  /** Seconds. */
  readonly expiry?: number
  abandoned: boolean
  retransmit: boolean
}

/**
 * `SCTP.maybeAbandon` (`sctp/src/sctp.js`) gives up the oldest message of all channels for any that has reached its limit,
 * also of a reliable channel, and takes a limit of 0 retransmissions for none.
 */
const abandonTheRightMessage = (sctp: Sctp): void => {
  const [lastFragment, firstFragment] = [1, 2]
  // The library's own object, seen with the members that its types hide.
  const own = sctp as unknown as { readonly sentQueue: ReadonlyArray<Chunk>; maybeAbandon(chunk: Chunk): boolean }
  own.maybeAbandon = (chunk) => {
    if (chunk.abandoned) return true
    const { expiry = Infinity, maxRetransmits = Infinity, sentCount } = chunk
    if (sentCount <= maxRetransmits && expiry >= Date.now() / 1_000) return false
    const { sentQueue } = own
    const at = sentQueue.indexOf(chunk)
    const first = sentQueue.findLastIndex(({ flags }, i) => i <= at && (flags & firstFragment) !== 0)
    const last = sentQueue.findIndex(({ flags }, i) => i >= at && (flags & lastFragment) !== 0)
    for (const one of sentQueue.slice(Math.max(first, 0), last === -1 ? undefined : last + 1)) {
      one.abandoned = true
      one.retransmit = false
    }
    return true
  }
}

interface InboundStream {
  popMessages(): Iterable<unknown>
}

/**
 * `InboundStream.popMessages` (`sctp/src/sctp.js`) stops after a message when the next number is another stream's: of what
 * a gap has held up, the rest waits for the far end's next message on the same channel.
 */
const deliverEveryMessage = (sctp: Sctp): void => {
  // The library's own object, seen with the members that its types hide.
  const own = sctp as unknown as { getInboundStream(id: number): InboundStream }
  const repaired = new WeakSet<InboundStream>()
  const streamOf = own.getInboundStream.bind(sctp)
  own.getInboundStream = (id) => {
    const stream = streamOf(id)
    if (repaired.has(stream)) return stream
    repaired.add(stream)
    const pop = stream.popMessages.bind(stream)
    stream.popMessages = function*() {
      for (let any = true; any;) {
        any = false
        for (const message of pop()) {
          any = true
          yield message
        }
      }
    }
    return stream
  }
}

/** Beyond the last flight of a DTLS handshake, which is the sixth (RFC 6347 section 4.2.4). */
const done = 7

/**
 * werift closes a connection without telling two loops of it: `Flight.transmit` (`dtls/src/flight/flight.js`) goes on to send,
 * and to keep a timer, for 33 s; and gathering that ends after the close sets the state from `closed` to `completed`, whereupon
 * `connect` looks for new candidates every 20 ms, for ever (`ice/src/ice.js`).
 */
const endConnecting = ({ dtlsTransports, iceTransports }: RTCPeerConnection): void => {
  for (const { dtls } of dtlsTransports) {
    if (dtls !== undefined) Object.defineProperty(dtls.dtls, "flight", { get: () => done, set: () => {} })
  }
  for (const { connection } of iceTransports) {
    Object.defineProperty(connection, "state", { get: () => "closed", set: () => {} })
  }
}
