/** Has each transport of a client found over a path that can be broken. In Node and in pages. */
import type { SfuReply, SfuSignaling } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"

/** Gives what stands for an address and port of this machine on the path. */
export type Carry = (candidate: string) => Effect.Effect<string>

/** Candidates of the server as they would be in a description, and back. */
export const overPath = (signaling: SfuSignaling, carry: Carry): SfuSignaling => ({
  ...signaling,
  request: (method, request) =>
    Effect.flatMap(signaling.request(method, request), (reply) => {
      if (method !== "createTransport") return Effect.succeed(reply)
      // The reply to this method.
      const opened = reply as SfuReply<"createTransport">
      const udp = opened.iceCandidates.filter(({ protocol }) => protocol === "udp")
      const carried = Effect.forEach(udp, (candidate) =>
        Effect.map(carry(`candidate:1 1 udp ${candidate.priority} ${candidate.address} ${candidate.port} typ host`), (line) => {
          const [address = "", port] = line.split(" ").slice(4)
          return { ...candidate, address, ip: address, port: Number(port) }
        }))
      return Effect.map(carried, (iceCandidates) => ({ ...opened, iceCandidates }) as typeof reply)
    })
})
