/** How much of a remote track has arrived: RTP packets, by the receiver whose track it is. */
import type { RemoteTrack } from "@enigma-rtc/core"
import { remoteMediaTrack } from "../src/index.ts"
import * as Effect from "effect/Effect"
import { receivers } from "./openConnections.ts"

/** What was counted on the native track before this remote track began, and the last count. */
const counts = new WeakMap<RemoteTrack, number>()

export const arrived = (track: RemoteTrack): Effect.Effect<number> =>
  Effect.promise(async () => {
    const native = remoteMediaTrack(track)
    const receiver = receivers().find((one) => one.track === native)
    const known = counts.get(track) ?? 0
    if (native === undefined || receiver === undefined) return known
    let packets = 0
    for (const one of (await receiver.getStats()).values()) if (one.type === "inbound-rtp") packets += one.packetsReceived ?? 0
    const now = Math.max(known, packets)
    counts.set(track, now)
    return now
  })
