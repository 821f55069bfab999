/** ICE is restarted in a call, and media hardly notices. */
import { createSocket } from "node:dgram"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import { RTCPeerConnection } from "../src/werift.ts"
import { connectPair, type End, flows, isUp, openPair, untilUp } from "./pair.ts"
import { udpRelay } from "./udpRelay.ts"
import { until } from "./until.ts"

const credentials = (sdp = "") => ({ ufrag: /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1], pwd: /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1] })
const both = (a: End, b: End) => Effect.all([flows(a, ["microphone", "camera"]), flows(b, ["microphone", "camera"])])
const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === "UDPWrap").length
const portOf = (end: End) => Effect.map(end.peer.stats, ({ path }) => path?.local.port)
/** The port that media leaves by, when it is another than before. */
const newPort = (end: End, before: number | undefined) =>
  Effect.gen(function*() {
    for (let port = before;; port = yield* portOf(end)) {
      if (port !== before && port !== undefined) return port
      yield* Effect.sleep(5)
    }
  })

describe("an ICE restart", () => {
  for (const who of ["caller", "callee"] as const) {
    it.live(`by the ${who} has new credentials and sockets at both ends, and media goes on over them`, () =>
      Effect.gen(function*() {
        const before = sockets()
        const { a, b, round } = yield* connectPair()
        const [from, to] = who === "caller" ? [a, b] : [b, a]
        yield* both(a, b)
        const ports = [yield* portOf(a), yield* portOf(b)]
        for (let i = 0; i < 3; i++) {
          const old = [credentials(from.descriptions.at(-1)), credentials(to.descriptions.at(-1))]
          const startMs = performance.now()
          yield* round(from, to, { iceRestart: true })
          const fresh = [credentials(from.descriptions.at(-1)), credentials(to.descriptions.at(-1))]
          fresh.forEach(({ pwd, ufrag }, end) => {
            expect(ufrag).not.toBe(old[end]?.ufrag)
            expect(pwd).not.toBe(old[end]?.pwd)
          })
          ports.splice(0, 2, yield* newPort(a, ports[0]), yield* newPort(b, ports[1]))
          console.log(`restart by ${who}: new path after ${Math.round(performance.now() - startMs)} ms`)
          yield* both(a, b)
          for (const end of [a, b]) {
            const { ufrag } = credentials(end.descriptions.at(-1))
            yield* until("candidates of the new generation", () => end.candidates.some((one) => one.ufrag === ufrag && one.candidate !== ""))
          }
        }
        expect(a.links.filter((state) => state !== "connecting")).toEqual(["up"])
        expect(b.links.filter((state) => state !== "connecting")).toEqual(["up"])
        yield* a.peer.openDataChannel("after the restart")
        yield* until("the old sockets to be closed", () => sockets() <= before + 2)
      }).pipe(Effect.scoped), 20_000)
  }

  it.live("keeps media going while its answer is awaited, and loses none when it is taken back", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      yield* both(a, b)
      const before = yield* portOf(a)
      for (let i = 0; i < 2; i++) {
        yield* a.offer({ iceRestart: true })
        yield* both(a, b)
        yield* a.peer.rollback
        yield* both(a, b)
        expect(yield* portOf(a)).toBe(before)
        // A round without a restart shows the credentials that there were.
        yield* round(b, a)
        expect(credentials(a.descriptions.at(-1))).toEqual(credentials(a.descriptions[0]))
      }
      for (const [from, to] of [[a, b], [b, a]] as const) {
        const port = yield* portOf(a)
        yield* round(from, to, { iceRestart: true })
        yield* newPort(a, port)
        yield* both(a, b)
      }
      // What a later round takes back is its own only.
      yield* a.offer()
      yield* a.peer.rollback
      yield* both(a, b)
      expect([...a.links, ...b.links].filter((state) => state !== "connecting" && state !== "up")).toEqual([])
    }).pipe(Effect.scoped))

  it.live("leaves no socket when the call is closed in the middle of it", () =>
    Effect.gen(function*() {
      const before = sockets()
      for (const isAnswered of [false, true]) {
        const { a, b } = yield* connectPair()
        const offer = yield* a.offer({ iceRestart: true })
        if (isAnswered) yield* a.peer.applyAnswer(yield* b.answer(offer))
        yield* Effect.all([a.close, b.close], { concurrency: 2 })
        yield* until("the sockets to be closed", () => sockets() <= before, 1_500)
      }
    }).pipe(Effect.scoped))

  it.live("of both ends at once: one is taken back, and then made", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      const offer = yield* a.offer({ iceRestart: true })
      yield* b.offer({ iceRestart: true })
      yield* b.peer.rollback
      const port = yield* portOf(b)
      yield* a.peer.applyAnswer(yield* b.answer(offer))
      const next = yield* newPort(b, port)
      yield* both(a, b)
      yield* round(b, a, { iceRestart: true })
      yield* newPort(b, next)
      yield* both(a, b)
    }).pipe(Effect.scoped))

  it.live("while sections are inactive, or all is on hold, works from either end, and media flows after it", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      const restart = (from: End, to: End) =>
        Effect.gen(function*() {
          const [old, port] = [credentials(to.descriptions.at(-1)).ufrag, yield* portOf(a)]
          yield* round(from, to, { iceRestart: true })
          expect(credentials(to.descriptions.at(-1)).ufrag).not.toBe(old)
          yield* newPort(a, port)
        })
      for (const end of [a, b]) yield* end.change({ hold: true, send: { camera: "off" }, receive: { camera: false } })
      yield* round(a, b)
      expect(a.sections.map(({ direction }) => direction)).toContain("inactive")
      for (const [from, to] of [[a, b], [b, a], [a, b]] as const) yield* restart(from, to)
      for (const end of [a, b]) yield* end.change({ hold: false, send: { camera: "on" }, receive: { camera: true } })
      yield* round(b, a)
      yield* both(a, b)
    }).pipe(Effect.scoped))

  it.live("while the first connection is still being made, connects in the end", () =>
    Effect.gen(function*() {
      const relay = yield* udpRelay
      relay.isCut = true
      const { a, b, round } = yield* openPair({ relay })
      yield* round(a, b)
      yield* Effect.sleep(300)
      yield* round(b, a, { iceRestart: true })
      relay.isCut = false
      yield* untilUp(a, b)
      yield* both(a, b)
    }).pipe(Effect.scoped))

  it.live("is not disturbed by candidates of the generation before it, and those that outrun their description wait for it", () =>
    Effect.gen(function*() {
      const taken = vi.spyOn(RTCPeerConnection.prototype, "addIceCandidate")
      yield* Effect.addFinalizer(() => Effect.sync(() => taken.mockRestore()))
      const ufrags = () => taken.mock.calls.flatMap(([one]) => /^candidate:9 .* ufrag (\S+)/.exec(one?.candidate ?? "")?.[1] ?? [])
      const { a, b, round } = yield* connectPair()
      const of = (ufrag = "", port = 9) => a.peer.addRemoteCandidate({ candidate: `candidate:9 1 udp 1 127.0.0.1 ${port} typ host ufrag ${ufrag}`, sdpMid: "0" })
      const old = credentials(b.descriptions.at(-1)).ufrag
      yield* of(old)
      expect(ufrags()).toEqual([old])
      const answer = yield* b.answer(yield* a.offer({ iceRestart: true }))
      const { ufrag } = credentials(answer)
      yield* of(ufrag)
      expect(ufrags()).toEqual([old])
      yield* a.peer.applyAnswer(answer)
      yield* until("the candidate that has waited", () => ufrags().includes(ufrag ?? ""))
      yield* of(old, 10)
      expect(ufrags()).toEqual([old, ufrag])
      yield* both(a, b)
      yield* round(b, a)
      expect(isUp(a) && isUp(b)).toBe(true)
    }).pipe(Effect.scoped))

  it.live("finds its path also with candidates that all say generation 0, as a browser's do", () =>
    Effect.gen(function*() {
      const asBrowser = (text: string) => text.replace(/ generation \d+/g, " generation 0")
      const { a, b, round } = yield* connectPair({ told: asBrowser, toldSdp: asBrowser })
      for (const [from, to] of [[a, b], [b, a]] as const) {
        const port = yield* portOf(a)
        yield* round(from, to, { iceRestart: true })
        yield* newPort(a, port)
        yield* both(a, b)
      }
    }).pipe(Effect.scoped))

  it.live("asks the servers that it names from then on, and they do not hold up the descriptions", () =>
    Effect.gen(function*() {
      const { a, b, round } = yield* connectPair()
      const server = createSocket("udp4")
      let asked = 0
      server.on("message", () => { asked += 1 })
      yield* Effect.promise(() => new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve)))
      yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
      const iceServers = [{ urls: [`stun:127.0.0.1:${server.address().port}`] }]
      const startMs = performance.now()
      yield* round(a, b, { iceRestart: true, iceServers })
      expect(performance.now() - startMs).toBeLessThan(1_000)
      yield* until("a question to the server", () => asked > 0)
      yield* both(a, b)
      const before = asked
      yield* round(b, a, { iceRestart: true })
      yield* until("a question at the next restart", () => asked > before)
      yield* both(a, b)
    }).pipe(Effect.scoped))
})
