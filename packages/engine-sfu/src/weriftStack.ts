/** The stack in Node: mediasoup-client over werift, RTP in and RTP out. */
import { randomUUID } from "node:crypto"
import type { CallStats, RtpFigures, Slot } from "@enigma-rtc/core"
import { ReceivedTrack, registerTrack } from "./receivedRtp.ts"
import { openRtpFeed } from "./RtpFeed.ts"
import type { RtpSource } from "./RtpSource.ts"
import type { Flow, SendingCall, Stack } from "./Stack.ts"
import type { MediaStreamTrack } from "./werift.ts"
import { isAnswered, type NetworkOptions, weriftHandler } from "./weriftHandler.ts"

/** The members that are read of werift's statistics (W3C WebRTC Statistics); every one may be missing. */
interface Entry {
  readonly type: string
  readonly ssrc?: number
  readonly packetsSent?: number
  readonly bytesSent?: number
  readonly packetsReceived?: number
  readonly bytesReceived?: number
  readonly packetsLost?: number
  /** Seconds. */
  readonly jitter?: number
  readonly currentRoundTripTime?: number
  readonly selectedCandidatePairId?: string
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly address?: string
  readonly port?: number
  readonly protocol?: string
}

const pathOf = (entries: ReadonlyMap<string, Entry>): Pick<CallStats, "path" | "roundTripTimeMs"> => {
  const transport = [...entries.values()].find(({ selectedCandidatePairId, type }) => type === "transport" && selectedCandidatePairId !== undefined)
  const pair = entries.get(transport?.selectedCandidatePairId ?? "")
  const [local, remote] = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => entries.get(id ?? ""))
  if (local?.address === undefined || local.port === undefined || remote?.address === undefined || remote.port === undefined) return {}
  const end = ({ address = "", port = 0, protocol }: Entry) =>
    ({ address, port, protocol: protocol === "tcp" ? "tcp" : "udp", type: "host" }) as const
  return {
    path: { local: end(local), remote: end(remote) },
    ...(pair?.currentRoundTripTime === undefined ? {} : { roundTripTimeMs: pair.currentRoundTripTime * 1_000 })
  }
}

const figuresOf = (entries: ReadonlyMap<string, Entry>, way: "sent" | "received", { parameters, slot }: Flow): ReadonlyArray<RtpFigures> => {
  const ssrc = parameters.encodings?.[0]?.ssrc
  const [type, packets, bytes] = way === "sent"
    ? ["outbound-rtp", "packetsSent", "bytesSent"] as const
    : ["inbound-rtp", "packetsReceived", "bytesReceived"] as const
  const entry = [...entries.values()].find((one) => one.type === type && one.ssrc === ssrc)
  if (entry === undefined) return []
  const mimeType = parameters.codecs[0]?.mimeType
  return [{
    slot,
    ...(mimeType === undefined ? {} : { mimeType }),
    packets: entry[packets] ?? 0,
    bytes: entry[bytes] ?? 0,
    ...(way === "sent" || entry.packetsLost === undefined ? {} : { packetsLost: entry.packetsLost }),
    ...(way === "sent" || entry.jitter === undefined ? {} : { jitterMs: entry.jitter * 1_000 })
  }]
}

export const weriftStack = (sources: { readonly [S in Slot]?: RtpSource }, network: NetworkOptions, connection: RTCConfiguration): Stack => {
  const calls = new Set<SendingCall>()
  /** A source ends once, whoever listens. */
  const ended = new Map<Slot, string>()
  return {
    handlerFactory: weriftHandler(network),
    // Without a list werift asks a server of its own choice.
    connection: { iceServers: [], ...connection },
    lacks: undefined,
    joinSources: (call) => {
      calls.add(call)
      return () => calls.delete(call)
    },
    demand: () => {},
    openFeed: (slot) =>
      openRtpFeed(slot, ended.has(slot) ? undefined : sources[slot], (reason) => {
        ended.set(slot, reason)
        calls.forEach((call) => call.ended(slot, reason))
      }),
    beginTrack: (slot) => {
      const received = new ReceivedTrack()
      const track = { id: randomUUID(), slot }
      registerTrack(track, received)
      return {
        track,
        attach: (consumer) => {
          received.mimeType = consumer.rtpParameters.codecs[0]?.mimeType
          // mediasoup-client's types are a page's.
          const native = consumer.track as unknown as MediaStreamTrack
          native.onReceiveRtp.subscribe(({ header, payload }) => {
            if (consumer.closed) return
            const { marker, payloadType, sequenceNumber, ssrc, timestamp } = header
            received.deliver({ marker, payloadType, sequenceNumber, ssrc, timestamp, payload })
          })
        },
        end: () => received.end()
      }
    },
    // werift never recovers from a burst of many small messages; one in each turn of the event loop arrives.
    pace: () => new Promise((resolve) => setImmediate(resolve)),
    isAnswered,
    figures: async (transport, { all, way }) => {
      const entries = new Map<string, Entry>(await transport.getStats())
      return { rtp: all.flatMap((flow) => figuresOf(entries, way, flow)), ...pathOf(entries) }
    }
  }
}
