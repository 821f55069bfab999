import { describe, expect, it } from "vitest"
import { offeredMedia } from "../../src/signaling/index.ts"
import { chromiumOffer } from "./chromiumOffer.ts"
import { firefoxOffer } from "./firefoxOffer.ts"
import { smallSdp } from "./smallSdp.ts"

const session = smallSdp.split("\r\n").slice(0, 4)
describe("the media that a description offers", () => {
  const offered = (...sections: ReadonlyArray<string>) => offeredMedia([...session, ...sections, ""].join("\r\n"))

  it.each([["Chromium", chromiumOffer], ["Firefox", firefoxOffer]])("is what %s put in", (_, offer) => {
    const kinds = new Set(offer.match(/^m=\w+/gm))
    expect(offeredMedia(offer)).toEqual({ audio: kinds.has("m=audio"), video: kinds.has("m=video"), data: kinds.has("m=application") })
  })
  it("is audio alone in an audio call", () => {
    expect(offeredMedia(smallSdp)).toEqual({ audio: true, video: false, data: false })
    expect(offeredMedia(smallSdp.replaceAll("\r\n", "\n"))).toEqual({ audio: true, video: false, data: false })
  })
  it("is not what stands in a rejected section, with port 0", () => {
    expect(offered("m=audio 0 UDP/TLS/RTP/SAVPF 111", "m=video 00 UDP/TLS/RTP/SAVPF 96", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel")).toEqual({
      audio: false,
      video: false,
      data: true
    })
  })
  it("is what any section of its kind offers", () => {
    expect(offered("m=video 0 UDP/TLS/RTP/SAVPF 96", "m=video 9 UDP/TLS/RTP/SAVPF 96")).toMatchObject({ video: true })
  })
  it("is what a bundle-only section offers, though its port is 0 (RFC 9143 section 6)", () => {
    expect(offered("m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=video 0 UDP/TLS/RTP/SAVPF 96", "a=bundle-only")).toEqual({
      audio: true,
      video: true,
      data: false
    })
  })
  it("is no kind that only begins like one, and none that stands within a line", () => {
    expect(offered("m=audiox 9 UDP/TLS/RTP/SAVPF 111", "a=x m=video 9 UDP/TLS/RTP/SAVPF 96", "i=\u2028m=audio 9 RTP/AVP 0")).toEqual({
      audio: false,
      video: false,
      data: false
    })
  })
  it("is none in what is no description", () => {
    expect(offeredMedia("")).toEqual({ audio: false, video: false, data: false })
  })
})
