/** A WebRTC stack, as both contestants use it: the connection that a script gets, and our engine over the same. */
import type { RtcEngine, WebRtcError } from "@enigma-rtc/core"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface Stack {
  /** Its connections, whoever makes them. */
  readonly Connection: typeof RTCPeerConnection
  /** A connection for a script. */
  readonly connect: () => RTCPeerConnection
  /** A track to send. It is the same each time: a source is opened once. */
  readonly track: (kind: "audio" | "video") => MediaStreamTrack
  /** ICE and DTLS are connected. */
  readonly isUp: (connection: RTCPeerConnection) => boolean
  /** Our engine over this stack, with the same tracks. */
  readonly engine: Effect.Effect<RtcEngine["Service"], WebRtcError, Scope.Scope>
}
