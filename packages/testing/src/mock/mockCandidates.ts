/** Where a mock connection is on its network, and the candidates of its own that it finds there. For `makeMockPeer`. */
import type { IceCandidate, PathEnd } from "@enigma-rtc/core"
import { readMockSections, ufragIn } from "./mockSdp.ts"

/** FNV-1a of a host's name: what is made of it is always the same for a host. */
const hashOf = (host: string): number => {
  let hash = 0x81_1c_9d_c5
  for (let i = 0; i < host.length; i++) hash = Math.imul(hash ^ host.charCodeAt(i), 0x01_00_01_93) >>> 0
  return hash
}

/** Where the connection with this number of a host is: the first of its candidates, on RFC 2544's test networks. */
export const placeOf = (host: string, index: number): PathEnd => {
  const hash = hashOf(host)
  return {
    address: `198.18.${(hash >>> 8) & 255}.${hash & 255}`,
    port: 20_000 + (((hash >>> 16) % 3_000) + (index % 1_000)) * 10,
    protocol: "udp",
    type: "host"
  }
}

/** Tells of so many candidates, and of the end of them, once for each ICE generation. */
export const mockCandidates = (count: number, at: PathEnd, tell: (candidate: IceCandidate, ufrag: string) => void) => {
  const gathered = new Set<string>()
  return (local: string): void => {
    const ufrag = ufragIn(local)
    if (count === 0 || gathered.has(ufrag)) return
    gathered.add(ufrag)
    const sdpMid = readMockSections(local)[0]?.mid ?? "0"
    const found = (candidate: string) => tell({ candidate, sdpMid, sdpMLineIndex: 0 }, ufrag)
    for (let i = 0; i < count; i++) {
      found(`candidate:${i + 1} 1 udp ${2_122_260_223 - i} ${at.address} ${at.port + i} typ host ufrag ${ufrag}`)
    }
    found("")
  }
}
