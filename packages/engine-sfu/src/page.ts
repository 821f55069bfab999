/** Rooms of an SFU in a page. For apps. */
import type { WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { RtpEncodingParameters } from "mediasoup-client/types"
import { browserStack } from "./browserStack.ts"
import { roomMedia, type RoomMedia, type RoomTracks } from "./localMedia.ts"
import { joinRoom, type RoomOptions, type SfuRoom as Room } from "./SfuRoom.ts"

/** What joining a room in a page needs. */
export interface PageRoomOptions extends RoomOptions {
  /**
   * What calls send: local media, which outlives the room, or tracks of the app's. A slot without anything is negotiated, and
   * silent. What is sent is sent once, to the server, whatever the number of calls.
   */
  readonly media?: RoomMedia | RoomTracks
  /** Anything of a connection's configuration, such as TURN servers for the way to the SFU (W3C WebRTC section 4.2.1). */
  readonly connection?: RTCConfiguration
  /**
   * The encodings of the camera, lowest first, for simulcast: the server then forwards to each far end what its way can carry
   * (W3C WebRTC section 5.2.1). One, of the browser's choice, if left out.
   */
  readonly cameraEncodings?: ReadonlyArray<RtpEncodingParameters>
}

/** A room that has been joined. It is left when its scope closes. */
export type SfuRoom = Room

/** A room of an SFU. */
export const SfuRoom = {
  /**
   * Joins a room until the scope closes. A connection to the server that is lost is made again, and the stay goes on. Fails with
   * the reason `Unsupported` where there is no `RTCPeerConnection`, as on a server, and with the reason `Refused`, whose cause is
   * an `SfuRefused` or an `SfuUnreachable`.
   */
  join: (options: PageRoomOptions): Effect.Effect<Room, WebRtcError, Scope.Scope> =>
    Effect.suspend(() => {
      const { cameraEncodings, connection = {}, media } = options
      return joinRoom(options, browserStack({ media: roomMedia(media), connection, cameraEncodings }))
    })
}
