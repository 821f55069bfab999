import { deepStrictEqual, ok } from "node:assert/strict"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, endReasons, step, type Verdict } from "../../src/call/index.ts"
import { checkCandidate, checkSdp, offeredMedia } from "../../src/signaling/index.ts"
import { encodeTrace, makeRedactor, redactTrace, replay } from "../../src/trace/index.ts"
import { inputs, situations } from "../call/situations.ts"
import { seeded } from "../seed.ts"
import { chromiumOffer } from "../signaling/chromiumOffer.ts"
import { messages } from "../signaling/messages.ts"
import { secretCandidate, secretSdp, secretsOf, traces } from "./stories.ts"

/** The verdict without what is told to others: what the machine has decided. */
const decided = (verdict: Verdict) =>
  verdict._tag === "Moved"
    ? [verdict._tag, verdict.state._tag, verdict.commands.map(({ _tag }) => _tag)]
    : [verdict._tag, verdict.why]
const secretsIn = (text: string) =>
  ["203.0.113.", "fd12:3456", "9b36eaac", "hidden", "example.org", ...Array.from({ length: 20 }, (_, n) => secretsOf(n).fingerprint)]
    .filter((secret) => text.includes(secret))
const redactSdp = (sdp: string): string => makeRedactor()({ sdp }).sdp

describe("a redacted trace", () => {
  it("replays to the same verdicts, states and commands, and holds no secret", () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(traces, (trace) => {
        const redacted = redactTrace(trace)
        const before = replay(trace)
        const after = replay(redacted)
        deepStrictEqual(
          after.entries.map(({ verdict }) => verdict._tag === "Broken" ? [] : decided(verdict)),
          before.entries.map(({ verdict }) => verdict._tag === "Broken" ? [] : decided(verdict))
        )
        deepStrictEqual(after.difference, undefined)
        const text = encodeTrace(redacted)
        deepStrictEqual(secretsIn(text), [])
        for (const { entry: { input } } of before.entries) {
          if ("sdp" in input) {
            const [, fingerprint = ""] = /fingerprint:sha-256 (\S+)/.exec(input.sdp) ?? []
            ok(fingerprint === "" || !text.includes(fingerprint))
          }
        }
        for (const { state } of before.entries) seen.add(state._tag)
      }),
      seeded("redacted replay", 200)
    )
    // The stories were worth telling: they led everywhere.
    expect(seen).toEqual(new Set(Object.values(situations).map(({ _tag }) => _tag)))
    // Each run redacts, replays and searches some 40 descriptions.
  }, process.env["RUNS"] === undefined ? 20_000 : 600_000)
  it.each(Object.entries<CallState>(situations))("decides every input in %s as before", (_, state) => {
    for (const [name, input] of Object.entries<CallInput>(inputs)) {
      const redact = makeRedactor()
      deepStrictEqual(decided(step(redact(state), redact(input))), decided(step(state, input)), name)
    }
  })
})

describe("a redacted description", () => {
  it("is one that engines may see, offers the same media, and comes from the same origin", () => {
    fc.assert(
      fc.property(messages, (message) => {
        if (message.type !== "offer" && message.type !== "answer") return
        const redacted = redactSdp(message.sdp)
        deepStrictEqual(Result.map(checkSdp(redacted), () => "fine"), Result.map(checkSdp(message.sdp), () => "fine"))
        deepStrictEqual(offeredMedia(redacted), offeredMedia(message.sdp))
        deepStrictEqual(/\no=\S+ (\d+ \d+)/.exec(redacted)?.[1], /\no=\S+ (\d+ \d+)/.exec(message.sdp)?.[1])
        deepStrictEqual(redacted.match(/\r?\n/g), message.sdp.match(/\r?\n/g))
      }),
      seeded("redacted SDP", 500)
    )
  })
  it("keeps what is about media, and nothing of who and where", () => {
    const [, ufrag = "", pwd = ""] = /ice-ufrag:(\S+)[^]*ice-pwd:(\S+)/.exec(secretSdp(4)) ?? []
    expect(redactSdp(secretSdp(4)).split("\r\n")).toEqual([
      "v=0",
      "o=id1 41 1 IN IP4 198.18.0.1",
      "s=text1",
      "i=text2",
      "e=text3",
      "c=IN IP6 2001:db8::0:1",
      "t=0 0",
      "a=group:BUNDLE 0 1",
      "a=x-session:text4",
      "m=audio 9 UDP/TLS/RTP/SAVPF 111 0",
      "c=IN IP4 198.18.0.1",
      "a=rtcp:9 IN IP4 198.18.0.1",
      "a=mid:0",
      "a=ice-ufrag:ufrag1",
      "a=ice-pwd:pwd000000000000000000001",
      `a=fingerprint:sha-256 ${"00:".repeat(31)}01`,
      "a=setup:actpass",
      "a=rtpmap:111 opus/48000/2",
      "a=fmtp:111 minptime=10;useinbandfec=1",
      "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
      "a=crypto:text5",
      "a=ssrc:1234 cname:id2",
      "a=msid:id1 id3",
      "a=candidate:1 1 udp 2122260223 2001:db8::0:1 40004 typ srflx raddr 198.18.0.1 rport 5000 generation 0 ufrag ufrag1 network-cost 999",
      "a=remote-candidates:1 198.18.0.1 5000 2 2001:db8::0:1 5001",
      "a=fmtp:text6",
      "m=video 0 UDP/TLS/RTP/SAVPF 96",
      "a=mid:1",
      ""
    ])
    expect([ufrag, pwd]).toEqual([secretsOf(4).ufrag, secretsOf(4).pwd])
  })
  it("is made in a moment, however the peer tries to make it long", () => {
    const many = 130_000
    const start = performance.now()
    for (const line of ["b=" + "1".repeat(many) + "x", "c=IN IP4 " + "1/".repeat(many / 2), "o=" + "1 ".repeat(many / 2),
      "a=fmtp:" + "a:".repeat(many / 2) + "!", "a=fmtp:" + "1.".repeat(many / 2), "a=ssrc:" + "1".repeat(many), "a=x".repeat(many / 3),
      "a=fingerprint:sha-1 " + "00:".repeat(many / 3), "a=group:" + " ".repeat(many), "m=\n".repeat(many / 3), "a=\r".repeat(many / 3)]) {
      redactSdp(`v=0\n${line}`)
    }
    expect(performance.now() - start).toBeLessThan(2_000)
  })
  it("of a browser differs only in its secrets", () => {
    const redacted = redactSdp(chromiumOffer).split("\r\n")
    const changed = chromiumOffer.split("\r\n").filter((line, i) => line !== redacted[i])
    expect(new Set(changed.map((line) => line.split(/[: ]/)[0]))).toEqual(
      new Set(["a=fingerprint", "a=ice-pwd", "a=ice-ufrag", "a=msid", "a=msid-semantic", "a=ssrc"])
    )
  })
})

describe("a redacted candidate", () => {
  it("is one that engines may see", () => {
    fc.assert(
      fc.property(messages, (message) => {
        if (message.type !== "ice_candidate") return
        const redacted = makeRedactor()({ candidate: message.candidate, sdpMid: message.sdp_mid ?? "0" })
        ok(Result.isSuccess(checkCandidate(redacted)), JSON.stringify(redacted))
        deepStrictEqual(redacted.candidate === "", message.candidate === "")
        deepStrictEqual(redacted.candidate.split(" ")[5], message.candidate.split(" ")[5], "the port")
      }),
      seeded("redacted candidate", 500)
    )
  })
  it("stays so when it has as many extensions as fit", () => {
    const full = `candidate:1 1 udp 1 192.0.2.1 9 typ host${" a b".repeat(240)}`
    const { candidate } = makeRedactor()({ candidate: full })
    expect(Result.isSuccess(checkCandidate({ candidate: full }))).toBe(true)
    expect(Result.isSuccess(checkCandidate({ candidate }))).toBe(true)
  })
})

describe("within one trace", () => {
  it("the same secret has the same replacement, wherever it stands", () => {
    const redact = makeRedactor()
    const { sdp } = redact({ sdp: secretSdp(3) })
    const { candidate } = redact(secretCandidate(3))
    const words = candidate.split(" ")
    expect(sdp).toContain(`a=ice-ufrag:${words[words.indexOf("ufrag") + 1]}\r\n`)
    expect(sdp).toContain(`IN IP4 ${words[words.indexOf("raddr") + 1]}\r\n`)
    expect(redact({ sdp: secretSdp(3) }).sdp).toBe(sdp)
    expect(redact({ ufrag: secretsOf(3).ufrag }).ufrag).toBe("ufrag1")
  })
  it("and another secret another one", () => {
    const redact = makeRedactor()
    expect(redact({ sdp: secretSdp(3) }).sdp).not.toBe(redact({ sdp: secretSdp(6) }).sdp)
    const of = (n: number) => redact({ candidate: `candidate:1 1 udp 1 10.0.${n >> 8}.${n & 255} 9 typ host` }).candidate
    expect(new Set(Array.from({ length: 1_000 }, (_, n) => of(n))).size).toBe(1_000)
  })
  it("texts are remembered as long as they are among the last 1,024 of their kind, so that no peer fills the memory", () => {
    const redact = makeRedactor()
    const of = (n: number) => redact({ ufrag: `secret${n}` }).ufrag
    expect(of(0)).toBe("ufrag1")
    for (let n = 1; n < 1_024; n++) of(n)
    expect(of(0)).toBe("ufrag1")
    for (let n = 0; n < 2_000; n++) redact({ callId: `@${n}`, pwd: `${n}` })
    expect(of(0)).toBe("ufrag1")
    for (let n = 5_000; n < 5_000 + 1_024; n++) of(n)
    expect(of(0)).toBe("ufrag2049")
  })
  it("ids stay, so that they compare as before, unless one looks like an address", () => {
    const redact = makeRedactor()
    const ids = { callId: "0k3jz.x", from: "phone.00ab", sdpMid: "audio" }
    expect(redact(ids)).toEqual(ids)
    expect(redact({ callId: "call-203.0.113.1", sdpMid: "fd12::1", from: "ann@example.org" })).toEqual({
      callId: "id1", sdpMid: "id2", from: "id3"
    })
    expect(redact({ callId: "call-203.0.113.1" })).toEqual({ callId: "id1" })
  })
  it("nothing stays nothing: no credentials, no line, the end of the candidates", () => {
    const none = { ufrag: "", own: "", candidate: "", callId: "", sdp: "" }
    expect(makeRedactor()(none)).toEqual(none)
  })
  it("our own mark stays, by which two ends know each other", () => {
    expect(redactSdp("v=0\r\na=x-enigma-rtc:1\r\na=x-other:1\r\n")).toBe("v=0\r\na=x-enigma-rtc:1\r\na=x-other:text1\r\n")
  })
  // `redactSdp` does not keep `x-enigma-lacks`, by which the machine decides: such a trace would replay otherwise.
  it.each(["rounds", "restart"])("what an engine lacks stays, for the machine decides by it: %s", (lacks) => {
    expect(redactSdp(`v=0\r\na=x-enigma-lacks:${lacks}\r\n`)).toBe(`v=0\r\na=x-enigma-lacks:${lacks}\r\n`)
  })
  it("reasons that anybody may give stay, and others do not", () => {
    const redact = makeRedactor()
    for (const reason of endReasons) expect(redact({ reason })).toEqual({ reason })
    expect(redact({ reason: "ann called from 203.0.113.1" })).toEqual({ reason: "other" })
  })
  it("a failure keeps what it is, and loses its words", () => {
    const failure = { engine: "werift", operation: "createOffer", reason: "IceFailed", message: "no route to 203.0.113.1" }
    expect(makeRedactor()({ failure })).toEqual({ failure: { ...failure, message: "" } })
  })
  it("a text in a field that nobody has thought about is replaced", () => {
    expect(makeRedactor()({ newField: "hidden", nested: { other: ["hidden"], ["a b"]: "hidden" } })).toEqual({
      newField: "text1",
      nested: { other: ["text1"] }
    })
  })
})
