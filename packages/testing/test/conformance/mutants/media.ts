/** Faults with media. */
import type { MediaIntent, Sending, Slot } from "@enigma-rtc/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type Mutant, onEvent, onIntent, onPeer } from "./Mutant.ts"

const sending = (intent: MediaIntent, slot: Slot, from: Sending, to: Sending): MediaIntent => ({
  ...intent,
  send: { ...intent.send, [slot]: intent.send[slot] === from ? to : intent.send[slot] }
})

const withoutPreference = ({ preferCodec: _, ...intent }: MediaIntent): MediaIntent => intent

export const media: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-500",
    fault: "does not send the camera",
    says: /expected the camera to arrive within 5000 ms, found a track of which `arrived` stays at 0/,
    plant: onIntent((intent) => sending(intent, "camera", "on", "muted"))
  },
  {
    clause: "ENG-501",
    fault: "tells of each track twice",
    says: /expected one track of each, found /,
    plant: onEvent((event) => (event._tag === "RemoteTrack" ? [event, event] : [event]))
  },
  {
    clause: "ENG-502",
    fault: "goes on to send a muted microphone",
    says: /expected the microphone that arrives to stop within 5000 ms/,
    plant: onIntent((intent) => sending(intent, "microphone", "muted", "on"), "setMedia")
  },
  {
    clause: "ENG-502",
    fault: "mutes all with the microphone",
    says: /expected the camera to arrive within 5000 ms/,
    plant: onIntent((intent) => (intent.send.microphone === "muted" ? sending(intent, "camera", "on", "muted") : intent), "setMedia")
  },
  {
    clause: "ENG-503",
    fault: "goes on to send a muted camera",
    says: /expected the camera that arrives to stop within 5000 ms/,
    plant: onIntent((intent) => sending(intent, "camera", "muted", "on"), "setMedia")
  },
  {
    clause: "ENG-504",
    fault: "sends what is muted from the start",
    says: /expected the microphone that arrives to stop within 5000 ms/,
    plant: onIntent((intent) => sending(intent, "microphone", "muted", "on"), "open")
  },
  {
    clause: "ENG-505",
    fault: "sends a camera that is off to who would take it",
    says: /expected no track of the camera, found one/,
    // Only where all else is as ever: the descriptions of other wishes are checked before.
    plant: onIntent((intent, side) =>
      side === "left" && intent.receive.camera && intent.receive.microphone ? sending(intent, "camera", "off", "on") : intent, "open")
  },
  {
    clause: "ENG-506",
    fault: "takes a camera that it does not want",
    says: /expected no track of the camera, found one/,
    plant: onIntent((intent, side) =>
      side === "right" && intent.send.camera === "on" ? { ...intent, receive: { ...intent.receive, camera: true } } : intent, "open")
  },
  {
    clause: "ENG-507",
    fault: "takes any video for a camera",
    says: /expected the screen to arrive within 5000 ms, found no track/,
    plant: onPeer((peer) => ({ createAnswer: (sdp) => peer.createAnswer(sdp.replaceAll("a=content:slides\r\n", "")) }))
  },
  {
    clause: "ENG-508",
    fault: "takes one switch at a time, and forgets the others",
    says: /expected the microphone to arrive within 5000 ms/,
    plant: onPeer((peer) => {
      let lastMs = -1
      return {
        setMedia: (intent) =>
          Clock.clockWith((clock) => {
            const ms = clock.currentTimeMillisUnsafe()
            if (ms === lastMs) return Effect.void
            lastMs = ms
            return peer.setMedia(intent)
          })
      }
    })
  },
  {
    clause: "ENG-509",
    fault: "does not tell that a source has ended",
    says: /expected LocalSourceEnded to be told at the left within 8000 ms/,
    plant: onEvent((event) => (event._tag === "LocalSourceEnded" ? [] : [event]))
  },
  {
    clause: "ENG-510",
    fault: "has its own order of codecs",
    says: /expected PCMU first, found OPUS/,
    plant: onIntent(withoutPreference)
  },
  {
    clause: "ENG-511",
    fault: "answers in the order of the offer, whatever it prefers itself",
    says: /expected audio\/PCMU to be sent by the left within 5000 ms, found audio\/opus/,
    plant: onIntent((intent, side) => (side === "right" ? withoutPreference(intent) : intent))
  }
]
