/** Faults in descriptions. */
import { WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import { type Mutant, onAnswer, onIntent, onOffer, onOperation, onPeer } from "./Mutant.ts"

export const descriptions: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-200",
    fault: "leaves the camera out",
    says: /expected sections for microphone, camera, application, found microphone sendrecv, application sendrecv/,
    plant: onIntent((intent) => ({ ...intent, send: { ...intent.send, camera: "off" }, receive: { ...intent.receive, camera: false } }), "open")
  },
  {
    clause: "ENG-201",
    fault: "offers to begin DTLS itself",
    says: /expected a=setup:actpass, found active,active,active/,
    plant: onOffer((sdp) => sdp.replaceAll("a=setup:actpass", "a=setup:active"))
  },
  {
    clause: "ENG-202",
    fault: "always offers to take a camera",
    says: /expected one section, for the microphone, found microphone sendrecv, camera recvonly/,
    plant: onIntent((intent) => ({ ...intent, receive: { ...intent.receive, camera: true } }), "open")
  },
  {
    clause: "ENG-203",
    fault: "offers to take whatever it sends",
    says: /expected the offer to say sendonly for the microphone, found sendrecv/,
    plant: onIntent((intent) => ({ ...intent, receive: { ...intent.receive, microphone: true } }), "open")
  },
  {
    clause: "ENG-204",
    fault: "does not offer what is muted",
    says: /expected the offer to say sendrecv for the microphone, found recvonly/,
    plant: onIntent((intent) => ({
      ...intent,
      send: { ...intent.send, microphone: intent.send.microphone === "muted" ? "off" : intent.send.microphone }
    }), "open")
  },
  {
    clause: "ENG-205",
    fault: "offers the screen as any video",
    says: /expected the offer without a camera to say sendonly for the screen, found no section of it: /,
    plant: onOffer((sdp) => sdp.replaceAll("a=content:slides\r\n", ""))
  },
  {
    clause: "ENG-206",
    fault: "gives the sections of its answer names of its own",
    says: /expected audio 0, video 1, application 2, found audio 0, video my-1, application 2/,
    plant: onAnswer((sdp) => sdp.replaceAll("a=mid:1", "a=mid:my-1").replace(/^a=group:BUNDLE.*\r\n/m, ""))
  },
  {
    clause: "ENG-207",
    fault: "does not say in its answer who begins DTLS",
    says: /expected a=setup:active or passive, one for all sections, found none/,
    plant: onAnswer((sdp) => sdp.replaceAll(/^a=setup:.*\r\n/gm, ""))
  },
  {
    clause: "ENG-208",
    fault: "answers that it sends what nobody takes",
    says: /expected the answer to sendonly to say recvonly for the microphone, found sendrecv/,
    plant: onAnswer((sdp) => sdp.replaceAll("a=recvonly", "a=sendrecv"))
  },
  {
    clause: "ENG-209",
    fault: "answers that it takes what it does not want",
    says: /expected the answer to say inactive for the camera, found recvonly/,
    plant: onAnswer((sdp) => sdp.replaceAll("a=inactive", "a=recvonly"))
  },
  {
    clause: "ENG-210",
    fault: "refuses a section for data that it would not offer",
    says: /expected the section for data to be taken, found a refused one/,
    plant: onAnswer((sdp, { intent }) => (intent.data ? sdp : sdp.replace("m=application 9", "m=application 0")))
  },
  {
    clause: "ENG-211",
    fault: "gives all of its connections the same ICE credentials",
    says: /expected two connections to have different user name fragments, found .* twice/,
    plant: () => {
      let first: string | undefined
      // Only a second connection that offers after the first one: others would not connect, which earlier clauses see.
      return onOffer((sdp, { index }) => {
        if (index === 0) first = /a=ice-ufrag:\S+/.exec(sdp)?.[0]
        return index === 1 && first !== undefined ? sdp.replaceAll(/a=ice-ufrag:\S+/g, first) : sdp
      })()
    }
  },
  {
    clause: "ENG-212",
    fault: "waits for its ICE servers before it offers",
    says: /expected the offer within 3 s, found 5000 ms/,
    plant: onOperation("createOffer", (run, { config }) => (config.iceServers.length > 0 ? Effect.delay(run, 5_000) : run))
  },
  {
    clause: "ENG-213",
    fault: "takes no line ending but one",
    says: /mock createAnswer/,
    plant: onPeer((peer) => ({
      createAnswer: (sdp) =>
        sdp.startsWith("v=0\n")
          ? Effect.fail(new WebRtcError({ engine: "mock", operation: "createAnswer", reason: { _tag: "Refused" } }))
          : peer.createAnswer(sdp)
    }))
  },
  {
    clause: "ENG-214",
    fault: "wants to negotiate for every wish, also an old one",
    says: /expected no event, found NegotiationNeeded/,
    plant: onPeer((peer, { tell }) => ({
      setMedia: (intent) => Effect.tap(peer.setMedia(intent), () => Effect.sync(() => tell({ _tag: "NegotiationNeeded" })))
    }))
  }
]
