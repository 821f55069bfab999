/** Repairs of werift whose faults show only in moments that no call can be made to have at will. */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import { dropTransceiver, rememberBeforeRemote, repairConnection } from "../src/repairs.ts"
import { CandidatePairState, type RTCIceTransport, RTCPeerConnection } from "../src/werift.ts"
import { audio, connectPair, flows, openPair, untilUp } from "./pair.ts"
import { until } from "./until.ts"

const repaired = Effect.acquireRelease(
  Effect.sync(() => {
    const pc = new RTCPeerConnection({ iceServers: [], iceAdditionalHostAddresses: ["127.0.0.1"], iceUseIpv4: false, iceUseIpv6: false })
    repairConnection(pc, { onHeard: () => {}, onChange: () => {} })
    pc.addTransceiver("audio")
    const [transport] = pc.iceTransports
    if (transport === undefined) throw new Error("no transport")
    return { pc, transport, ice: transport.connection }
  }),
  ({ pc }) => Effect.promise(() => pc.close())
)
/** Calls what werift keeps private. */
const call = (target: object, name: string, ...args: ReadonlyArray<unknown>): unknown => Reflect.apply(Reflect.get(target, name), target, args)
const gatherer = (transport: object): { gather(): Promise<void>; onIceCandidate: unknown } => Reflect.get(transport, "iceGather")
const candidate = (port: number, type = "host", ufrag?: string) =>
  ({ host: "127.0.0.1", port, transport: "udp", type, component: 1, priority: 1, ufrag, foundation: "1" })

describe("gathering", () => {
  it.effect("that ends after a restart ends nothing of the new generation", () =>
    Effect.gen(function*() {
      const { transport } = yield* repaired
      const ends: Array<() => void> = []
      vi.spyOn(transport.connection, "gatherCandidates").mockImplementation(() => new Promise((resolve) => ends.push(resolve)))
      const told = vi.fn()
      gatherer(transport).onIceCandidate = told
      const first = gatherer(transport).gather()
      transport.restart()
      const second = gatherer(transport).gather()
      ends[0]?.()
      yield* Effect.promise(() => first)
      expect(transport.gatheringState).toBe("gathering")
      expect(told).not.toHaveBeenCalled()
      ends[1]?.()
      yield* Effect.promise(() => second)
      expect(transport.gatheringState).toBe("complete")
      expect(told).toHaveBeenCalledOnce()
    }))

  it.effect("adds no candidate of the generation before", () =>
    Effect.gen(function*() {
      const { ice } = yield* repaired
      const before = ice.localUsername
      ice.restart()
      call(ice, "appendLocalCandidate", candidate(1, "srflx", before))
      call(ice, "appendLocalCandidate", candidate(2, "srflx", ice.localUsername))
      expect(ice.localCandidates.map(({ port }) => port)).toEqual([2])
    }))

  it.effect("pairs a relay with the candidates that have come before it", () =>
    Effect.gen(function*() {
      const { ice } = yield* repaired
      yield* Effect.promise(() => ice.addRemoteCandidate(Object.assign(Object.create(null), candidate(9))))
      const localCandidate = { ...candidate(5, "relay", ice.localUsername), canPairWith: () => true }
      Reflect.get(ice, "protocols").push({ type: "turn", localCandidate })
      call(ice, "appendLocalCandidate", localCandidate)
      expect(ice.checkList.length).toBe(1)
      Reflect.set(ice, "protocols", [])
    }))

  it.effect("closes a relay that is allocated when the connection is closed already", () =>
    Effect.gen(function*() {
      const { ice } = yield* repaired
      yield* Effect.promise(() => ice.close())
      const late = { close: vi.fn(() => Promise.resolve()) }
      Reflect.get(ice, "protocols").push(late)
      expect(late.close).toHaveBeenCalledOnce()
    }))
})

describe("what is taken back", () => {
  it.effect("of a remote offer: its codecs, credentials, fingerprints and section for data", () =>
    Effect.gen(function*() {
      const [{ ice, pc }, far] = [yield* repaired, yield* repaired]
      far.pc.createDataChannel("data")
      const { sdp } = yield* Effect.promise(() => far.pc.createOffer())
      const [transceiver] = pc.getTransceivers()
      const traces = () => [
        pc.signalingState,
        pc.sctp,
        ice.remoteUsername,
        Reflect.get(pc.dtlsTransports[0] ?? {}, "remoteParameters"),
        { ...Reflect.get(transceiver?.receiver ?? {}, "codecs") },
        transceiver?.mid,
        transceiver?.offerDirection
      ]
      const before = traces()
      const restore = rememberBeforeRemote(pc)
      yield* Effect.promise(() => pc.setRemoteDescription({ type: "offer", sdp }))
      traces().forEach((trace, i) => expect(trace).not.toEqual(before[i]))
      yield* Effect.promise(restore)
      expect(traces()).toEqual(before)
    }))

  it.effect("of a transceiver that was never negotiated: its place in every further offer", () =>
    Effect.gen(function*() {
      const { pc } = yield* repaired
      const video = pc.addTransceiver("video")
      dropTransceiver(pc, video)
      expect(pc.getTransceivers().map(({ kind }) => kind)).toEqual(["audio"])
      expect((yield* Effect.promise(() => pc.createOffer())).sdp).not.toContain("m=video")
    }))
})

describe("checks", () => {
  const check = (to: string) => ({
    getAttributeValue: (name: string) => (name === "USERNAME" ? `${to}:far` : 1),
    attributesKeys: ["PRIORITY"],
    transactionIdHex: "01",
    toJSON: () => ({})
  })
  const socket = { localCandidate: { ...candidate(5), canPairWith: () => true, toSdp: () => "" }, type: "stun", request: () => new Promise(() => {}) }

  it.effect("for the credentials before a restart make no pair", () =>
    Effect.gen(function*() {
      const { ice } = yield* repaired
      const before = ice.localUsername
      ice.restart()
      call(ice, "checkIncoming", check(before), ["127.0.0.1", 7], socket)
      expect(ice.checkList).toEqual([])
    }))

  it.effect("of the generation before that succeed choose no path for the new one", () =>
    Effect.gen(function*() {
      const { ice } = yield* repaired
      const old = { nominated: true, state: 3, remoteCandidate: {}, toJSON: () => ({}), localCandidate: {} }
      ice.restart()
      call(ice, "checkComplete", old)
      expect(ice.nominated).toBeUndefined()
    }))
})

describe("the first check", () => {
  /** An end that has begun to look for pairs, and has had no candidate. */
  const looking = Effect.map(repaired, (one) => {
    Reflect.set(one.ice, "earlyChecksDone", true)
    const check = vi.fn()
    Reflect.set(one.ice, "checkStart", (pair: { updateState(state: number): void }) => {
      pair.updateState(CandidatePairState.IN_PROGRESS)
      check(pair)
    })
    Reflect.get(one.ice, "protocols").push({ type: "stun", localCandidate: { ...candidate(5), canPairWith: () => true, toSdp: () => "" }, close: async () => {} })
    return { ...one, check }
  })
  const add = (ice: RTCIceTransport["connection"], port: number) =>
    Effect.promise(() => ice.addRemoteCandidate(Object.assign(Object.create(null), candidate(port), { toSdp: () => "" })))

  it.effect("is made when a candidate comes, and others keep their distance from it", () =>
    Effect.gen(function*() {
      const { check, ice } = yield* looking
      yield* add(ice, 9)
      expect(check).toHaveBeenCalledOnce()
      yield* add(ice, 10)
      expect(check).toHaveBeenCalledOnce()
    }))
  it.effect("waits until there is something to connect", () =>
    Effect.gen(function*() {
      const { check, ice } = yield* looking
      Reflect.set(ice, "earlyChecksDone", false)
      yield* add(ice, 9)
      expect(check).not.toHaveBeenCalled()
    }))
  it.effect("that chooses the path lets DTLS begin at once", () =>
    Effect.gen(function*() {
      const { ice, pc } = yield* looking
      const [dtls] = pc.dtlsTransports
      const start = vi.spyOn(dtls ?? expect.fail(), "start").mockImplementation(() => new Promise(() => {}))
      yield* add(ice, 9)
      const [pair] = ice.checkList
      expect(start).not.toHaveBeenCalled()
      pair?.updateState(CandidatePairState.SUCCEEDED)
      Reflect.set(pair ?? expect.fail(), "nominated", true)
      call(ice, "checkComplete", pair)
      expect(start).toHaveBeenCalledOnce()
    }))
})

describe("remote candidates", () => {
  it.effect("that are told again, as in each further description, are the same ones", () =>
    Effect.gen(function*() {
      const { ice } = yield* repaired
      for (const port of [9, 9, 10, 9]) {
        yield* Effect.promise(() => ice.addRemoteCandidate(Object.assign(Object.create(null), candidate(port))))
      }
      expect(ice.remoteCandidates.map(({ port }) => port)).toEqual([9, 10])
    }))

  it.live("that have ended before there was one leave the path to be found by the far end's checks", () =>
    Effect.gen(function*() {
      // The callee learns nothing of the caller, but that this is all.
      const withoutCandidates = (sdp: string) => (sdp.includes("a=setup:actpass") ? `${sdp.replace(/^a=candidate.*\r\n/gm, "")}a=end-of-candidates\r\n` : sdp)
      let isCaller = true
      const { a, b, round } = yield* openPair({
        toldSdp: withoutCandidates,
        told: (one) => {
          // The first to have candidates is the caller.
          if (isCaller) {
            isCaller = one !== ""
            return one === "" ? one : undefined
          }
          return one
        }
      })
      yield* round(a, b)
      yield* untilUp(a, b)
    }).pipe(Effect.scoped))
})

describe("the numbers of data channels", () => {
  it.live("are odd at the DTLS server and even at the client, also when a restart has turned the ICE roles round", () =>
    Effect.gen(function*() {
      const created = vi.spyOn(RTCPeerConnection.prototype, "createDataChannel")
      const { a, b, round } = yield* connectPair({ left: audio, right: audio })
      yield* round(b, a, { iceRestart: true })
      yield* Effect.all([flows(a, ["microphone"]), flows(b, ["microphone"])])
      yield* b.change({ data: true })
      yield* round(b, a)
      yield* a.peer.openDataChannel("server's")
      yield* b.peer.openDataChannel("client's")
      yield* until("both", () => a.channels.length === 1 && b.channels.length === 1)
      const ids = new Map(created.mock.results.map(({ value }) => [value.label, value.id]))
      created.mockRestore()
      expect([ids.get("server's") % 2, ids.get("client's") % 2]).toEqual([1, 0])
    }).pipe(Effect.scoped))
})
