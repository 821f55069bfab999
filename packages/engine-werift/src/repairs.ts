/** Every repair of werift 0.25.2: what it does wrong, and where, and how this engine makes up for it. */
import type { IceServer } from "@enigma-rtc/core"
import {
  CandidatePairState,
  type RTCDataChannel,
  type RTCDtlsTransport,
  type RTCIceTransport,
  type RTCPeerConnection,
  type RTCRtpTransceiver,
  type RTCSctpTransport
} from "./werift.ts"

type Ice = RTCIceTransport["connection"]
type Pair = NonNullable<Ice["nominated"]>
type Protocol = Pair["protocol"]
type Candidate = Parameters<Ice["addRemoteCandidate"]>[0]
type Sctp = RTCSctpTransport["sctp"]

/** What werift declares as private and is needed here. */
interface IceInside {
  protocols: Array<Protocol>
  queryConsent(): void
  ensureProtocol(protocol: Protocol): void
  appendLocalCandidate(candidate: { readonly ufrag?: string }): void
  pairLocalProtocol(protocol: Protocol): void
  /** Set when `connect` has begun. */
  readonly earlyChecksDone: boolean
  schedulingChecks(): boolean
  checkComplete(pair: Pair): void
  checkIncoming(message: { getAttributeValue(name: "USERNAME"): unknown }, address: unknown, protocol: Protocol): void
  buildRequest(of: object): Parameters<Protocol["request"]>[0]
}
interface IceTransportInside {
  readonly iceGather: {
    readonly gatheringState: RTCIceTransport["gatheringState"]
    gather(): Promise<void>
    onIceCandidate(end: undefined): void
    setGatheringState(state: RTCIceTransport["gatheringState"]): void
  }
  setState(state: RTCIceTransport["state"]): void
}
interface Media {
  readonly port: number
  readonly kind: string
  readonly rtp: { readonly muxId?: string }
}
interface ConnectionInside {
  readonly sdpManager: {
    readonly currentLocalDescription?: { readonly media: ReadonlyArray<Media> }
    readonly _remoteDescription?: { readonly media: ReadonlyArray<Media & { readonly iceParams?: { readonly usernameFragment: string } }> }
    setLocalDescription(description: object): void
  }
  readonly transceiverManager: { rollbackRemoteOffer(): void }
  readonly sctpManager: { sctpTransport: RTCSctpTransport | undefined; sctpRemotePort: number | undefined; connectSctp(): Promise<void> }
  connect(): Promise<void>
  createDtlsTransport(options?: object): RTCDtlsTransport
  createSctpTransport(): RTCSctpTransport
  findTransceiverForRemoteMedia(media: Media, index: number, associated: ReadonlySet<RTCRtpTransceiver>): RTCRtpTransceiver | undefined
}
// The library's own objects, seen with the members that its types hide.
const insideIce = (ice: Ice): IceInside => ice as unknown as IceInside
const insideTransport = (transport: RTCIceTransport): IceTransportInside => transport as unknown as IceTransportInside
const inside = (pc: RTCPeerConnection): ConnectionInside => pc as unknown as ConnectionInside

/** What the repairs tell of the transports that a connection makes. */
export interface TransportEvents {
  /** A packet of any kind has come from the far end, or from someone who sends like it. */
  readonly onHeard: () => void
  /** ICE or DTLS of a transport has changed. */
  readonly onChange: () => void
}

/** Makes a connection's repairs that must be there before its first transport is. */
export const repairConnection = (pc: RTCPeerConnection, events: TransportEvents): void => {
  const connection = inside(pc)
  const createDtlsTransport = connection.createDtlsTransport.bind(pc)
  connection.createDtlsTransport = (options) => {
    const dtls = createDtlsTransport(options)
    repairIce(dtls.iceTransport, events)
    const goOn = () => {
      connectDtls(pc, dtls)
      events.onChange()
    }
    dtls.iceTransport.onStateChange.subscribe(goOn)
    dtls.onStateChange.subscribe(goOn)
    onNominated(dtls.iceTransport.connection, goOn)
    return dtls
  }
  const createSctpTransport = connection.createSctpTransport.bind(pc)
  connection.createSctpTransport = () => {
    const sctp = createSctpTransport()
    repairData(sctp)
    return sctp
  }
  connection.connect = async () => connectTransports(pc)
  setOnce(pc)
  tellRestartsFromRenominations(pc)
}

const repairIce = (transport: RTCIceTransport, { onHeard }: TransportEvents): void => {
  listen(transport.connection, onHeard)
  restartBesideTheOldPath(transport)
  gatherOneGeneration(transport)
  keepGenerationsApart(transport.connection)
  takeCandidatesOnce(transport.connection)
}

// Connecting

const startedGeneration = new WeakMap<Ice, string>()
const startedSctp = new WeakSet<Sctp>()
/** How often pairs that failed are tried again, while there is no path. */
const retryMs = 1_000

/**
 * werift's `connect` (`webrtc/src/peerConnection.js`) returns as soon as ICE or DTLS is connected: it never starts ICE
 * again after a restart, nor SCTP when data comes later, and it says `connected` when an answer comes while DTLS is
 * still connecting. Here each step is taken once, when the one before it is done, whoever asks and how often.
 */
const connectTransports = (pc: RTCPeerConnection): void => {
  for (const dtls of pc.dtlsTransports) {
    startIce(dtls.iceTransport)
    connectDtls(pc, dtls)
  }
}

/** `Connection.connect` (`ice/src/ice.js`) gives up on a pair for good after 3 s: here failed ones are tried again. */
const startIce = (transport: RTCIceTransport): void => {
  const { connection } = transport
  const generation = connection.localUsername
  const isOver = () => transport.state === "closed" || isClosed(connection)
  if (startedGeneration.get(connection) === generation || connection.remoteUsername === "" || isOver()) return
  startedGeneration.set(connection, generation)
  const isCurrent = () => connection.localUsername === generation && !isOver() && connection.nominated === undefined
  insideTransport(transport).setState("checking")
  connection.connect().catch(() => {
    if (isCurrent()) insideTransport(transport).setState("failed")
  })
  const timer = setInterval(() => {
    for (const pair of connection.checkList) if (pair.state === CandidatePairState.FAILED) pair.updateState(CandidatePairState.WAITING)
  }, retryMs)
  const { unSubscribe } = transport.onStateChange.subscribe(() => {
    if (isCurrent()) return
    clearInterval(timer)
    unSubscribe()
  })
}

const isClosed = ({ state }: Ice): boolean => state === "closed"

/** `connect` (`ice/src/ice.js`) tells that a pair is chosen up to 20 ms later, when it looks again for pairs to check. */
const onNominated = (connection: Ice, then: () => void): void => {
  const inside = insideIce(connection)
  const checkComplete = inside.checkComplete.bind(connection)
  inside.checkComplete = (pair) => {
    checkComplete(pair)
    if (connection.nominated !== undefined) then()
  }
}

const connectDtls = (pc: RTCPeerConnection, dtls: RTCDtlsTransport): void => {
  const { connection } = dtls.iceTransport
  if (dtls.state === "connected") return connectSctp(pc, dtls)
  if (dtls.state !== "new" || connection.nominated === undefined) return
  dtls.start().then(() => connectSctp(pc, dtls), () => {
    // The fingerprint may be missing, or be another's: werift's own `start` leaves the state as it was.
    Reflect.apply(Reflect.get(dtls, "setState"), dtls, ["failed"])
  })
}

/**
 * `RTCSctpTransport.isServer` (`webrtc/src/transport/sctp.js`) takes the ICE role, which a restart may turn round, for
 * the DTLS role, by which the ids of channels are even or odd (RFC 8832 section 6).
 */
const connectSctp = (pc: RTCPeerConnection, dtls: RTCDtlsTransport): void => {
  const { sctpManager } = inside(pc)
  const transport = sctpManager.sctpTransport
  if (transport === undefined || transport.dtlsTransport !== dtls || sctpManager.sctpRemotePort === undefined) return
  if (startedSctp.has(transport.sctp)) return
  startedSctp.add(transport.sctp)
  Object.defineProperty(transport, "isServer", { get: () => dtls.role === "client" })
  sctpManager.connectSctp().catch(() => {
    // A connection that closes first; its channels are told.
  })
}

// Restarting ICE

/** What a restart leaves behind. */
interface Past {
  /** To go back to, while the description that restarts may still be taken back. */
  before?: {
    readonly fields: Readonly<Record<string, unknown>>
    readonly state: RTCIceTransport["state"]
    readonly gathering: RTCIceTransport["gatheringState"]
  }
  /** The way that media takes until there is a new one, while consent to it may last (RFC 7675 section 5.1). */
  path?: { readonly pair: Pair; readonly untilMs: number }
  /** Sockets of generations that are over. */
  readonly sockets: Set<Protocol>
}
const pasts = new WeakMap<Ice, Past>()
const consentMs = 30_000
/** The far end may find the new path a little later, and sends to the old one until then. */
const farewellMs = 2_000

/** All that `Connection.restart` begins anew, and its two counterparts that a role and a remote description set. */
const generationFields = [
  "generation", "localUsername", "localPassword", "remoteUsername", "remotePassword", "localCandidates", "_remoteCandidates",
  "remoteCandidatesEnd", "localCandidatesEnd", "state", "nominated", "nominating", "checkList", "checkListDone",
  "checkListState", "earlyChecks", "earlyChecksDone", "localCandidatesStart", "protocols", "_iceControlling", "remoteIsLite"
]
const fieldsOf = (object: object, fields: ReadonlyArray<string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(fields.map((field) => [field, Reflect.get(object, field)]))

/**
 * `Connection.restart` (`ice/src/ice.js`) forgets the path in use at once, with the offer already, keeps its sockets, so
 * that no server is asked for candidates again, and renames the candidates of the generation before. Here a restart
 * gathers on sockets of its own, the old path carries media until there is a new one, and all can be taken back.
 */
const restartBesideTheOldPath = (transport: RTCIceTransport): void => {
  const { connection } = transport
  const past: Past = { sockets: new Set() }
  pasts.set(connection, past)
  const [restart, send, close] = [connection.restart.bind(connection), connection.send.bind(connection), connection.close.bind(connection)]
  connection.restart = () => {
    past.before ??= { fields: fieldsOf(connection, generationFields), state: transport.state, gathering: transport.gatheringState }
    if (connection.nominated !== undefined && connection.state !== "failed") {
      past.path = { pair: connection.nominated, untilMs: Date.now() + consentMs }
    }
    for (const protocol of insideIce(connection).protocols) past.sockets.add(protocol)
    insideIce(connection).protocols = []
    restart()
  }
  connection.send = async (data) => {
    const { path } = past
    if (connection.nominated !== undefined || path === undefined || isClosed(connection) || Date.now() > path.untilMs) return send(data)
    await path.pair.protocol.sendData(data, path.pair.remoteAddr)
  }
  connection.stateChanged.subscribe((state) => {
    if (state !== "connected" || past.sockets.size === 0) return
    const generation = connection.localUsername
    delete past.path
    setTimeout(() => {
      if (connection.localUsername === generation) void closeSockets(past)
    }, farewellMs).unref()
  })
  connection.close = async () => {
    delete past.path
    await close()
    // A relay that is allocated later would stay: nothing else in werift closes what is added to a closed connection.
    const { protocols } = insideIce(connection)
    protocols.push = (...late) => {
      for (const protocol of late) void protocol.close?.()
      return 0
    }
    await closeSockets(past)
  }
}

const closeSockets = async ({ sockets }: Past): Promise<void> => {
  const all = [...sockets]
  sockets.clear()
  await Promise.all(all.map((socket) => socket.close?.()))
}

/** The round that restarts is complete: there is no way back. */
export const keepRestart = ({ iceTransports }: RTCPeerConnection): void => {
  for (const { connection } of iceTransports) delete pasts.get(connection)?.before
}

/** The round that restarts is taken back: ICE goes on as if there had been none, over the path that it had. */
export const undoRestart = ({ iceTransports }: RTCPeerConnection): void => {
  for (const transport of iceTransports) {
    const { connection } = transport
    const past = pasts.get(connection)
    if (past?.before === undefined || isClosed(connection)) continue
    const { fields, gathering, state } = past.before
    delete past.before
    const fresh = insideIce(connection).protocols
    Object.assign(connection, fields)
    for (const protocol of insideIce(connection).protocols) past.sockets.delete(protocol)
    insideTransport(transport).iceGather.setGatheringState(gathering)
    insideTransport(transport).setState(state)
    if (connection.nominated !== undefined && connection.state !== "failed") insideIce(connection).queryConsent()
    for (const protocol of fresh) void protocol.close?.()
  }
}

/**
 * `RTCIceGatherer.gather` (`webrtc/src/transport/ice.js`), when it ends late, ends the gathering of the generation that
 * has begun since: its candidates are then never looked for, and the far end is told that there are no more.
 */
const gatherOneGeneration = (transport: RTCIceTransport): void => {
  const { iceGather } = insideTransport(transport)
  const { connection } = transport
  iceGather.gather = async () => {
    if (iceGather.gatheringState !== "new") return
    const generation = connection.localUsername
    iceGather.setGatheringState("gathering")
    await connection.gatherCandidates()
    if (connection.localUsername !== generation) return
    iceGather.onIceCandidate(undefined)
    iceGather.setGatheringState("complete")
  }
}

/**
 * In `ice/src/ice.js` what is under way when ICE is restarted goes into the new generation: a candidate that a server
 * tells late (`appendLocalCandidate`), a check of the far end's for the old credentials (`checkIncoming`), which makes a
 * pair of a socket that is about to close, and a check of our own that succeeds (`checkComplete`), whose pair is then
 * chosen. And a relay is paired with no candidate that has come before it.
 */
const keepGenerationsApart = (connection: Ice): void => {
  const ice = insideIce(connection)
  const [append, complete] = [ice.appendLocalCandidate.bind(connection), ice.checkComplete.bind(connection)]
  const check = ice.checkIncoming.bind(connection)
  ice.appendLocalCandidate = (candidate) => {
    if (candidate.ufrag !== connection.localUsername) return
    const protocol = ice.protocols.find(({ localCandidate }) => localCandidate === candidate)
    if (protocol !== undefined) ice.pairLocalProtocol(protocol)
    append(candidate)
  }
  ice.checkIncoming = (message, address, protocol) => {
    const [ufrag] = String(message.getAttributeValue("USERNAME")).split(":")
    if (ufrag === connection.localUsername) check(message, address, protocol)
  }
  ice.checkComplete = (pair) => {
    if (connection.checkList.includes(pair)) complete(pair)
  }
}

/**
 * `Connection.addRemoteCandidate` (`ice/src/ice.js`) makes new pairs of the candidates that each further description
 * repeats. An end of candidates makes it fail at once when it has none, though the far end's checks may still show one.
 * And `checkComplete` chooses no pair whose candidate says another `generation` than this end counts, which browsers,
 * that always say 0, do after a restart.
 */
const takeCandidatesOnce = (connection: Ice): void => {
  const add = connection.addRemoteCandidate.bind(connection)
  connection.addRemoteCandidate = async (candidate: Candidate) => {
    if (candidate === undefined) return
    const isKnown = connection.remoteCandidates.some(({ host, port, transport, type }) =>
      host === candidate.host && port === candidate.port && transport === candidate.transport && type === candidate.type)
    if (isKnown) return
    delete candidate.generation
    await add(candidate)
    checkNow(connection)
  }
}

/**
 * `connect` (`ice/src/ice.js`) looks every 20 ms for a pair to check, and so the first candidate waits for up to as long. While
 * nothing is being checked there is nothing to keep a distance from (RFC 8445 section 6.1.4.2).
 */
const checkNow = (connection: Ice): void => {
  const { checkList, nominated } = connection
  if (!insideIce(connection).earlyChecksDone || nominated !== undefined || isClosed(connection)) return
  if (!checkList.some(({ state }) => state === CandidatePairState.IN_PROGRESS)) insideIce(connection).schedulingChecks()
}

/**
 * `setRemoteDescription` (`webrtc/src/peerConnection.js`) takes new ICE credentials, while any section is inactive, for a
 * mere change of path, and keeps its own: ICE is then restarted at one end only.
 */
const tellRestartsFromRenominations = (pc: RTCPeerConnection): void => {
  Object.defineProperty(inside(pc).sdpManager, "inactiveRemoteMedia", { get: () => undefined })
}

/** Without a STUN server in the configuration werift asks `stun.l.google.com` (`DEFAULT_STUN_SERVER` in `ice/src/ice.js`). */
const onlyStunOfConfig = ({ iceTransports }: RTCPeerConnection, iceServers: ReadonlyArray<IceServer>): void => {
  if (iceServers.some(({ urls }) => [...urls].some((url) => /^stuns?:/i.test(url)))) return
  for (const { connection } of iceTransports) delete connection.stunServer
}

/** Names the servers to ask from now on, before gathering begins; a stranger, who would learn of each call, never is. */
export const setIceServers = (pc: RTCPeerConnection, iceServers: ReadonlyArray<IceServer>): void => {
  pc.setConfiguration({ iceServers: iceServers.map(({ urls, ...account }) => ({ urls: [...urls], ...account })) })
  onlyStunOfConfig(pc, iceServers)
}

// Life

const listen = (connection: Ice, onHeard: () => void): void => {
  const ice = insideIce(connection)
  const ensure = ice.ensureProtocol.bind(connection)
  ice.ensureProtocol = (protocol) => {
    ensure(protocol)
    protocol.onRequestReceived.subscribe(onHeard)
    protocol.onDataReceived.subscribe(onHeard)
  }
}

/**
 * Asks the far end whether it still consents to this path (RFC 7675 section 5.1), beside werift's own requests, which are
 * 4 to 6 s apart and whose loss it keeps to itself (`queryConsent` in `ice/src/ice.js`: it never says `disconnected`).
 */
export const askConsent = async ({ iceTransports }: RTCPeerConnection, limitMs: number): Promise<boolean> => {
  const answers = iceTransports.map(async ({ connection }) => {
    const { iceControlling, localUsername, nominated, remotePassword, remoteUsername } = connection
    if (nominated === undefined) return false
    const { localCandidate, protocol, remoteAddr } = nominated
    const request = insideIce(connection).buildRequest({ nominate: false, localUsername, remoteUsername, iceControlling, localCandidate })
    // A transaction settles by its answer, its limit, or the close of its socket.
    await protocol.request(request, remoteAddr, Buffer.from(remotePassword), { retransmissions: 0, responseTimeout: limitMs })
    return connection.nominated === nominated
  })
  return Promise.all(answers).then((all) => all.length > 0 && all.every(Boolean), () => false)
}

/** After an answer to `askConsent`: the time in which werift's own consent runs out begins anew. */
export const renewConsent = ({ iceTransports }: RTCPeerConnection): void => {
  for (const { connection } of iceTransports) {
    if (connection.nominated !== undefined && connection.state !== "failed") insideIce(connection).queryConsent()
  }
}

// Descriptions

/**
 * Sets a local description without waiting for its candidates, which trickle.
 *
 * werift's own promise waits for gathering, and, for an answer, only then connects. This one is fulfilled when the
 * description is set; what fails later is told to `onLateFailure`.
 */
export const setLocalDescription = async (
  pc: RTCPeerConnection,
  description: { readonly type: "offer" | "answer"; readonly sdp: string },
  onLateFailure: (cause: unknown) => void
): Promise<void> => {
  const target = description.type === "offer" ? "have-local-offer" : "stable"
  const reached = new Promise<void>((resolve) => {
    const { unSubscribe } = pc.signalingStateChange.subscribe((state) => {
      if (state !== target) return
      unSubscribe()
      resolve()
    })
  })
  let isSet = false
  const whole = pc.setLocalDescription(description)
  whole.catch((cause: unknown) => {
    if (isSet) onLateFailure(cause)
  })
  await Promise.race([reached, whole])
  isSet = true
  if (description.type === "answer") connectTransports(pc)
}

/**
 * `setLocalDescription` (`webrtc/src/peerConnection.js`) sets its description a second time when gathering has ended, and
 * `createDtlsTransport` a third: an offer that has been rolled back is then pending again, and an answer ends the round
 * that has begun since.
 */
const setOnce = (pc: RTCPeerConnection): void => {
  const { sdpManager } = inside(pc)
  const seen = new WeakSet<object>()
  const set = sdpManager.setLocalDescription.bind(sdpManager)
  sdpManager.setLocalDescription = (description) => {
    if (seen.has(description)) return
    seen.add(description)
    set(description)
  }
}

/**
 * `findTransceiverForRemoteMedia` (`webrtc/src/peerConnection.js`) gives an offered section any transceiver of its kind
 * that has none yet: a screen may get the camera's. Here the slot decides; `transceiverOf` knows it by the section's index.
 */
export const associateBySlot = (pc: RTCPeerConnection, transceiverOf: (mid: string) => RTCRtpTransceiver | undefined): void => {
  inside(pc).findTransceiverForRemoteMedia = ({ kind, port, rtp: { muxId } }, _index, associated) => {
    const ofMid = pc.getTransceivers().find((one) => one.mid === muxId && one.kind === kind && !associated.has(one))
    if (ofMid !== undefined || port === 0 || muxId === undefined) return ofMid
    const own = transceiverOf(muxId)
    return own === undefined || own.mid !== null || own.stopping || associated.has(own) ? undefined : own
  }
}

/**
 * A rollback (`webrtc/src/sdpManager.js`) leaves sections that only the rolled-back offer had with their mids and indices,
 * so that the far end's sections with the same ones are taken for theirs. To be called after it.
 */
export const forgetUnnegotiated = (pc: RTCPeerConnection): void => {
  const negotiated = new Set(inside(pc).sdpManager.currentLocalDescription?.media.map(({ rtp }) => rtp.muxId))
  for (const transceiver of pc.getTransceivers()) {
    if (negotiated.has(transceiver.mid ?? undefined)) continue
    transceiver.mid = null
    delete transceiver.mLineIndex
  }
  const { sctp } = pc
  if (sctp === null || negotiated.has(sctp.mid)) return
  delete sctp.mid
  delete sctp.mLineIndex
}

/**
 * A transceiver that was never negotiated is in every offer (`buildOfferSdp` in `webrtc/src/sdpManager.js`), also when only
 * an offer that was taken back wanted it, and stays in the list when it is stopped.
 */
export const dropTransceiver = (pc: RTCPeerConnection, transceiver: RTCRtpTransceiver): void => {
  transceiver.stop()
  const all = pc.getTransceivers()
  all.splice(all.indexOf(transceiver), 1)
}

/**
 * A remote description that fails half-way stays set, and one that is rolled back leaves its codecs, directions, credentials
 * and fingerprints behind (`setRemoteDescription` in `webrtc/src/peerConnection.js`). The function that this gives takes
 * all of it back.
 */
export const rememberBeforeRemote = (pc: RTCPeerConnection): () => Promise<void> => {
  const { sctpManager, sdpManager, transceiverManager } = inside(pc)
  const { sctpTransport } = sctpManager
  const restores = [
    saveFields(sdpManager, [
      "currentLocalDescription", "currentRemoteDescription", "pendingLocalDescription", "pendingRemoteDescription"
    ]),
    ...pc.getTransceivers().flatMap((one) => [
      saveFields(one, ["_codecs", "headerExtensions", "offerDirection", "_direction", "_currentDirection", "pendingLocalOfferCodecs"]),
      saveFields(one.sender, ["codec", "negotiatedCodecs", "sendPrimaryCodec", "headerExtensions", "mid"]),
      // werift empties and fills this very object, which has each codec by its payload type.
      restoreEntries(Reflect.get(one.receiver, "codecs"))
    ]),
    ...pc.dtlsTransports.flatMap((dtls) => [
      saveFields(dtls, ["remoteParameters", "role"]),
      saveFields(dtls.iceTransport.connection, ["remoteUsername", "remotePassword", "remoteIsLite"])
    ]),
    saveFields(sctpManager, ["sctpTransport", "sctpRemotePort"])
  ]
  return async () => {
    const isOffer = pc.signalingState !== "have-local-offer"
    if (pc.signalingState === "have-remote-offer") await pc.setRemoteDescription({ type: "rollback", sdp: "" })
    if (isOffer) transceiverManager.rollbackRemoteOffer()
    if (sctpTransport === undefined && sctpManager.sctpTransport !== undefined) await sctpManager.sctpTransport.stop()
    for (const restore of restores) restore()
    if (!isOffer) return
    undoRestart(pc)
    forgetUnnegotiated(pc)
  }
}

const saveFields = (object: object, fields: ReadonlyArray<string>): () => void => {
  const saved = fieldsOf(object, fields)
  return () => void Object.assign(object, saved)
}

const restoreEntries = (codecs: Record<string, unknown>): () => void => {
  const saved = { ...codecs }
  return () => {
    for (const key of Object.keys(codecs)) delete codecs[key]
    Object.assign(codecs, saved)
  }
}

/** The credentials that the far end's description names now, for telling its candidates from those of the past. */
export const remoteUfrag = (pc: RTCPeerConnection): string | undefined =>
  inside(pc).sdpManager._remoteDescription?.media.find(({ iceParams, port }) => iceParams !== undefined && port !== 0)?.iceParams
    ?.usernameFragment

// Data

const repairedSctp = new WeakSet<Sctp>()
const dcep = 50
/** Payload protocol identifiers (RFC 8831 section 8), and what an empty message has in place of each. */
const emptyIdOf = new Map([[51, 56], [53, 57]])

/**
 * In `webrtc/src/transport/sctp.js`: an empty message is never sent (`datachannelSend`; RFC 8831 section 6.6 has it sent
 * as one byte with an identifier of its own); a channel that limits retransmissions is announced as ordered, and a label
 * with the number of its characters for that of its bytes (`dataChannelOpen`); a lifetime ends at a time in ms, which is
 * compared with one in seconds, and so never does (`dataChannelFlush`).
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
      if (id === dcep) return send(stream, id, data.length > 1 ? opening(channel) : data, options)
      const { maxPacketLifeTime, maxRetransmits } = channel
      const limits = {
        ordered: channel.ordered,
        expiry: maxPacketLifeTime === null ? undefined : (Date.now() + maxPacketLifeTime) / 1_000,
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
  const inside = sctp as unknown as { readonly sentQueue: ReadonlyArray<Chunk>; maybeAbandon(chunk: Chunk): boolean }
  inside.maybeAbandon = (chunk) => {
    if (chunk.abandoned) return true
    const { expiry = Infinity, maxRetransmits = Infinity, sentCount } = chunk
    if (sentCount <= maxRetransmits && expiry >= Date.now() / 1_000) return false
    const { sentQueue } = inside
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
  const inside = sctp as unknown as { getInboundStream(id: number): InboundStream }
  const repaired = new WeakSet<InboundStream>()
  const streamOf = inside.getInboundStream.bind(sctp)
  inside.getInboundStream = (id) => {
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

/** DATA_CHANNEL_OPEN (RFC 8832 section 5.1). */
const opening = ({ label, maxPacketLifeTime, maxRetransmits, ordered, protocol }: RTCDataChannel): Buffer => {
  const [name, of] = [Buffer.from(label), Buffer.from(protocol)]
  const header = Buffer.alloc(12)
  header.writeUInt8(3, 0)
  header.writeUInt8((ordered ? 0 : 0x80) | (maxRetransmits !== null ? 1 : maxPacketLifeTime !== null ? 2 : 0), 1)
  header.writeUInt32BE(maxRetransmits ?? maxPacketLifeTime ?? 0, 4)
  header.writeUInt16BE(name.length, 8)
  header.writeUInt16BE(of.length, 10)
  return Buffer.concat([header, name, of])
}

// Closing

/** `RTCDtlsTransport.stop` (`webrtc/src/transport/dtls.js`) leaves the far end without a close_notify (RFC 5246 section 7.2.1). */
export const sayGoodbye = async ({ dtlsTransports }: RTCPeerConnection): Promise<void> => {
  const alert = 21
  const closeNotify = Buffer.from([1, 0])
  await Promise.allSettled(dtlsTransports.map(async ({ dtls, state }) => {
    if (dtls === undefined || state !== "connected") return
    const { cipher } = dtls
    const encrypt = cipher.encryptPacket.bind(cipher)
    cipher.encryptPacket = (packet) => {
      packet.recordLayerHeader.contentType = alert
      return encrypt(packet)
    }
    const sent = dtls.send(closeNotify)
    cipher.encryptPacket = encrypt
    await sent
  }))
  // The socket takes the packet in this turn of the loop, and must not be closed before.
  await new Promise((resolve) => setImmediate(resolve))
}

/** Beyond the last flight of a DTLS handshake, which is the sixth (RFC 6347 section 4.2.4). */
const done = 7

/**
 * werift closes a connection without telling two loops of it. To be called after its `close`, because either may begin
 * until then.
 *
 * - DTLS: `Flight.transmit` goes on to send its packets, and to keep a timer, for 33 s (`dtls/src/flight/flight.js`).
 *   It gives up when it sees that a later flight has begun; and as the client begins 100 ms late, also after a close,
 *   a new flight must not set the number back.
 * - ICE: gathering that ends after the close sets the state from `closed` to `completed`, whereupon `connect` looks for
 *   new candidates every 20 ms, for ever (`ice/src/ice.js`).
 */
export const endConnecting = ({ dtlsTransports, iceTransports }: RTCPeerConnection): void => {
  for (const { dtls } of dtlsTransports) {
    if (dtls !== undefined) Object.defineProperty(dtls.dtls, "flight", { get: () => done, set: () => {} })
  }
  for (const { connection } of iceTransports) {
    Object.defineProperty(connection, "state", { get: () => "closed", set: () => {} })
  }
}
