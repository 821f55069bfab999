import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { checkCandidate, type IceCandidate, SignalingLimits } from "../../src/signaling/index.ts"

const refusedAt = (line: string) => {
  const checked = checkCandidate({ candidate: line })
  return Result.isFailure(checked) ? checked.failure.at : "accepted"
}
const host = "candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host"

describe("a candidate as it is found in the wild", () => {
  it.each([
    ["RFC 8839, host", host],
    ["RFC 8839, server reflexive", "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998"],
    ["Chromium, with its extensions", `${host} generation 0 ufrag 9bQj network-id 1 network-cost 10`],
    ["Chromium, mDNS", "candidate:2157334355 1 udp 2122260223 9b36eaac-bb2e-49bb-bb78-21c41c499900.local 56789 typ host generation 0 ufrag EsAw"],
    ["Chromium, reflexive behind mDNS", "candidate:842163049 1 udp 1677729535 198.51.100.7 60000 typ srflx raddr 0.0.0.0 rport 0 generation 0"],
    ["Chromium, relay over TLS", "candidate:33 1 udp 41885695 198.51.100.9 61000 typ relay raddr 198.51.100.7 rport 60000 generation 0"],
    ["Firefox, TCP", "candidate:2 1 TCP 2105524479 192.0.2.10 9 typ host tcptype active"],
    ["passive TCP", "candidate:3 1 tcp 1518280447 192.0.2.10 443 typ host tcptype passive"],
    ["simultaneous-open TCP", "candidate:3 1 tcp 1518280447 192.0.2.10 443 typ prflx tcptype so"],
    ["werift", "candidate:9c29a2bc887618212a1623bfa 1 udp 2116026367 fd00::2 50880 typ host generation 0 ufrag f42a"],
    ["RTCP's component", "candidate:1 2 udp 0 192.0.2.1 54401 typ host"],
    ["the largest numbers", "candidate:abcdefghijklmnopqrstuvwxyz+/0123 256 udp 4294967295 192.0.2.1 65535 typ host"],
    ["an extension that nobody knows", `${host} x-tomorrow !"#$%`]
  ])("%s, is accepted", (_, line) => {
    expect(refusedAt(line)).toBe("accepted")
  })

  it.each(["::", "::1", "2001:db8::1", "2001:DB8:0:0:8:800:200C:417A", "fe80::1:2:3:4", "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:7::"])(
    "may have the IPv6 address %s",
    (address) => {
      expect(refusedAt(`candidate:1 1 udp 1 ${address} 9 typ host`)).toBe("accepted")
    }
  )
})

describe("a malformed candidate is refused at its wrong field", () => {
  const at = (i: number, by: string) => host.split(" ").map((token, j) => (i === j ? by : token)).join(" ")
  it.each([
    ["no prefix", host.slice("candidate:".length), "candidate"],
    ["an attribute line", `a=${host}`, "candidate"],
    ["another prefix", "endidate:1 1 udp 1 192.0.2.1 9 typ host", "candidate"],
    ["a blank", " ", "candidate"],
    ["too long", `${host} x ${"y".repeat(SignalingLimits.candidate)}`, "candidate"],
    ["an empty foundation", at(0, "candidate:"), "foundation"],
    ["a foundation of 33", at(0, `candidate:${"a".repeat(33)}`), "foundation"],
    ["a foundation with a dash", at(0, "candidate:a-b"), "foundation"],
    ["component 0", at(1, "0"), "component-id"],
    ["component 257", at(1, "257"), "component-id"],
    ["component -1", at(1, "-1"), "component-id"],
    ["component in hex", at(1, "0x1"), "component-id"],
    ["SCTP", at(2, "sctp"), "transport"],
    ["a priority of 33 bits", at(3, "4294967296"), "priority"],
    ["a priority of 11 digits", at(3, "00000000001"), "priority"],
    ["a negative priority", at(3, "-5"), "priority"],
    ["a fraction", at(3, "1.5"), "priority"],
    ["three bytes of IPv4", at(4, "192.0.2"), "connection-address"],
    ["five bytes of IPv4", at(4, "192.0.2.1.1"), "connection-address"],
    ["a byte of 256", at(4, "192.0.2.256"), "connection-address"],
    ["a number", at(4, "12345"), "connection-address"],
    ["two gaps in IPv6", at(4, "1::2::3"), "connection-address"],
    ["nine groups", at(4, "1:2:3:4:5:6:7:8:9"), "connection-address"],
    ["seven groups", at(4, "1:2:3:4:5:6:7"), "connection-address"],
    ["a gap of nothing", at(4, "1:2:3:4:5:6:7:8::"), "connection-address"],
    ["IPv4 in the middle", at(4, "::192.0.2.1:5"), "connection-address"],
    ["IPv4 before the gap", at(4, "192.0.2.1::"), "connection-address"],
    ["five hex digits", at(4, "::12345"), "connection-address"],
    ["one colon at the end", at(4, "1:2:3:4:5:6:7:"), "connection-address"],
    ["three colons", at(4, ":::"), "connection-address"],
    ["a scope", at(4, "fe80::1%eth0"), "connection-address"],
    ["a name with an underscore", at(4, "a_b.local"), "connection-address"],
    ["a name that ends in a dash", at(4, "a-.local"), "connection-address"],
    ["an empty label", at(4, "a..local"), "connection-address"],
    ["a label of 64", at(4, `${"a".repeat(64)}.local`), "connection-address"],
    ["a name of 254", at(4, `${"a.".repeat(126)}aa`), "connection-address"],
    ["port 65536", at(5, "65536"), "port"],
    ["a port in words", at(5, "http"), "port"],
    ["no typ", at(6, "type"), "typ"],
    ["an unknown type", at(7, "magic"), "cand-type"],
    ["nothing after typ", host.slice(0, -" host".length), "cand-type"],
    ["nothing after the port", host.slice(0, -" typ host".length), "typ"],
    ["nothing after the prefix", "candidate:", "foundation"],
    ["a wrong raddr", `${host} raddr nowhere! rport 1`, "raddr"],
    ["a wrong rport", `${host} raddr 192.0.2.1 rport 70000`, "rport"],
    ["a wrong tcptype", `${host} tcptype maybe`, "tcptype"],
    ["an extension without a value", `${host} generation`, "extensions"],
    ["two spaces", `${host}  generation 0`, "extensions"],
    ["a space at the end", `${host} `, "extensions"],
    ["a line ending", `${host} generation 0\r\n`, "extensions"],
    ["a second line", `${host}\r\na=ice-ufrag:evil`, "cand-type"]
  ])("%s", (_, line, field) => {
    expect(refusedAt(line)).toBe(field)
  })
})

describe("where a candidate belongs", () => {
  const check = (candidate: IceCandidate) => {
    const checked = checkCandidate(candidate)
    return Result.isFailure(checked) ? checked.failure.at : checked.success
  }
  it.each([{}, { sdpMid: "0" }, { sdpMLineIndex: 0 }, { sdpMid: "audio", sdpMLineIndex: 65_535 }])("may be %o", (place) => {
    expect(check({ candidate: host, ...place })).toEqual({ candidate: host, ...place })
    expect(check({ candidate: "", ...place })).toEqual({ candidate: "", ...place })
  })
  it.each([-1, 65_536, 0.5, Number.NaN, Number.POSITIVE_INFINITY])("is no section %d", (sdpMLineIndex) => {
    expect(check({ candidate: host, sdpMLineIndex })).toBe("sdp_mline_index")
    expect(check({ candidate: "", sdpMLineIndex })).toBe("sdp_mline_index")
  })
  it.each(["", " ", "a b", "é", "a".repeat(65), "a\r\nb"])("is no section called %j", (sdpMid) => {
    expect(check({ candidate: host, sdpMid })).toBe("sdp_mid")
  })
})

it("the size of a candidate may be the limit, and no more", () => {
  const sized = (length: number) => `${host} x ${"y".repeat(length - host.length - 3)}`
  expect(refusedAt(sized(SignalingLimits.candidate))).toBe("accepted")
  expect(refusedAt(sized(SignalingLimits.candidate + 1))).toBe("candidate")
})
