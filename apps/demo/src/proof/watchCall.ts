/** Watches one end of a call: its states, what is received, and every moment worth a line of the transcript. */
import type { DataChannel, LineCall, RtcEvent, Slot, StateTag } from "@enigma-rtc/core"
import { receivedRtp } from "@enigma-rtc/engine-werift"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Moment } from "./CallProof.ts"

export type Note = (who: string, what: Moment["what"], text: string) => void

export interface Watched {
  readonly name: string
  readonly call: LineCall
  readonly states: ReadonlyArray<StateTag>
  /** How many RTP packets have reached the app in a slot. */
  readonly heard: (slot: Slot) => number
  readonly channelsOpened: () => number
}

export const watchCall = (name: string, call: LineCall, note: Note): Effect.Effect<Watched, never, Scope.Scope> =>
  Effect.gen(function*() {
    const states: Array<StateTag> = ["Idle"]
    const heard = new Map<Slot, number>()
    let channels = 0

    const count = (slot: Slot) =>
      Effect.sync(() => {
        heard.set(slot, (heard.get(slot) ?? 0) + 1)
      })
    const answer = (channel: DataChannel) => (data: string | Uint8Array) =>
      Effect.suspend(() => {
        note(name, "data", `received “${String(data)}” on the data channel “${channel.label}”`)
        return Effect.ignore(channel.send(`${String(data)}, you are heard`))
      })
    const onEvent = (event: RtcEvent): Effect.Effect<void, never, Scope.Scope> => {
      switch (event._tag) {
        case "StateChanged":
          states.push(event.state._tag)
          note(name, "state", event.state._tag)
          return Effect.void
        case "RemoteTrack":
          return Effect.asVoid(
            Effect.forkScoped(Stream.runForEach(receivedRtp(event.track), () => count(event.track.slot)))
          )
        case "DataChannelOpened":
          channels++
          return Effect.asVoid(
            Effect.forkScoped(Effect.ignore(Stream.runForEach(event.channel.messages, answer(event.channel))))
          )
        case "ConnectionEstablished":
          note(name, "event", "media is up: ICE and DTLS are connected")
          return Effect.void
        case "ConnectionClosed":
          note(name, "event", `the call is over, ended by the ${event.by} side: ${event.reason}`)
          return Effect.void
        case "MessageRefused":
        case "SendFailed":
          note(name, "event", event.error.message)
          return Effect.void
        case "NegotiationFailed":
          note(name, "event", `a new offer could not be made: ${event.failure.message}`)
          return Effect.void
        case "LocalSourceEnded":
          note(name, "event", `the ${event.slot} ended: ${event.reason}`)
          return Effect.void
        case "EngineSwitched":
          note(name, "event", `the call goes on over ${event.engine}`)
          return Effect.void
        case "ConnectionInterrupted":
        case "ConnectionRestored":
        case "LocalIceCandidate":
        case "RemoteTrackEnded":
          return Effect.void
      }
    }
    yield* Effect.forkScoped(Stream.runForEach(call.events, onEvent))
    return { name, call, states, heard: (slot) => heard.get(slot) ?? 0, channelsOpened: () => channels }
  })
