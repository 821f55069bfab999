import { describe, expect, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { RtpHeader, RtpPacket } from "werift"
import { readRtpPacket } from "../../src/media/rtpPacket.ts"
import type { RtpFrame } from "../../src/media/RtpSource.ts"
import { rtpStream } from "../../src/media/rtpStream.ts"
import { seeded } from "./seeded.ts"

const format = { mimeType: "video/VP8", clockRate: 90000 }

const rtp = (sequenceNumber: number, changes: { ssrc?: number; body?: string; payloadType?: number } = {}) => {
  const header = new RtpHeader({ sequenceNumber, timestamp: sequenceNumber * 10, marker: true, payloadType: changes.payloadType ?? 96, ssrc: changes.ssrc ?? 1 })
  return new RtpPacket(header, Buffer.from(changes.body ?? `p${sequenceNumber}`)).serialize()
}

/** A source over a queue, and one listener of it. */
const open = Effect.gen(function*() {
  const queue = yield* Queue.unbounded<Uint8Array | RtpFrame, Cause.Done | string>()
  const source = yield* rtpStream({ format, packets: Stream.fromQueue(queue) })
  const frames: Array<RtpFrame> = []
  const ends: Array<string> = []
  const stop = source.subscribe(format, (frame) => frames.push(frame), (reason) => ends.push(reason))
  const send = (...packets: ReadonlyArray<Uint8Array | RtpFrame>) =>
    Effect.andThen(Queue.offerAll(queue, packets), Effect.sleep(5))
  const bodies = () => frames.map(({ payload }) => Buffer.from(payload).toString())
  return { queue, source, frames, ends, stop, send, bodies }
})

describe("An RTP packet", () => {
  it("is read past contributing sources, header extension and padding, whatever is in them", () => {
    const random = seeded("rtp headers")
    for (let round = 0; round < 2000; round++) {
      const [csrcs, words, padding] = [random.below(16), random.below(9) - 1, random.below(20)]
      const payload = random.bytes(random.below(30))
      const packet = Buffer.concat([
        Uint8Array.of(0x80 | (padding > 0 ? 0x20 : 0) | (words >= 0 ? 0x10 : 0) | csrcs, 0x80 | 111, 0x12, 0x34),
        Uint8Array.of(0xfe, 0xdc, 0xba, 0x98, 0xff, 0, 0, 1),
        random.bytes(4 * csrcs),
        words >= 0 ? Buffer.concat([Uint8Array.of(0xbe, 0xde, 0, words), random.bytes(4 * words)]) : new Uint8Array(),
        payload,
        padding > 0 ? Uint8Array.from({ length: padding }, (_, at) => (at === padding - 1 ? padding : 0)) : new Uint8Array()
      ])
      const { payload: read, ...header } = Result.getOrThrow(readRtpPacket(packet))
      expect(header).toEqual({ payloadType: 111, marker: true, sequenceNumber: 0x1234, timestamp: 0xfedcba98, ssrc: 0xff000001 })
      expect(Buffer.from(read)).toEqual(Buffer.from(payload))
    }
  })

  it("is a fault when it is cut, or when its lengths lie, and never reads outside", () => {
    const random = seeded("rtp garbage")
    for (let round = 0; round < 20_000; round++) {
      const garbage = random.bytes(random.below(40))
      if (garbage.length > 0) garbage[0] = 0x80 | (garbage[0]! & 0x3f)
      const read = readRtpPacket(garbage)
      if (Result.isSuccess(read)) expect(read.success.payload.length).toBeLessThanOrEqual(garbage.length - 12)
      else expect(read.failure.detail).toMatch(/ at byte \d+: expected /)
    }
  })

  it("is not RTCP, nor another version", () => {
    const fault = (first: number, second: number) =>
      Result.match(readRtpPacket(Uint8Array.from({ length: 14 }, (_, at) => [first, second][at] ?? 0)), { onSuccess: () => "", onFailure: ({ detail }) => detail })
    expect(fault(0x80, 200)).toContain("RTP payload type at byte 1")
    expect(fault(0x40, 96)).toContain("RTP version at byte 0")
    expect(fault(0xa0, 96)).toContain("RTP padding at byte 13")
    expect(fault(0x90, 96)).toContain("RTP header extension at byte 12")
    expect(fault(0x8f, 96)).toContain("72 bytes, found 14")
  })
})

describe("A stream of RTP", () => {
  it.live("passes payload, timestamp and marker on, of packets and of frames", () =>
    Effect.gen(function*() {
      const { frames, send, source } = yield* open
      expect([source.kind, source.formats]).toEqual(["video", [format]])
      const frame = { payload: Uint8Array.of(1), timestamp: 5, marker: false }
      yield* send(rtp(7), frame)
      expect(frames).toEqual([{ payload: expect.anything(), timestamp: 70, marker: true }, frame])
    }))

  it.live("leaves out what is not RTP, late, repeated or empty, and tells what was lost", () =>
    Effect.gen(function*() {
      const { bodies, frames, send } = yield* open
      yield* send(rtp(65534), Buffer.from("hello, this is not RTP"), new Uint8Array(), rtp(65535), rtp(65535))
      yield* send(rtp(3), rtp(1), rtp(4, { body: "" }), rtp(5), rtp(6, { payloadType: 72 }), rtp(7))
      expect(bodies()).toEqual(["p65534", "p65535", "p3", "p5", "p7"])
      expect(frames.map(({ lostBefore }) => lostBefore)).toEqual([undefined, undefined, 3, undefined, 1])
    }))

  it.live("follows a sender that begins anew", () =>
    Effect.gen(function*() {
      const { bodies, frames, send } = yield* open
      yield* send(rtp(100), rtp(10, { ssrc: 2 }), rtp(11, { ssrc: 2 }), rtp(9000, { ssrc: 2 }), rtp(20, { ssrc: 2 }))
      expect(bodies()).toEqual(["p100", "p10", "p11", "p9000", "p20"])
      expect(frames.every(({ lostBefore }) => lostBefore === undefined)).toBe(true)
    }))

  it.live("is heard by all listeners alike, until they stop", () =>
    Effect.gen(function*() {
      const { bodies, send, source, stop } = yield* open
      const other: Array<RtpFrame> = []
      source.subscribe(format, (frame) => other.push(frame), () => {})
      yield* send(rtp(1))
      stop()
      yield* send(rtp(2))
      expect(bodies()).toEqual(["p1"])
      expect(other).toHaveLength(2)
    }))

  it.live("ends for its listeners when it ends, when it fails, when it dies, and when the scope closes", () =>
    Effect.gen(function*() {
      const ended = yield* open
      yield* Queue.end(ended.queue)
      const failed = yield* open
      yield* Queue.fail(failed.queue, "the port is in use")
      const died = yield* open
      yield* Queue.failCause(died.queue, Cause.die(new Error("a bug")))
      const scope = yield* Scope.make()
      const closed = yield* Scope.provide(open, scope)
      yield* Scope.close(scope, Exit.void)
      yield* Effect.sleep(10)
      expect([ended, failed, died, closed].map(({ ends }) => ends)).toEqual([
        ["end of stream"],
        ["the stream failed: the port is in use"],
        ["the stream failed: a bug"],
        ["the source was closed"]
      ])
    }))

  it.live("is read from an async iterable just so: to its end, to its failure, and no longer than the scope is open", () =>
    Effect.gen(function*() {
      const hear = (packets: AsyncIterable<Uint8Array | RtpFrame>) =>
        Effect.map(rtpStream({ format, packets }), (source) => {
          const frames: Array<RtpFrame> = []
          const ends: Array<string> = []
          source.subscribe(format, (frame) => frames.push(frame), (reason) => ends.push(reason))
          return { frames, ends }
        })
      const ended = yield* hear((async function*() {
        await Promise.resolve()
        yield rtp(1)
        yield { payload: Uint8Array.of(1), timestamp: 5, marker: false }
      })())
      const failed = yield* hear((async function*() {
        yield rtp(1)
        throw new Error("the port is in use")
      })())
      const scope = yield* Scope.make()
      let returned = 0
      const endless: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => {}),
          return: async () => ({ done: true, value: returned++ })
        })
      }
      const closed = yield* Scope.provide(hear(endless), scope)
      yield* Effect.sleep(10)
      yield* Scope.close(scope, Exit.void)
      expect([ended, failed, closed].map(({ ends, frames }) => [frames.length, ...ends])).toEqual([
        [2, "end of stream"],
        [1, "the stream failed: the port is in use"],
        [0, "the source was closed"]
      ])
      expect(returned).toBe(1)
    }))

  it.live("is refused when its format is neither audio nor video, or not the one that is asked for", () =>
    Effect.gen(function*() {
      const packets = Stream.never
      const error = yield* Effect.flip(rtpStream({ format: { mimeType: "text/t140", clockRate: 1000 }, packets }))
      expect(error.reason).toMatchObject({ _tag: "InvalidConfig", field: "format.mimeType" })
      const { source } = yield* open
      expect(() => source.subscribe({ mimeType: "video/VP9", clockRate: 90000 }, () => {}, () => {})).toThrow(RangeError)
    }))
})
