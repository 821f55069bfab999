import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { checkCandidate, checkSdp } from "../../src/signaling/index.ts"
import { smallSdp } from "./smallSdp.ts"

describe("an IPv4 address within an IPv6 address", () => {
  const at = (address: string) => checkCandidate({ candidate: `candidate:1 1 udp 1 ${address} 9 typ host` })
  it("is taken", () => expect(Result.isSuccess(at("::ffff:192.0.2.1"))).toBe(true))
  it.each(["::ffff:x192.0.2.1", "::ffff:192.0.2.1x", "::ffff:192.0.2"])("is refused with anything beside it: %s", (address) =>
    expect(Result.isFailure(at(address))).toBe(true))
})

describe("the credentials of a BUNDLE group", () => {
  const transport = smallSdp.split(/\r?\n/).filter((line) => /^a=(ice-|fingerprint)/.test(line))
  const section = (mid: string, own: ReadonlyArray<string>) => ["m=audio 9 UDP/TLS/RTP/SAVPF 0", `a=mid:${mid}`, ...own]
  const sdp = (group: string) =>
    ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", `a=group:BUNDLE ${group}`, ...section("0", []), ...section("1", transport), ""].join("\r\n")
  it("are those of the section that is named first, wherever it stands", () =>
    expect(Result.isSuccess(checkSdp(sdp("1 0")))).toBe(true))
  it("are not those of a section that is named later", () => expect(Result.isFailure(checkSdp(sdp("0 1")))).toBe(true))
})
