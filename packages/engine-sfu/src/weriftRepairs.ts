/** The repairs of werift 0.25.2 that mediasoup-client needs: what it does wrong, and where, and how this engine makes up for it. */
import { CandidatePairState, type RTCDtlsTransport, type RTCIceTransport, type RTCPeerConnection, type RTCSctpTransport } from "./werift.ts"

type Ice = RTCIceTransport["connection"]
type Sctp = RTCSctpTransport["sctp"]

/** What werift declares as private and is needed here. */
interface IceInside {
  schedulingChecks(): boolean
  buildRequest(of: object): Parameters<NonNullable<Ice["nominated"]>["protocol"]["request"]>[0]
}
interface ConnectionInside {
  readonly secureManager: { setConnectionState(state: "connecting" | "connected" | "failed"): void }
  readonly sctpManager: { readonly sctpTransport: RTCSctpTransport | undefined; readonly sctpRemotePort: number | undefined; connectSctp(): Promise<void> }
  connect(): Promise<void>
  createDtlsTransport(options?: object): RTCDtlsTransport
  createSctpTransport(): RTCSctpTransport
}
// The library's own objects, seen with the members that its types hide.
const insideIce = (ice: Ice): IceInside => ice as unknown as IceInside
const inside = (pc: RTCPeerConnection): ConnectionInside => pc as unknown as ConnectionInside

export const repairConnection = (pc: RTCPeerConnection): void => {
  const connection = inside(pc)
  const createDtlsTransport = connection.createDtlsTransport.bind(pc)
  connection.createDtlsTransport = (options) => {
    const dtls = createDtlsTransport(options)
    onlyStunOfConfig(pc, dtls.iceTransport)
    const goOn = () => connectDtls(pc, dtls)
    dtls.iceTransport.onStateChange.subscribe(goOn)
    dtls.onStateChange.subscribe(goOn)
    return dtls
  }
  connection.connect = async () => {
    for (const dtls of pc.dtlsTransports) {
      startIce(pc, dtls.iceTransport)
      connectDtls(pc, dtls)
    }
  }
  const createSctpTransport = connection.createSctpTransport.bind(pc)
  connection.createSctpTransport = () => {
    const transport = createSctpTransport()
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

// Connecting

/**
 * Without a STUN server in the configuration werift asks `stun.l.google.com` (`DEFAULT_STUN_SERVER` in `ice/src/ice.js`): a
 * stranger would learn of each call, and where that name does not resolve the lookups hold up every call for seconds.
 */
const onlyStunOfConfig = (pc: RTCPeerConnection, { connection }: RTCIceTransport): void => {
  const named = pc.getConfiguration().iceServers.flatMap(({ urls }) => urls)
  if (!named.some((url) => /^stuns?:/i.test(url))) delete connection.stunServer
}

const startedIce = new WeakSet<Ice>()
const startedSctp = new WeakSet<Sctp>()
/** How often pairs that failed are tried again, while there is no path. */
const retryMs = 1_000

const isOver = ({ connection, state }: RTCIceTransport): boolean => state === "closed" || connection.state === "closed"

/** `Connection.connect` (`ice/src/ice.js`) gives up on a pair for good after 3 s: here failed ones are tried again. */
const startIce = (pc: RTCPeerConnection, transport: RTCIceTransport): void => {
  const { connection } = transport
  if (startedIce.has(connection) || connection.remoteUsername === "" || isOver(transport)) return
  startedIce.add(connection)
  inside(pc).secureManager.setConnectionState("connecting")
  transport.start().catch(() => {
    if (!isOver(transport)) inside(pc).secureManager.setConnectionState("failed")
  })
  const timer = setInterval(() => {
    if (isOver(transport) || connection.nominated !== undefined) return clearInterval(timer)
    for (const pair of connection.checkList) if (pair.state === CandidatePairState.FAILED) pair.updateState(CandidatePairState.WAITING)
    while (connection.checkList.some(({ state }) => state === CandidatePairState.WAITING)) insideIce(connection).schedulingChecks()
  }, retryMs)
}

/**
 * werift's `connect` (`webrtc/src/peerConnection.js`) returns as soon as ICE or DTLS is connected: it never starts SCTP when
 * data comes later, and it says `connected` when a description is set while DTLS is still connecting. Here each step is taken
 * once, when the one before it is done, whoever asks and how often.
 */
const connectDtls = (pc: RTCPeerConnection, dtls: RTCDtlsTransport): void => {
  const { secureManager } = inside(pc)
  const { connection } = dtls.iceTransport
  if (dtls.state === "connected") {
    if (connection.state !== "failed") secureManager.setConnectionState("connected")
    return connectSctp(pc, dtls)
  }
  if (dtls.state !== "new" || connection.nominated === undefined) return
  dtls.start().then(() => connectDtls(pc, dtls), () => {
    if (!isOver(dtls.iceTransport)) secureManager.setConnectionState("failed")
  })
}

const connectSctp = (pc: RTCPeerConnection, dtls: RTCDtlsTransport): void => {
  const { sctpManager } = inside(pc)
  const transport = sctpManager.sctpTransport
  if (transport === undefined || transport.dtlsTransport !== dtls || sctpManager.sctpRemotePort === undefined) return
  if (startedSctp.has(transport.sctp)) return
  startedSctp.add(transport.sctp)
  sctpManager.connectSctp().catch(() => {
    // A connection that closes first; its channels are told.
  })
}

/** Asks the far end whether it is there: werift notices only after 30 s that nobody is (`queryConsent` in `ice/src/ice.js`). */
export const askConsent = async ({ iceTransports }: RTCPeerConnection, limitMs: number): Promise<boolean> => {
  const answers = iceTransports.map(async ({ connection }) => {
    const { iceControlling, localUsername, nominated, remotePassword, remoteUsername } = connection
    if (nominated === undefined) return false
    const { localCandidate, protocol, remoteAddr } = nominated
    const request = insideIce(connection).buildRequest({ nominate: false, localUsername, remoteUsername, iceControlling, localCandidate })
    // A transaction settles by its answer, its limit, or the close of its socket.
    await protocol.request(request, remoteAddr, Buffer.from(remotePassword), { retransmissions: 0, responseTimeout: limitMs })
    return true
  })
  return Promise.all(answers).then((all) => all.length > 0 && all.every(Boolean), () => false)
}

// Data

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

// Closing

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
