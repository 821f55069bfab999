/** An engine that tells of every operation that fails. For counting ours. */
import type { RtcEngine, RtcPeer, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"

type Engine = RtcEngine["Service"]

/** What is asked of a connection that is being closed, such as the loser's of a collision, fails by design. */
export const watchEngine = (engine: Engine, onFailed: (error: WebRtcError) => void): Engine => {
  const watch = <A, R>(effect: Effect.Effect<A, WebRtcError, R>) =>
    Effect.tapError(effect, (error) => Effect.sync(() => error.reason._tag === "Closed" || onFailed(error)))
  return {
    ...engine,
    open: (config, intent) =>
      Effect.map(watch(engine.open(config, intent)), (peer): RtcPeer => ({
        setMedia: (wish) => watch(peer.setMedia(wish)),
        createOffer: (options) => watch(peer.createOffer(options)),
        createAnswer: (sdp) => watch(peer.createAnswer(sdp)),
        applyAnswer: (sdp) => watch(peer.applyAnswer(sdp)),
        rollback: watch(peer.rollback),
        addRemoteCandidate: (candidate) => watch(peer.addRemoteCandidate(candidate)),
        openDataChannel: (label, options) => watch(peer.openDataChannel(label, options)),
        stats: watch(peer.stats),
        events: peer.events
      }))
  }
}
