/** `@enigma-rtc/engine-werift/promise`: what this engine adds to core, for apps without Effect. */
import type { RemoteTrack } from "@enigma-rtc/core"
import * as Stream from "effect/Stream"
import { type ReceivedPacket, receivedRtp as packetsOf } from "./receivedRtp.ts"

export type { ReceivedPacket }

/**
 * The packets of a remote track, for each loop from its own beginning on, in the order of arrival; the loop ends when
 * the track or its call ends. A track of another engine has none.
 */
export const receivedRtp = (track: RemoteTrack): AsyncIterable<ReceivedPacket> => Stream.toAsyncIterable(packetsOf(track))
