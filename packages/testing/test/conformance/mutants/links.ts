/** Faults of the link. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Mutant, onEvent, onPeer, type Side } from "./Mutant.ts"

export const links: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-400",
    fault: "tells twice that the link is up",
    says: /expected connecting, up at both ends, found connecting, up, up/,
    plant: onEvent((event) => (event._tag === "Link" && event.state === "up" ? [event, event] : [event]))
  },
  {
    clause: "ENG-400",
    fault: "does not tell that it connects",
    says: /expected connecting, up at both ends, found up/,
    plant: onEvent((event) => (event._tag === "Link" && event.state === "connecting" ? [] : [event]))
  },
  {
    clause: "ENG-401",
    fault: "believes to be up when nobody has answered for a while",
    says: /expected the link not to be up without the answer, found up/,
    plant: onPeer((peer, { tell }) => {
      let answered = false
      return {
        createOffer: (options) =>
          Effect.tap(peer.createOffer(options), () =>
            Effect.forkDetach(Effect.delay(Effect.sync(() => { if (!answered) tell({ _tag: "Link", state: "up" }) }), 200))),
        applyAnswer: (sdp) => Effect.tap(peer.applyAnswer(sdp), () => Effect.sync(() => { answered = true }))
      }
    })
  },
  {
    clause: "ENG-402",
    fault: "does not look at the far end's certificate",
    says: /expected the link not to be up, found up/,
    plant: () => {
      let known = ""
      return (engine, side) => onPeer((peer) => ({
        createOffer: (options) =>
          Effect.tap(peer.createOffer(options), (sdp) => Effect.sync(() => { known = /^a=fingerprint:.*$/m.exec(sdp)?.[0] ?? "" })),
        applyAnswer: (sdp) => Effect.suspend(() => peer.applyAnswer(sdp.replaceAll(/^a=fingerprint:.*$/gm, known)))
      }))()(engine, side)
    }
  },
  {
    clause: "ENG-403",
    fault: "never tells that the far end is gone",
    says: /expected interrupted or failed within 35000 ms, found connecting, up/,
    plant: onEvent((event) => (event._tag === "Link" && (event.state === "interrupted" || event.state === "failed") ? [] : [event]))
  },
  {
    clause: "ENG-404",
    fault: "does not look whether anything still comes",
    says: /expected interrupted or failed within 35000 ms, found connecting, up/,
    plant: () => {
      const open = new Set<Side>()
      return (engine, side) =>
        onPeer((peer) => ({
          // A far end that has closed says so itself.
          events: Stream.filter(peer.events, (event) => !(event._tag === "Link" && (event.state === "interrupted" || event.state === "failed") && open.size === 2))
        }))()(
          {
            ...engine,
            open: (config, intent) => {
              open.add(side)
              return Effect.tap(engine.open(config, intent), () => Effect.addFinalizer(() => Effect.sync(() => open.delete(side))))
            }
          },
          side
        )
    }
  },
  {
    clause: "ENG-405",
    fault: "believes to be up soon after it has answered",
    says: /expected the link not to be up, found up/,
    plant: () => {
      let certificate = ""
      const certificateIn = (sdp: string) => /^a=fingerprint:.*$/m.exec(sdp)?.[0] ?? ""
      return (engine, side) =>
        onPeer((peer, { tell, wasUp }) => ({
          createOffer: (options) => Effect.tap(peer.createOffer(options), (sdp) => Effect.sync(() => { certificate = certificateIn(sdp) })),
          createAnswer: (sdp) =>
            Effect.tap(peer.createAnswer(sdp), () =>
              certificateIn(sdp) === certificate && side === "right"
                ? Effect.forkDetach(Effect.delay(Effect.sync(() => { if (!wasUp()) tell({ _tag: "Link", state: "up" }) }), 200))
                : Effect.void)
        }))()(engine, side)
    }
  },
  {
    clause: "ENG-406",
    fault: "does not tell that the path has healed",
    says: /expected the link of the (left|right) to be up within 20000 ms, found .*Link interrupted/,
    plant: onPeer((peer) => {
      let interrupted = false
      return {
        events: Stream.filter(peer.events, (event) => {
          if (event._tag !== "Link") return true
          interrupted ||= event.state === "interrupted"
          return !(interrupted && event.state === "up")
        })
      }
    })
  },
  {
    clause: "ENG-407",
    fault: "never gives a path up",
    says: /expected the link of the left to be failed within 45000 ms, found .*Link interrupted/,
    plant: onEvent((event) => (event._tag === "Link" && event.state === "failed" ? [] : [event]))
  }
]
