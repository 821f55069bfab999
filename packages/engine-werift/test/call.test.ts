/** A real call over werift: ICE, DTLS and SRTP on loopback, RTP both ways. */
import type { LineCall, Slot } from "@enigma-rtc/core"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { receivedMimeType, receivedRtp } from "../src/index.ts"
import { receivedRtp as receivedRtpPromise } from "../src/promise.ts"
import { connect, nextEvent, openLines, untilOver } from "./twoPeers.ts"

const track = (call: LineCall, slot: Slot) =>
  call.events.pipe(
    Stream.filter((event) => event._tag === "RemoteTrack"),
    Stream.map((event) => event.track),
    Stream.filter((remote) => remote.slot === slot),
    Stream.runHead,
    Effect.flatMap(Effect.fromOption)
  )

const take = (call: LineCall, slot: Slot, count: number) =>
  Effect.flatMap(track(call, slot), (remote) =>
    Effect.map(Stream.runCollect(Stream.take(receivedRtp(remote), count)), (packets) => ({
      packets,
      mimeType: receivedMimeType(remote)
    })))

describe("a call between two Node peers", () => {
  it.live("carries audio and video both ways, in the order of its sequence numbers", () =>
    Effect.gen(function*() {
      const { alice, bob } = yield* connect(yield* openLines())
      for (const call of [alice, bob]) {
        const audio = yield* take(call, "microphone", 20)
        const video = yield* take(call, "camera", 20)
        expect(audio.mimeType).toBe("audio/opus")
        expect(video.mimeType).toBe("video/VP8")
        for (const { packets } of [audio, video]) {
          const steps = packets.slice(1).map((packet, i) => (packet.sequenceNumber - (packets[i]?.sequenceNumber ?? 0) + 65_536) % 65_536)
          expect(steps).toEqual(steps.map(() => 1))
          expect(packets.every(({ payload }) => payload.length > 0)).toBe(true)
        }
        expect(audio.packets.slice(1).every((packet, i) => packet.timestamp - (audio.packets[i]?.timestamp ?? 0) === 960)).toBe(true)
      }
    }).pipe(Effect.scoped))

  it.live("a muted microphone sends no packet at all, and the camera goes on; unmuted, it is heard again", () =>
    Effect.gen(function*() {
      const { alice, bob } = yield* connect(yield* openLines())
      const heard = { microphone: 0, camera: 0, screen: 0 }
      for (const slot of ["microphone", "camera"] as const) {
        const remote = yield* track(bob, slot)
        yield* Effect.forkScoped(Stream.runForEach(receivedRtp(remote), () => Effect.sync(() => heard[slot]++)))
      }
      yield* Effect.sleep(1_200)
      expect(heard.microphone).toBeGreaterThan(0)

      yield* alice.setMicrophoneEnabled(false)
      yield* Effect.sleep(100)
      const muted = { ...heard }
      yield* Effect.sleep(400)
      expect(heard.microphone).toBe(muted.microphone)
      expect(heard.camera).toBeGreaterThan(muted.camera)

      yield* alice.setMicrophoneEnabled(true)
      yield* Effect.sleep(400)
      expect(heard.microphone).toBeGreaterThan(muted.microphone)

      yield* alice.setCameraEnabled(false)
      yield* Effect.sleep(100)
      const dark = { ...heard }
      yield* Effect.sleep(400)
      expect(heard.camera).toBe(dark.camera)
      expect(heard.microphone).toBeGreaterThan(dark.microphone)
    }).pipe(Effect.scoped))

  it.live("carries text and bytes over a data channel, both ways", () =>
    Effect.gen(function*() {
      const { alice, bob } = yield* connect(yield* openLines())
      const here = yield* alice.openDataChannel("chat", { protocol: "test" })
      const { channel: there } = yield* nextEvent(bob, "DataChannelOpened")
      expect([there.label, there.protocol]).toEqual(["chat", "test"])
      yield* here.send("grüß dich")
      yield* here.send(Uint8Array.of(0, 255, 7))
      expect(yield* Stream.runCollect(Stream.take(there.messages, 2))).toEqual(["grüß dich", Uint8Array.of(0, 255, 7)])
      yield* there.send("back")
      expect(yield* Stream.runCollect(Stream.take(here.messages, 1))).toEqual(["back"])
      yield* there.close
      // The stream of messages ends when the far end closes the channel.
      expect(yield* Stream.runCollect(here.messages)).toEqual([])
      const error = yield* Effect.flip(here.send("too late"))
      expect(error).toMatchObject({ _tag: "WebRtcError", engine: "werift", operation: "send" })
    }).pipe(Effect.scoped))

  it.live("tells figures of both ends: the selected pair on loopback, packets and bytes each way", () =>
    Effect.gen(function*() {
      const { alice, bob } = yield* connect(yield* openLines())
      yield* Effect.sleep(1_200)
      const [left, right] = [yield* alice.stats, yield* bob.stats]
      expect(left.path?.local).toMatchObject({ address: "127.0.0.1", protocol: "udp", type: "host" })
      expect(left.path?.local.port).toBe(right.path?.remote.port)
      for (const { received, sent } of [left, right]) {
        expect(sent.map(({ slot }) => slot)).toEqual(["microphone", "camera"])
        expect(received.map(({ slot }) => slot)).toEqual(["microphone", "camera"])
        expect([...sent, ...received].every(({ bytes, packets }) => packets > 0 && bytes > packets)).toBe(true)
      }
    }).pipe(Effect.scoped))

  it.live("ends at both ends when one hangs up, and no packet comes after; a loop over packets ends too", () =>
    Effect.gen(function*() {
      const { alice, bob } = yield* connect(yield* openLines())
      const remote = yield* track(bob, "microphone")
      const packets = receivedRtpPromise(remote)
      let heard = 0
      const loop = yield* Effect.forkScoped(Effect.promise(async () => {
        for await (const { payload } of packets) heard += Math.sign(payload.length)
      }))
      yield* Effect.promise(async () => {
        for await (const _ of packets) if (heard >= 5) break
      })
      yield* alice.hangup("normal")
      yield* Fiber.join(loop)
      yield* Effect.all([untilOver(alice), untilOver(bob)])
      expect(yield* alice.state).toEqual({ _tag: "Ended", by: "local", reason: "normal" })
      expect(yield* bob.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
      expect(yield* Stream.runCollect(receivedRtp(remote))).toEqual([])
    }).pipe(Effect.scoped))
})
