/** An engine over `@roamhq/wrtc`, which is libwebrtc: for the conformance suite's own tests. */
import { randomUUID } from "node:crypto"
import {
  type Capabilities, type Driver, type DriverEvent, fromDriver, type LinkState, makeDataChannel, markScreen, type MediaIntent,
  type PathEnd, readSections, type RemoteTrack, type RtcConfig, RtcEngine, type Slot, slots, WebRtcError
} from "@enigma-rtc/core"
import wrtc from "@roamhq/wrtc"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { EngineOptions } from "./EngineOptions.ts"
import type { Description, NativeChannel, NativeStats, NativeTransceiver, Wrtc } from "./wrtcNative.ts"

// The package's own types name those of a browser, which are nothing here.
const { nonstandard: { RTCAudioSource, RTCVideoSource }, RTCPeerConnection } = wrtc as unknown as Wrtc

const capabilities: Capabilities = {
  media: true, data: true, codecPreference: true, rollback: true, renegotiation: true, iceRestart: true, remoteCandidates: true
}

// A source that is not yet collected crashes the process where it ends by itself (node-webrtc issue 636).
process.once("exit", () => process.exit())

const [width, height, sampleRate] = [160, 96, 48_000]
const tone = Int16Array.from({ length: sampleRate / 100 }, (_, i) => 8_000 * Math.sin(i * 2 * Math.PI * 400 / sampleRate))

/** What to send, in real time: a tone, and pictures that get lighter and darker. */
const openSources = () => {
  const [audio, camera, screen] = [new RTCAudioSource(), new RTCVideoSource(), new RTCVideoSource()]
  const tracks = { microphone: audio.createTrack(), camera: camera.createTrack(), screen: screen.createTrack() }
  const begun = performance.now()
  let at = 0
  // The audio source takes exactly 10 ms at a time; what a late timer owes is made up for.
  const clock = setInterval(() => {
    const now = (performance.now() - begun) / 10
    for (at = Math.max(at, now - 20); at < now; at++) {
      audio.onData({ sampleRate, samples: tone })
      if (at % 5 >= 1) continue
      const frame = { width, height, data: new Uint8ClampedArray(width * height * 1.5).fill(at % 200) }
      for (const video of [camera, screen]) video.onFrame(frame)
    }
  }, 10)
  const close = () => {
    clearInterval(clock)
    for (const slot of slots) tracks[slot].stop()
  }
  return { tracks, close }
}

const fail = (operation: string, reason: WebRtcError["reason"], cause?: unknown) =>
  new WebRtcError({ engine: "wrtc", operation, reason, cause })

/** How to count what has arrived of a track. */
const counters = new WeakMap<RemoteTrack, () => Promise<number>>()
/** How many RTP packets of a track have arrived. */
export const arrived = (track: RemoteTrack) => Effect.promise(async () => counters.get(track)?.() ?? 0)

/** A state may be over before it can be read: what must have been before it is told too. */
const links: { readonly [state: string]: ReadonlyArray<LinkState> } = {
  connecting: ["connecting"], connected: ["connecting", "up"], disconnected: ["interrupted"], failed: ["interrupted", "failed"]
}
const directions = { true: { true: "sendrecv", false: "sendonly" }, false: { true: "recvonly", false: "inactive" } } as const
type Own = EngineOptions & { readonly sources: ReturnType<typeof openSources> | undefined }

const openDriver = (config: RtcConfig, first: MediaIntent, { endsAfterMs, sources }: Own, emit: (event: DriverEvent) => void): Driver => {
  const withServers = (iceServers: RtcConfig["iceServers"]) => ({ bundlePolicy: "max-bundle" as const, iceServers })
  const pc = new RTCPeerConnection(withServers(config.iceServers))
  const media = new Map<Slot, { readonly transceiver: NativeTransceiver; track?: RemoteTrack | undefined }>()
  const closing = Promise.withResolvers<undefined>()
  let [intent, hasData, wasUp] = [first, false, false]
  let spare: NativeChannel | undefined
  /** The last candidate that has been told of, as long as their end has not. */
  let lastCandidate: { readonly sdpMid: string; readonly sdpMLineIndex: number; readonly usernameFragment: string } | undefined

  pc.addEventListener("icecandidate", ({ candidate }) => {
    // libwebrtc tells of the end before the first candidate too.
    const place = candidate ?? lastCandidate
    lastCandidate = candidate ?? undefined
    if (place === undefined) return
    const { sdpMid, sdpMLineIndex, usernameFragment: ufrag } = place
    emit({ _tag: "LocalCandidate", candidate: { candidate: candidate?.candidate ?? "", sdpMid, sdpMLineIndex }, ufrag })
  })
  let read: string | undefined
  const tellLink = () => {
    if (pc.connectionState === read) return
    read = pc.connectionState
    const states = links[read] ?? []
    for (const state of states) if (wasUp || state !== "interrupted") emit({ _tag: "Link", state })
    wasUp ||= states.includes("up")
    void send().catch(() => {})
  }
  pc.addEventListener("connectionstatechange", () => {
    tellLink()
    // Now and then the event comes from another thread before the state can be read, and no other follows.
    setTimeout(tellLink, 20)
  })
  pc.addEventListener("datachannel", ({ channel }) => emit({ _tag: "DataChannelOpened", channel: wrap(channel) }))
  const wrap = (native: NativeChannel) => {
    const send = (data: string | Uint8Array) =>
      Effect.try({ try: () => native.send(data), catch: (cause) => fail("send", { _tag: "Refused" }, cause) })
    const own = { bufferedAmount: () => native.bufferedAmount, close: () => native.close() }
    const side = makeDataChannel({ engine: "wrtc", label: native.label, protocol: native.protocol, send, ...own })
    native.addEventListener("message", ({ data }) => side.received(typeof data === "string" ? data : new Uint8Array(data)))
    native.addEventListener("close", side.closed)
    return side.channel
  }
  let ending: NodeJS.Timeout | undefined
  let hasEnded = false
  const end = () => {
    hasEnded = true
    emit({ _tag: "LocalSourceEnded", slot: "microphone", reason: "The tone came to its end." })
    void send().catch(() => {})
  }
  /** Sends or not, as the intent says; a direction that does not let it is stronger. */
  const send = async () => {
    for (const [slot, { transceiver }] of media) {
      const isWanted = intent.send[slot] === "on" && !intent.hold && !(hasEnded && slot === "microphone")
      await transceiver.sender.replaceTrack(isWanted ? sources?.tracks[slot] ?? null : null)
      const endsNow = isWanted && slot === "microphone" && pc.connectionState === "connected" && endsAfterMs !== undefined
      if (endsNow) ending ??= setTimeout(end, endsAfterMs)
    }
  }
  const directionOf = (slot: Slot) => directions[`${intent.send[slot] !== "off"}`][`${intent.receive[slot] && !intent.hold}`]
  const direct = () => media.forEach(({ transceiver }, slot) => (transceiver.direction = directionOf(slot)))
  /** Puts the preferred codecs first. libwebrtc sends the first of a remote description, and answers in its order. */
  const preferring = (sdp: string) => {
    const wishes = [intent.preferCodec ?? []].flat().map((name) => name.toLowerCase()).toReversed()
    return sdp.split(/^(?=m=)/m).map((section) => {
      const nameOf = (number: string) => new RegExp(`^a=rtpmap:${number} ([^/]+)`, "m").exec(section)?.[1]?.toLowerCase() ?? ""
      const [start = "", numbers = ""] = /^(?:m=[av]\S+ \S+ \S+ )(.*)/.exec(section) ?? []
      const order = numbers.split(" ").toSorted((a, b) => wishes.indexOf(nameOf(b)) - wishes.indexOf(nameOf(a)))
      return start.slice(0, start.length - numbers.length) + order.join(" ") + section.slice(start.length)
    }).join("")
  }
  const rollBack = async (rolled: Promise<void>) => {
    await rolled
    // A transceiver that no description names any more can stand for no section of the far end's.
    for (const [slot, { transceiver }] of media) {
      if (transceiver.mid !== null) continue
      media.delete(slot)
      transceiver.stop()
    }
  }
  const handOut = async (description: Description) => {
    await pc.setLocalDescription(description)
    await (description.type === "answer" ? negotiated(description.sdp) : send())
    return markScreen(description.sdp, [media.get("screen")?.transceiver.mid ?? []].flat())
  }

  /** After a close libwebrtc would never answer. */
  const report = async () => [...(await Promise.race([closing.promise, pc.getStats()]))?.values() ?? []]
  const counter = ({ mid }: NativeTransceiver) => {
    const read = async () => (await report()).find((one) => one.type === "inbound-rtp" && one.mid === mid)?.packetsReceived ?? 0
    let last = 0
    // A section that is used again may go on counting.
    const before = read()
    return async () => (last = Math.max(last, await read() - await before))
  }
  /** A round is complete: media comes and goes as its answer says. */
  const negotiated = async (answer: string) => {
    hasData = readSections(answer).some(({ direction, kind }) => kind === "application" && direction !== "inactive")
    for (const [slot, one] of media) {
      const isOpen = /recv/.test(one.transceiver.currentDirection ?? "")
      if (isOpen === (one.track !== undefined)) continue
      const track = one.track ?? { id: randomUUID(), slot }
      const count = await counters.get(track)?.() ?? 0
      counters.set(track, isOpen ? counter(one.transceiver) : () => Promise.resolve(count))
      one.track = isOpen ? track : undefined
      emit({ _tag: isOpen ? "RemoteTrack" : "RemoteTrackEnded", track })
    }
    await send()
  }
  const figures = (all: ReadonlyArray<NativeStats>, type: string) =>
    all.flatMap((one) => {
      const slot = slots.find((slot) => one.type === type && one.mid === media.get(slot)?.transceiver.mid)
      const { bytesReceived = 0, bytesSent: bytes = bytesReceived, packetsReceived = 0, packetsSent: packets = packetsReceived } = one
      const { mimeType = "" } = all.find(({ id }) => id === one.codecId) ?? {}
      return slot === undefined ? [] : [{ slot, packets, bytes, ...(mimeType === "" ? {} : { mimeType }) }]
    })
  return {
    setMedia: (wanted) => {
      intent = wanted
      return send()
    },
    createOffer: async ({ iceRestart = false, iceServers }) => {
      if (iceServers !== undefined) pc.setConfiguration(withServers(iceServers))
      const missing = slots.filter((slot) => directionOf(slot) !== "inactive" && !media.has(slot))
      for (const slot of missing) media.set(slot, { transceiver: pc.addTransceiver(slot === "microphone" ? "audio" : "video") })
      direct()
      // Only a channel makes libwebrtc offer a section for data; the far end never hears of this one.
      if (intent.data && !hasData) spare ??= pc.createDataChannel("", { negotiated: true, id: 1_023 })
      const { sdp } = await pc.createOffer({ iceRestart })
      return handOut({ type: "offer", sdp: preferring(sdp) })
    },
    createAnswer: async (offer) => {
      await pc.setRemoteDescription({ type: "offer", sdp: preferring(offer) })
      try {
        for (const { mid, slot } of readSections(offer)) {
          const transceiver = pc.getTransceivers().find((one) => one.mid === mid)
          if (transceiver === undefined || [...media.values()].some((one) => one.transceiver.mid === mid)) continue
          if (slot === undefined || media.has(slot)) transceiver.direction = "inactive"
          else media.set(slot, { transceiver })
        }
        direct()
        return await handOut(await pc.createAnswer())
      } catch (cause) {
        await rollBack(pc.setRemoteDescription({ type: "rollback", sdp: "" }).catch(() => {}))
        throw cause
      }
    },
    applyAnswer: async (sdp) => {
      await pc.setRemoteDescription({ type: "answer", sdp })
      await negotiated(sdp)
    },
    rollback: () => rollBack(pc.setLocalDescription({ type: "rollback", sdp: "" })),
    addRemoteCandidate: ({ candidate, sdpMid = "", sdpMLineIndex = 0 }) => pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex }),
    openDataChannel: async (label, { maxPacketLifeTimeMs, ...options }) => {
      if (!hasData) throw fail("openDataChannel", { _tag: "WrongState", state: "without a section for data", expected: "one" })
      const limit = maxPacketLifeTimeMs === undefined ? {} : { maxPacketLifeTime: maxPacketLifeTimeMs }
      const native = pc.createDataChannel(label, { ...options, ...limit })
      const channel = wrap(native)
      return new Promise((resolve, reject) => {
        // It may have opened before there was anybody to be told.
        if (native.readyState === "open") resolve(channel)
        native.addEventListener("open", () => resolve(channel))
        native.addEventListener("close", () => reject(new Error("The channel was closed before it was open.")))
      })
    },
    stats: async () => {
      const all = await report()
      const pair = all.find(({ id }) => all.some((one) => one.selectedCandidatePairId === id))
      const [local, remote] = [pair?.localCandidateId, pair?.remoteCandidateId].map((end): PathEnd => {
        const { address = "", candidateType = "host", port = 0 } = all.find(({ id }) => id === end) ?? {}
        return { address, port, protocol: "udp", type: candidateType }
      })
      const path = pair && local && remote && { path: { local, remote } }
      return { sent: figures(all, "outbound-rtp"), received: figures(all, "inbound-rtp"), ...path }
    },
    close: () => {
      closing.resolve(undefined)
      clearTimeout(ending)
      pc.close()
    }
  }
}

export const wrtcEngine = (options: EngineOptions = {}): Layer.Layer<RtcEngine> => {
  const opening = Effect.sync(() => (options.sends === false ? undefined : openSources()))
  const opened = Effect.acquireRelease(opening, (sources) => Effect.sync(() => sources?.close()))
  return Layer.effect(RtcEngine, Effect.map(opened, (sources) => ({
    name: "wrtc",
    capabilities,
    open: (config, intent) => {
      const open = (emit: (event: DriverEvent) => void) => openDriver(config, intent, { ...options, sources }, emit)
      return fromDriver({ engine: "wrtc", capabilities, operationTimeoutMs: config.operationTimeoutMs, open })
    }
  })))
}
