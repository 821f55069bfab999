/** Faults in further rounds, in taking offers back and in ICE restarts. */
import { type DataChannel, type MediaIntent, type RemoteTrack, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Mutant, onEvent, onIntent, onPeer } from "./Mutant.ts"

const wrongState = (operation: string) =>
  new WebRtcError({ engine: "mock", operation, reason: { _tag: "WrongState", state: "broken", expected: "another" } })

const silent = (intent: MediaIntent): MediaIntent => ({ ...intent, send: { microphone: "muted", camera: "muted", screen: "off" } })

const originOf = (sdp: string): string => /^o=.*$/m.exec(sdp)?.[0] ?? ""
const withOrigin = (sdp: string, origin: string): string => sdp.replace(/^o=.*$/m, origin)

export const rounds: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-700",
    fault: "does not switch on what was off at the start",
    says: /expected the camera to arrive within 5000 ms, found no track/,
    plant: onPeer((peer, { intent: first }) => ({
      setMedia: (intent) => peer.setMedia(first.send.camera === "off" ? { ...intent, send: { ...intent.send, camera: "off" } } : intent)
    }))
  },
  {
    clause: "ENG-701",
    fault: "does not offer once it has answered",
    says: /mock createOffer/,
    plant: onPeer((peer) => {
      let answered = false
      return {
        createAnswer: (sdp) => Effect.tap(peer.createAnswer(sdp), () => Effect.sync(() => { answered = true })),
        createOffer: (options) => Effect.suspend(() => (answered ? Effect.fail(wrongState("createOffer")) : peer.createOffer(options)))
      }
    })
  },
  {
    clause: "ENG-701",
    fault: "closes its channels in every round",
    says: /mock send: .*The data channel is closed|expected the channel that was open to carry a message/,
    plant: onPeer((peer) => {
      const open: Array<DataChannel> = []
      const close = Effect.suspend(() => Effect.forEach(open, (channel) => channel.close, { discard: true }))
      return {
        openDataChannel: (label, options) => Effect.tap(peer.openDataChannel(label, options), (channel) => Effect.sync(() => open.push(channel))),
        createAnswer: (sdp) => Effect.tap(peer.createAnswer(sdp), () => close)
      }
    })
  },
  {
    clause: "ENG-702",
    fault: "does not tell that a track has ended",
    says: /expected RemoteTrackEnded to be told at the right within 5000 ms/,
    plant: onEvent((event) => (event._tag === "RemoteTrackEnded" ? [] : [event]))
  },
  {
    clause: "ENG-702",
    fault: "gives a track that comes again its old name",
    says: /expected a track with another id, found the same/,
    plant: onPeer((peer) => {
      const names = new Map<string, string>()
      const named = (track: RemoteTrack): RemoteTrack => {
        const id = names.get(track.slot) ?? track.id
        names.set(track.slot, id)
        return Object.assign(track, { id })
      }
      return {
        events: Stream.map(peer.events, (event) =>
          event._tag === "RemoteTrack" || event._tag === "RemoteTrackEnded" ? { ...event, track: named(event.track) } : event)
      }
    })
  },
  {
    clause: "ENG-703",
    fault: "goes on to take what is not wanted any more",
    says: /expected RemoteTrackEnded to be told at the right within 5000 ms/,
    plant: onIntent((intent) => ({ ...intent, receive: { ...intent.receive, camera: true } }), "setMedia")
  },
  {
    clause: "ENG-704",
    fault: "gives a section another name after some rounds",
    says: /in round 4, found audio 0, video my-1, application 2/,
    plant: onPeer((peer) => {
      let offers = 0
      return {
        createOffer: (options) =>
          Effect.map(peer.createOffer(options), (sdp) =>
            ++offers > 4 ? sdp.replaceAll("a=mid:1", "a=mid:my-1").replace(/^a=group:BUNDLE.*\r\n/m, "") : sdp)
      }
    })
  },
  {
    clause: "ENG-705",
    fault: "does not count its descriptions",
    says: /expected another offer of session \d+ to be above version \d+, found/,
    plant: onPeer((peer) => {
      let origin: string | undefined
      return { createOffer: (options) => Effect.map(peer.createOffer(options), (sdp) => withOrigin(sdp, origin ??= originOf(sdp))) }
    })
  },
  {
    clause: "ENG-706",
    fault: "goes on to send on hold",
    says: /that arrives to stop within 5000 ms/,
    plant: onIntent((intent) => ({ ...intent, hold: false }), "setMedia")
  },
  {
    clause: "ENG-707",
    fault: "tells of its tracks again after each round",
    says: /expected the same two tracks, found 4 told and 0 ended/,
    plant: onPeer((peer, { tell, wasUp }) => {
      const live = new Map<string, RemoteTrack>()
      return {
        events: Stream.tap(peer.events, (event) =>
          Effect.sync(() => {
            if (event._tag === "RemoteTrack") live.set(event.track.id, event.track)
            if (event._tag === "RemoteTrackEnded") live.delete(event.track.id)
          })),
        createAnswer: (sdp) =>
          Effect.tap(peer.createAnswer(sdp), () =>
            Effect.sync(() => { if (wasUp()) live.forEach((track) => tell({ _tag: "RemoteTrack", track })) }))
      }
    })
  },
  {
    clause: "ENG-708",
    fault: "falls silent when it refuses an offer in a call",
    says: /expected the microphone to arrive within 5000 ms/,
    plant: onPeer((peer, { intent, wasUp }) => ({
      createAnswer: (sdp) => Effect.tapError(peer.createAnswer(sdp), () => (wasUp() ? peer.setMedia(silent(intent)) : Effect.void))
    }))
  },
  {
    clause: "ENG-720",
    fault: "does not answer once it has taken an offer back",
    says: /mock createAnswer/,
    plant: onPeer((peer) => {
      let tookBack = false
      return {
        rollback: Effect.tap(peer.rollback, () => Effect.sync(() => { tookBack = true })),
        createAnswer: (sdp) => Effect.suspend(() => (tookBack ? Effect.fail(wrongState("createAnswer")) : peer.createAnswer(sdp)))
      }
    })
  },
  {
    clause: "ENG-721",
    fault: "gives the version of an offer again that it took back",
    says: /expected session \d+ above version \d+, found/,
    plant: onPeer((peer) => {
      let last = ""
      let tookBack = false
      return {
        rollback: Effect.tap(peer.rollback, () => Effect.sync(() => { tookBack = true })),
        createOffer: (options) =>
          Effect.map(peer.createOffer(options), (sdp) => {
            const told = tookBack ? withOrigin(sdp, last) : sdp
            last = originOf(told)
            return told
          })
      }
    })
  },
  {
    clause: "ENG-722",
    fault: "falls silent when it takes an offer back in a call",
    says: /to arrive within 5000 ms/,
    plant: onPeer((peer, { intent, wasUp }) => {
      let isSilent = false
      return {
        rollback: Effect.tap(peer.rollback, () => Effect.suspend(() => {
          isSilent = wasUp()
          return isSilent ? peer.setMedia(silent(intent)) : Effect.void
        })),
        setMedia: (wanted) => Effect.suspend(() => peer.setMedia(isSilent ? silent(wanted) : wanted))
      }
    })
  },
  {
    clause: "ENG-723",
    fault: "forgets what it wanted when it takes its offer back in a call",
    says: /expected the screen to arrive within 5000 ms/,
    plant: onPeer((peer, { intent, wasUp }) => ({
      rollback: Effect.tap(peer.rollback, () => (wasUp() ? peer.setMedia(intent) : Effect.void))
    }))
  },
  {
    clause: "ENG-724",
    fault: "keeps to its first wishes when it takes its first offer back",
    says: /to arrive within 5000 ms/,
    plant: onPeer((peer, { intent, wasUp }) => {
      let isFixed = false
      return {
        rollback: Effect.tap(peer.rollback, () => Effect.sync(() => { isFixed = !wasUp() })),
        setMedia: (wanted) => Effect.suspend(() => peer.setMedia(isFixed ? intent : wanted))
      }
    })
  }
]

export const restarts: ReadonlyArray<Mutant> = [
  {
    clause: "ENG-800",
    fault: "keeps its ICE credentials in a restart",
    says: /expected a new user name fragment and password in the offer, found old ones/,
    plant: onPeer((peer) => ({ createOffer: () => peer.createOffer() }))
  },
  {
    clause: "ENG-801",
    fault: "sends nothing after a restart",
    says: /expected the microphone to arrive within 8000 ms/,
    plant: onPeer((peer, { intent }) => ({
      createOffer: (options) =>
        Effect.tap(peer.createOffer(options), () => (options?.iceRestart === true ? peer.setMedia(silent(intent)) : Effect.void))
    }))
  },
  {
    clause: "ENG-802",
    fault: "tells no candidates of a restart",
    says: /expected a candidate with the fragment \S+ within 5000 ms/,
    plant: () => {
      const first = new Map<string, string>()
      return onEvent((event, { index, side }) => {
        if (event._tag !== "LocalCandidate") return [event]
        const own = first.get(`${side} ${index}`) ?? event.ufrag
        first.set(`${side} ${index}`, own)
        return event.ufrag === own ? [event] : []
      })()
    }
  },
  {
    clause: "ENG-803",
    fault: "stays interrupted after a restart",
    says: /expected the link of the (left|right) to be up within 20000 ms/,
    plant: onPeer((peer) => {
      let interrupted = false
      let dead = false
      return {
        events: Stream.filter(peer.events, (event) => {
          if (event._tag !== "Link") return true
          interrupted ||= event.state === "interrupted"
          return !(dead && event.state === "up")
        }),
        createOffer: (options) =>
          Effect.suspend(() => {
            dead ||= interrupted && options?.iceRestart === true
            return peer.createOffer(options)
          })
      }
    })
  },
  {
    clause: "ENG-804",
    fault: "does not restart once it has taken a restart back",
    says: /mock createOffer/,
    plant: onPeer((peer) => {
      let restarting = false
      let dead = false
      return {
        createOffer: (options) =>
          Effect.suspend(() => {
            restarting = options?.iceRestart === true
            return restarting && dead ? Effect.fail(wrongState("createOffer")) : peer.createOffer(options)
          }),
        rollback: Effect.tap(peer.rollback, () => Effect.sync(() => { dead ||= restarting }))
      }
    })
  },
  {
    clause: "ENG-805",
    fault: "fails at a candidate of before the restart",
    says: /expected the link to stay up, found failed/,
    plant: onPeer((peer, { tell }) => {
      const seen = new Set<string>()
      let last = ""
      const isOld = (candidate: string) => {
        const [, ufrag] = / ufrag (\S+)/.exec(candidate) ?? []
        if (ufrag === undefined || ufrag === "nobodys") return false
        const is = ufrag !== last && seen.has(ufrag)
        if (!is) last = ufrag
        seen.add(ufrag)
        return is
      }
      return {
        addRemoteCandidate: (candidate) =>
          Effect.suspend(() => {
            if (isOld(candidate.candidate)) tell({ _tag: "Link", state: "failed" })
            return peer.addRemoteCandidate(candidate)
          })
      }
    })
  },
  {
    clause: "ENG-806",
    fault: "stays on hold when ICE has restarted meanwhile",
    says: /expected the microphone to arrive within 8000 ms/,
    plant: onPeer((peer) => {
      let held = false
      let stuck = false
      return {
        setMedia: (intent) =>
          Effect.suspend(() => {
            held = intent.hold
            return peer.setMedia(stuck ? { ...intent, hold: true } : intent)
          }),
        createOffer: (options) =>
          Effect.suspend(() => {
            stuck ||= held && options?.iceRestart === true
            return peer.createOffer(options)
          })
      }
    })
  },
  {
    clause: "ENG-807",
    fault: "fails a while after a restart, when the consent of before has run out",
    says: /expected the link to stay up over the other path, found failed/,
    plant: onPeer((peer, { tell }) => ({
      createOffer: (options) =>
        Effect.tap(peer.createOffer(options), () =>
          options?.iceRestart === true ? Effect.forkDetach(Effect.delay(Effect.sync(() => tell({ _tag: "Link", state: "failed" })), 900)) : Effect.void)
    }))
  }
]
