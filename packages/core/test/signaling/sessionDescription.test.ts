import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { checkSdp, SignalingLimits } from "../../src/signaling/index.ts"
import { chromiumOffer } from "./chromiumOffer.ts"
import { firefoxOffer } from "./firefoxOffer.ts"
import { smallSdp } from "./smallSdp.ts"
import { weriftOffer } from "./weriftOffer.ts"

const accepts = (sdp: string) => expect(checkSdp(sdp)).toEqual(Result.succeed(sdp))
/** Where, and what was expected; an accepted text has neither. */
const refusal = (sdp: string) => {
  const checked = checkSdp(sdp)
  return Result.isFailure(checked) ? { at: checked.failure.at, expected: checked.failure.expected } : "accepted"
}
const lines = smallSdp.trim().split("\r\n")
const without = (begins: string) => lines.filter((line) => !line.startsWith(begins)).join("\r\n")
const replace = (begins: string, by: string) => lines.map((line) => (line.startsWith(begins) ? by : line)).join("\r\n")
/** One that is rejected, and so needs nothing more. */
const section = "m=video 0 UDP/TLS/RTP/SAVPF 0\r\n"
const lineOf = (begins: string) => `line ${lines.findIndex((line) => line.startsWith(begins)) + 1}`

describe.each([["Chromium", chromiumOffer], ["Firefox", firefoxOffer], ["werift", weriftOffer]])("an offer of %s", (_, offer) => {
  it("is accepted as it is", () => accepts(offer))
  it("is accepted with bare line feeds", () => accepts(offer.replaceAll("\r\n", "\n")))
  it("is accepted without its last line ending", () => accepts(offer.trimEnd()))
  it("is accepted with empty lines at its end", () => accepts(`${offer}\r\n\r\n`))
  it("is accepted with attributes that nobody knows", () => accepts(offer.replace("a=setup", "a=x-tomorrow:yes\r\na=setup")))
  it("is accepted with a section that is rejected, and says nothing more", () => accepts(`${offer}m=video 0 UDP/TLS/RTP/SAVPF 0\r\n`))
  it.each(["v=", "o=", "s=", "t=", "m="])("is refused without its %s lines", (begins) => {
    const rest = offer.split("\r\n").filter((line) => !line.startsWith(begins)).join("\r\n")
    expect(refusal(rest)).not.toBe("accepted")
  })
  it("is refused when it is cut off before its first section is whole", () => {
    const cut = offer.slice(0, offer.indexOf("m=") + 40)
    expect(refusal(cut)).not.toBe("accepted")
  })
})

describe("a description is refused, and told where and why,", () => {
  it.each([
    ["an empty text", "", "the whole text", "a session description"],
    ["one that is too long", `${smallSdp}a=${"x".repeat(SignalingLimits.sdp)}`, "the whole text", "at most 131072 characters"],
    ["one with a NUL", `${smallSdp}a=\0\r\n`, `line ${lines.length + 1}`, "no control character"],
    ["words", "not sdp at all", "line 1", "v=0"],
    ["HTML", "<!doctype html>\n<p>502", "line 1", "v=0"],
    ["another version", replace("v=", "v=1"), "line 1", "v=0"],
    ["no origin", without("o="), "line 2", "o=<username>"],
    ["a short origin", replace("o=", "o=- 1 IN IP4 127.0.0.1"), "line 2", "o=<username>"],
    ["no session name", without("s="), "line 3", "s=<session name>"],
    ["no timing", without("t="), "the session", "a t= line"],
    ["a timing in words", replace("t=", "t=now later"), lineOf("t="), "t=<start> <stop>"],
    ["no media section", lines.slice(0, lines.findIndex((line) => line.startsWith("m="))).join("\r\n"), "the session", "media section"],
    ["a section without formats", replace("m=", "m=audio 9 UDP/TLS/RTP/SAVPF"), lineOf("m="), "m=<media>"],
    ["a section without a port", replace("m=", "m=audio UDP/TLS/RTP/SAVPF 111"), lineOf("m="), "m=<media>"],
    ["a port that is none", replace("m=", "m=audio 65536 UDP/TLS/RTP/SAVPF 111"), lineOf("m="), "a port up to 65535"],
    ["no ICE user name", without("a=ice-ufrag"), "the media section of line 5", "a=ice-ufrag"],
    ["no ICE password", without("a=ice-pwd"), "the media section of line 5", "a=ice-pwd"],
    ["no fingerprint", without("a=fingerprint"), "the media section of line 5", "a=fingerprint"],
    ["a short ICE user name", replace("a=ice-ufrag", "a=ice-ufrag:abc"), lineOf("a=ice-ufrag"), "4 to 256 ice-chars"],
    ["a short ICE password", replace("a=ice-pwd", "a=ice-pwd:abcdefghijklmnopqrstu"), lineOf("a=ice-pwd"), "22 to 256 ice-chars"],
    ["an ICE user name with a space", replace("a=ice-ufrag", "a=ice-ufrag:ab cdef"), lineOf("a=ice-ufrag"), "4 to 256 ice-chars"],
    ["an ICE user name with a space and a colon", replace("a=ice-ufrag", "a=ice-ufrag:x y:abcdef"), lineOf("a=ice-ufrag"), "4 to 256 ice-chars"],
    ["an ICE password with a colon", replace("a=ice-pwd", `a=ice-pwd: :${"p".repeat(22)}`), lineOf("a=ice-pwd"), "22 to 256 ice-chars"],
    ["a fingerprint that is cut short", replace("a=fingerprint", "a=fingerprint:sha-256 AB:CD:EF"), lineOf("a=fingerprint"), "a=fingerprint:<hash>"],
    ["a fingerprint that is not hex", replace("a=fingerprint", `a=fingerprint:sha-1 ${"GG:".repeat(19)}GG`), lineOf("a=fingerprint"), "a=fingerprint:<hash>"],
    ["a candidate that is none", `${smallSdp}a=candidate:hello\r\n`, `line ${lines.length + 1}`, "a candidate"],
    ["a line without a type", `${smallSdp}hello\r\n`, `line ${lines.length + 1}`, "<letter>=<value>"],
    ["an empty line in the middle", lines.join("\r\n").replace("\r\nm=", "\r\n\r\nm="), "line 5", "<letter>=<value>"],
    ["a line with a lone carriage return", `${smallSdp}a=x\rm=video 9 UDP/TLS/RTP/SAVPF 96\r\n`, `line ${lines.length + 1}`, "no control character"],
    ["a line with an escape", `${smallSdp}a=x\x1b[2J\r\n`, `line ${lines.length + 1}`, "no control character"],
    ["a line with a delete", `${smallSdp}a=x\x7f\r\n`, `line ${lines.length + 1}`, "no control character"],
    ["65 media sections", smallSdp + section.repeat(64), `line ${lines.length + 64}`, "at most 64 media sections"],
    ["9 BUNDLE groups", [...lines.slice(0, 4), ...Array(9).fill("a=group:BUNDLE 0"), ...lines.slice(4)].join("\r\n"), "line 13", "8 BUNDLE groups"],
    ["a byte-order mark", `\ufeff${smallSdp}`, "line 1", "v=0"]
  ])("%s", (_, sdp, at, expected) => {
    expect(refusal(sdp)).toEqual({ at, expected: expect.stringContaining(expected) })
  })
})

describe("ICE credentials and the fingerprint may stand", () => {
  const own = lines.filter((line) => /^a=(ice-|fingerprint)/.test(line))
  const bare = lines.filter((line) => !own.includes(line))
  const first = bare.findIndex((line) => line.startsWith("m="))
  const second = ["m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:1"]

  it("in the session", () => accepts([...bare.slice(0, first), ...own, ...bare.slice(first)].join("\r\n")))
  it("in the first section of the BUNDLE group, for the others", () => accepts([...lines.slice(0, 4), "a=group:BUNDLE 0 1", ...lines.slice(4), ...second].join("\r\n")))
  it("and not in a section that is outside of the group", () => {
    expect(refusal([...lines.slice(0, 4), "a=group:BUNDLE 0", ...lines.slice(4), ...second].join("\r\n"))).toEqual({
      at: `the media section of line ${lines.length + 2}`,
      expected: "a=ice-ufrag"
    })
  })
  it("nowhere, when no section is in use", () => accepts([...bare.slice(0, first), "m=audio 0 UDP/TLS/RTP/SAVPF 111"].join("\n")))
})

describe("the size of a description", () => {
  it("may be the limit, and no more", () => {
    const pad = (length: number) => smallSdp + `a=${"x".repeat(length - smallSdp.length - 2)}`
    accepts(pad(SignalingLimits.sdp))
    expect(refusal(pad(SignalingLimits.sdp + 1))).toMatchObject({ at: "the whole text" })
  })
  it("may be 64 media sections and 8 BUNDLE groups", () => {
    accepts(smallSdp + section.repeat(63))
    accepts([...lines.slice(0, 4), ...Array(8).fill("a=group:BUNDLE 0"), ...lines.slice(4)].join("\r\n"))
  })
  it.each([
    ["media sections", "m=a 9 b c\n"],
    ["BUNDLE groups", "a=group:BUNDLE zz\n"],
    ["both", "a=group:BUNDLE zz\n".repeat(3_600) + "m=a 9 b c\n".repeat(6_100)],
    ["the mids of a group", "a=group:BUNDLE" + " z".repeat(60_000) + "\n"],
    ["short lines", "a=\n"],
    ["an ICE user name of colons", `a=ice-ufrag:${":".repeat(130_000)}`],
    ["a candidate of blanks", `a=candidate:${": ".repeat(65_000)}`],
    ["a section with an odd end", `m=${"x ".repeat(65_000)}\x01`]
  ])("costs no time worth naming, whatever it is made of: %s", (_, part) => {
    // The session has what sections need, so that every one of them is read to its end.
    const own = lines.filter((line) => /^a=(ice-|fingerprint)/.test(line))
    const head = [...lines.slice(0, 4), ...own, ""].join("\n")
    const room = SignalingLimits.sdp - head.length
    const sdp = head + part.repeat(Math.max(1, Math.floor(room / part.length)))
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      checkSdp(sdp)
      return performance.now() - start
    })
    // When it was quadratic it took 90 ms; the best of five is not a matter of a busy machine.
    expect(Math.min(...times)).toBeLessThan(60)
  })
})
