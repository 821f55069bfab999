import { readFileSync } from "node:fs"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { maxPackets, readOgg } from "../../src/media/ogg.ts"
import { readOggOpus } from "../../src/media/oggOpus.ts"
import { seeded } from "./seeded.ts"
import { opusHead, opusTags, writeOgg, writePage } from "./writeOgg.ts"

const tone = readFileSync(new URL("../../media/tone.ogg", import.meta.url))
const silence = Uint8Array.of(0xf8, 0xff, 0xfe)

const fault = (result: Result.Result<unknown, { readonly detail: string }>) =>
  Result.isFailure(result) ? result.failure.detail : "no fault"
const opusFault = (...parts: ReadonlyArray<Uint8Array>) => fault(readOggOpus(Buffer.concat(parts)))

describe("Ogg", () => {
  it("gives back whatever packets were written, across pages and beside another stream", () => {
    const random = seeded("ogg packets")
    for (let round = 0; round < 200; round++) {
      const packets = Array.from({ length: 1 + random.below(20) }, () => random.bytes(random.below([3, 300, 1100][random.below(3)]!)))
      const others = Array.from({ length: 1 + random.below(20) }, () => random.bytes(random.below(600)))
      const left = writeOgg(packets, { serial: 7, segments: 1 + random.below(6) })
      const right = writeOgg(others, { serial: 9, segments: 1 + random.below(6) })
      const pages: Array<Uint8Array> = []
      while (left.length + right.length > 0) pages.push(...(random.below(2) === 0 ? left : right).splice(0, 1))
      const streams = Result.getOrThrow(readOgg(Buffer.concat(pages)))
      const read = (serial: number) =>
        streams.find((stream) => stream.serial === serial)!.packets.map(({ data }) => Buffer.from(data).toString("hex"))
      expect(read(7)).toEqual(packets.map((packet) => Buffer.from(packet).toString("hex")))
      expect(read(9)).toEqual(others.map((packet) => Buffer.from(packet).toString("hex")))
    }
  })

  it("reads the bundled tone as 100 packets of 20 ms, mono", () => {
    const { channels, packets, preSkip } = Result.getOrThrow(readOggOpus(tone))
    expect({ channels, preSkip, count: packets.length }).toEqual({ channels: 1, preSkip: 312, count: 100 })
    expect(packets.every(({ duration }) => duration === 960)).toBe(true)
  })

  it("finds every damaged byte of a file by the checksum or before it", () => {
    for (let at = 0; at < tone.length; at++) {
      const damaged = Uint8Array.from(tone)
      damaged[at]! ^= 1 << at % 8
      expect(fault(readOgg(damaged)), `byte ${at}`).not.toBe("no fault")
    }
  })

  it("gives a fault, or the packets of the whole pages before it, for a file cut anywhere", () => {
    for (let length = 0; length < tone.length; length++) {
      const read = readOggOpus(tone.subarray(0, length))
      if (Result.isSuccess(read)) expect(read.success.packets.length).toBeLessThan(100)
      else expect(read.failure.detail).toMatch(/ at byte \d+: expected /)
    }
  })

  it("gives a fault for random bytes, also behind a right beginning", () => {
    const random = seeded("ogg garbage")
    for (let round = 0; round < 2000; round++) {
      const garbage = random.bytes(5 + random.below(400))
      expect(fault(readOgg(garbage))).not.toBe("no fault")
      garbage.set(Buffer.from("OggS\0"))
      expect(fault(readOgg(garbage))).not.toBe("no fault")
      expect(fault(readOgg(Buffer.concat([tone, garbage])))).not.toBe("no fault")
    }
  })

  it("says what is wrong and where", () => {
    const page = writePage({ number: 0, flags: 2, lacing: [1], body: Uint8Array.of(1) })
    expect(fault(readOgg(Buffer.concat([page, Buffer.from("oggs".padEnd(27))])))).toBe("Ogg capture pattern at byte 29: expected OggS (RFC 3533 section 6)")
    const after = (rest: Parameters<typeof writePage>[0]) => fault(readOgg(Buffer.concat([page, writePage(rest)])))
    expect(after({ number: 2, lacing: [], body: new Uint8Array() })).toBe("Ogg page number at byte 47: expected 1")
    expect(after({ number: 1, flags: 1, lacing: [], body: new Uint8Array() })).toContain("continuation flag at byte 34")
    expect(after({ number: 1, flags: 2, lacing: [], body: new Uint8Array() })).toContain("no second beginning")
    expect(after({ number: 0, serial: 5, lacing: [], body: new Uint8Array() })).toContain("first page of its stream before any other")
    expect(after({ number: 1, lacing: [255], body: new Uint8Array(255) })).toContain("its end before the end of the file")
  })

  it("refuses more streams and packets than a real file has, without keeping them", () => {
    const streams = Array.from({ length: 65 }, (_, serial) => writePage({ serial, number: 0, flags: 2, lacing: [0], body: new Uint8Array() }))
    expect(fault(readOgg(Buffer.concat(streams)))).toContain("at most 64 streams")
    const empty = Array.from({ length: Math.ceil((maxPackets + 1) / 255) }, (_, number) =>
      writePage({ number, flags: number === 0 ? 2 : 0, lacing: Array.from({ length: 255 }, () => 0), body: new Uint8Array() }))
    expect(fault(readOgg(Buffer.concat(empty)))).toContain(`at most ${maxPackets} packets`)
  })
})

describe("Ogg Opus", () => {
  it("leaves streams of other codecs out", () => {
    const [theoraFirst, ...theora] = writeOgg([Buffer.from("\x80theora"), Buffer.from("frame")], { serial: 2, segments: 1 })
    const opus = writeOgg([opusHead(), opusTags, silence])
    expect(Result.getOrThrow(readOggOpus(Buffer.concat([theoraFirst!, ...opus, ...theora]))).packets.map(({ duration }) => duration)).toEqual([960])
  })

  it("refuses what RTP cannot carry, and what is not Opus", () => {
    const file = (...packets: ReadonlyArray<Uint8Array>) => opusFault(...writeOgg(packets))
    expect(file(opusHead(), opusTags, silence)).toBe("no fault")
    expect(file(opusHead({ 8: 0x10 }), opusTags, silence)).toContain("OpusHead version")
    expect(file(opusHead({ 9: 0 }), opusTags, silence)).toContain("Opus channels")
    expect(file(opusHead({ 9: 6 }), opusTags, silence)).toContain("Opus channels")
    expect(file(opusHead({ 18: 1 }), opusTags, silence)).toContain("mapping family")
    expect(file(opusHead().subarray(0, 18), opusTags, silence)).toContain("19 bytes or more, found 18")
    expect(file(opusHead(), silence)).toContain("expected OpusTags")
    expect(file(opusHead())).toContain("expected OpusTags")
    expect(file(opusHead(), opusTags)).toContain("at least one packet of audio")
    expect(file(opusHead(), opusTags, new Uint8Array())).toContain("at least one byte")
    expect(file(Buffer.from("\x01vorbis"))).toContain("one Opus stream (RFC 7845 section 3), found 0")
    expect(opusFault(...writeOgg([opusHead(), opusTags, silence]), ...writeOgg([opusHead(), opusTags, silence], { serial: 3 }))).toContain("found 2")
    expect(fault(readOggOpus(new Uint8Array()))).toContain("found 0")
  })
})
