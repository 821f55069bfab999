/** Faults with data channels. */
import { type DataChannel, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Mutant, onChannel, onMessages, onPeer } from "./Mutant.ts"

export const data: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-600",
    fault: "does not tell a channel's label",
    says: /expected the label chat and the protocol test, found "" and "test"/,
    plant: onChannel("far", (channel) => ({ ...channel, label: "" }))
  },
  {
    clause: "ENG-601",
    fault: "gives text as bytes",
    says: /expected "grüß dich/,
    plant: onMessages("far", Stream.map((message) => (typeof message === "string" ? new TextEncoder().encode(message) : message)))
  },
  {
    clause: "ENG-602",
    fault: "drops empty messages",
    says: /expected 3 messages within 5000 ms, found /,
    plant: onMessages("both", Stream.filter((message) => message.length > 0))
  },
  {
    clause: "ENG-603",
    fault: "cuts messages at 16 KiB",
    says: /expected the same 60,000 bytes, found 16384, or others/,
    plant: onMessages("far", Stream.map((message) => message.slice(0, 16_384)))
  },
  {
    clause: "ENG-604",
    fault: "stalls after 255 messages",
    says: /expected 1000 messages within 10000 ms, found 255/,
    plant: onMessages("far", (messages) => Stream.concat(Stream.take(messages, 255), Stream.never))
  },
  {
    clause: "ENG-605",
    fault: "does not tell that the far end has closed a channel",
    says: /expected the messages to end at the near end, found they go on/,
    plant: onMessages("near", (messages) => Stream.concat(messages, Stream.never))
  },
  {
    clause: "ENG-606",
    fault: "leaves a channel open when its scope closes",
    says: /expected the messages to end at the far end, found they go on/,
    plant: onPeer((peer) => ({
      openDataChannel: (label, options) => Effect.flatMap(Scope.make(), (scope) => Scope.provide(peer.openDataChannel(label, options), scope))
    }))
  },
  {
    clause: "ENG-607",
    fault: "never opens a channel that was asked for too early",
    says: /expected all of it within 40000 ms, found it still runs/,
    plant: onPeer((peer, { wasUp }) => ({
      openDataChannel: (label, options) =>
        Effect.suspend(() => {
          const early = !wasUp()
          return Effect.flatMap(peer.openDataChannel(label, options), (channel) => (early ? Effect.never : Effect.succeed(channel)))
        })
    }))
  },
  {
    clause: "ENG-608",
    fault: "waits for a section for data that nobody has asked for",
    says: /expected an error that names openDataChannel, found nothing within 7 s/,
    plant: onPeer((peer, { intent }) => ({
      openDataChannel: (label, options) => (intent.data ? peer.openDataChannel(label, options) : Effect.never)
    }))
  },
  {
    clause: "ENG-609",
    fault: "takes channels of one label for one channel",
    says: /expected 1 \+ 1 of DataChannelOpened to be told at the right/,
    plant: onPeer((peer) => {
      const known = new Map<string, DataChannel>()
      return {
        openDataChannel: (label, options) =>
          Effect.suspend(() => {
            const channel = known.get(label)
            if (channel !== undefined) return Effect.succeed(channel)
            return Effect.tap(peer.openDataChannel(label, options), (opened) => Effect.sync(() => known.set(label, opened)))
          })
      }
    })
  },
  {
    clause: "ENG-610",
    fault: "has ordered channels only",
    says: /mock openDataChannel: the WebRTC stack refused/,
    plant: onPeer((peer) => ({
      openDataChannel: (label, options) =>
        options?.ordered === false
          ? Effect.fail(new WebRtcError({ engine: "mock", operation: "openDataChannel", reason: { _tag: "Refused" } }))
          : peer.openDataChannel(label, options)
    }))
  },
  {
    clause: "ENG-611",
    fault: "does not end its channels when the far end has closed the connection",
    says: /expected the messages to end at the far end within 12 s, found they go on/,
    plant: () => {
      let leftIsClosed = false
      return (engine, side) => {
        if (side === "right") {
          return onMessages("far", (messages) => Stream.concat(messages, Stream.suspend(() => (leftIsClosed ? Stream.never : Stream.empty))))()(engine, side)
        }
        return {
          ...engine,
          open: (config, intent) =>
            Effect.andThen(engine.open(config, intent), (peer) => Effect.as(Effect.addFinalizer(() => Effect.sync(() => { leftIsClosed = true })), peer))
        }
      }
    }
  },
  {
    clause: "ENG-612",
    fault: "offers no data that was not there from the start",
    says: /mock openDataChannel/,
    plant: onPeer((peer, { intent: { data } }) => ({ setMedia: (intent) => peer.setMedia({ ...intent, data: intent.data && data }) }))
  },
  {
    clause: "ENG-613",
    fault: "makes what it likes of odd options",
    says: /expected InvalidConfig for .*, found a channel/,
    plant: onPeer((peer) => ({
      openDataChannel: (label, { maxPacketLifeTimeMs: _, maxRetransmits: __, ...options } = {}) => peer.openDataChannel(label, options)
    }))
  }
]
