/** `@enigma-rtc/engine-sfu/node`: calls through an SFU in plain Node, over werift. */
import type { Slot, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { RtpSource } from "./RtpSource.ts"
import { sfuError } from "./sfuError.ts"
import { joinRoom, type RoomOptions, type SfuRoom as Room } from "./SfuRoom.ts"
import type { NetworkOptions } from "./weriftHandler.ts"
import { weriftStack } from "./weriftStack.ts"

export type { SfuMethod, SfuNotification, SfuRefusal, SfuReply, SfuRequest, SfuRequests, TransportDirection } from "./protocol.ts"
export { type Layers, preferLayers, remoteQuality, type RemoteQuality } from "./quality.ts"
export { receivedMimeType, type ReceivedPacket, receivedRtp } from "./receivedRtp.ts"
export type { RtpFormat, RtpFrame, RtpSource } from "./RtpSource.ts"
export { SfuEngine, type SfuEngineOptions } from "./SfuEngine.ts"
export type { RoomOptions } from "./SfuRoom.ts"
export { SfuRefused, type SfuSignaling, SfuUnreachable } from "./SfuSignaling.ts"
export type { Token } from "./Stay.ts"
export { InvalidTicket } from "./ticket.ts"
export type { NetworkOptions } from "./weriftHandler.ts"

/** What joining a room in Node needs. */
export interface NodeRoomOptions extends RoomOptions, NetworkOptions {
  /**
   * What each slot sends: `tone()`, `picture()`, `oggFile(path)`, `ivfFile(path)` or `rtpStream(…)` of
   * `@enigma-rtc/engine-werift`. A source is opened with the room, sent by all of its calls, and closed with it. A slot without
   * one is negotiated, and silent.
   */
  readonly media?: { readonly [S in Slot]?: Effect.Effect<RtpSource, WebRtcError, Scope.Scope> }
  /** STUN and TURN servers for the way to the SFU; none by default. */
  readonly iceServers?: ReadonlyArray<RTCIceServer>
}

const openSource = (
  slot: Slot,
  source: Effect.Effect<RtpSource, WebRtcError, Scope.Scope> | undefined
): Effect.Effect<{ readonly [S in Slot]?: RtpSource }, WebRtcError, Scope.Scope> => {
  if (source === undefined) return Effect.succeed({})
  const kind = slot === "microphone" ? "audio" : "video"
  return Effect.flatMap(source, (opened) =>
    opened.kind === kind
      ? Effect.succeed({ [slot]: opened })
      : Effect.fail(sfuError("join", { _tag: "InvalidConfig", field: `media.${slot}`, expected: `a source of ${kind}` })))
}

const join = (options: NodeRoomOptions): Effect.Effect<Room, WebRtcError, Scope.Scope> =>
  Effect.gen(function*() {
    const { iceServers = [], media = {}, ...rest } = options
    const sources = {
      ...(yield* openSource("microphone", media.microphone)),
      ...(yield* openSource("camera", media.camera)),
      ...(yield* openSource("screen", media.screen))
    }
    return yield* joinRoom(options, weriftStack(sources, rest, { iceServers: [...iceServers] }))
  })

/** A room that has been joined. It is left when its scope closes. */
export type SfuRoom = Room

/** A room of an SFU. */
export const SfuRoom = {
  /**
   * Joins a room, and its sources with it, until the scope closes. A connection to the server that is lost is made again, and
   * the stay goes on. Fails with the reason `Refused`, whose cause is an `SfuRefused` or an `SfuUnreachable`, or for its sources.
   */
  join
}
