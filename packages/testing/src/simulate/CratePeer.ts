/** An app over the Rust crate enigma-rtc 0.1.0, which has no delivery fields, as an end of a simulated world. For `openCast`. */
import { CallSession, RtcEngine, type RtcEvent } from "@enigma-rtc/core"
import type { CallMessage } from "@enigma-rtc/core/signaling"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Place, Player } from "./Player.ts"
import { unreliableEngine } from "./unreliableEngine.ts"
import type { WorldCall } from "./World.ts"

/** The crate has no limits in time: these are the longest there are. */
const longestMs = 2 ** 31 - 1
const config = {
  enableVideo: false,
  ringTimeoutMs: longestMs,
  connectTimeoutMs: longestMs,
  negotiationTimeoutMs: longestMs,
  reconnectTimeoutMs: longestMs,
  disconnectedGraceMs: longestMs
}

/** The fields that the crate writes; it has no end of candidates, and marks no offers. */
const cutDown = (message: CallMessage): object | undefined => {
  switch (message.type) {
    case "offer":
    case "answer":
      return { type: message.type, sdp: message.sdp.replaceAll(/^a=x-enigma-rtc:.*\r?\n/gm, "") }
    case "ice_candidate": {
      const { candidate, sdp_mid, sdp_mline_index, type } = message
      return candidate === "" ? undefined : { type, candidate, sdp_mid, sdp_mline_index }
    }
    case "hangup":
      return { type: message.type, reason: message.reason }
  }
}

/** The fields that the crate reads. */
interface Heard {
  readonly type?: unknown
  readonly sdp?: string
  readonly candidate?: string
  readonly sdp_mid?: string
  readonly sdp_mline_index?: number
}

/** A session of the crate, which is all that such an app has at a time. */
interface CrateCall extends WorldCall {
  readonly session: CallSession
  readonly hangUp: Effect.Effect<unknown, unknown>
  /** Does its engine have the far end's description? It refuses candidates before. */
  isDescribed: boolean
}

/** Opens such an end, which lives as long as its scope. */
export const openCratePeer = (place: Place): Effect.Effect<Player, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { link, name, onRinging, other, user } = place
    const { breakEngine, mendEngine, mock } = unreliableEngine(place)
    const scope = yield* Effect.scope
    const channel = yield* link.join(user)
    const calls: Array<CrateCall> = []
    const misfits: Array<string> = []
    /** The offer that rings. */
    let ringing: string | undefined

    const open = Effect.gen(function*() {
      const life = yield* Scope.fork(scope)
      const send = (message: CallMessage) => {
        const cut = cutDown(message)
        return cut === undefined ? Effect.void : channel.send(JSON.stringify(cut), other)
      }
      const session = yield* CallSession.make(config, { send }).pipe(
        Effect.provideService(RtcEngine, mock.engine),
        Scope.provide(life),
        Effect.orDie
      )
      const events: Array<RtcEvent> = []
      const call: CrateCall = {
        session,
        events,
        peer: other,
        id: session.id,
        isDescribed: false,
        hangUp: session.hangup(),
        // A session's state is there without waiting.
        get state() {
          return Effect.runSync(session.state)
        }
      }
      calls.push(call)
      const read = Stream.runForEach(session.events, (event) => Effect.sync(() => events.push(event)))
      const over = Effect.andThen(read, Effect.suspend(() => Scope.close(life, Exit.void)))
      yield* Effect.forkIn(over, scope, { startImmediately: true })
      return call
    })
    const current = () => calls.findLast(({ state }) => state._tag !== "Ended")
    const isFree = () => current() === undefined && ringing === undefined
    const accept = Effect.suspend(() => {
      const sdp = ringing
      ringing = undefined
      return sdp === undefined ? Effect.void : Effect.flatMap(open, (call) =>
        Effect.andThen(call.session.acceptOffer(sdp), Effect.sync(() => {
          call.isDescribed = true
        })))
    })

    /** What such an app does with a message; what its session refuses it takes no notice of. */
    const receive = ({ candidate, sdp, sdp_mid, sdp_mline_index, type }: Heard): Effect.Effect<unknown, unknown> => {
      const call = current()
      switch (type) {
        case "offer":
          // It never yields, and has no room for a second call.
          if (isFree() && sdp !== undefined) {
            ringing = sdp
            onRinging(end, { isRinging: () => ringing === sdp, accept, decline: Effect.void })
          }
          return Effect.void
        case "answer":
          return call === undefined || sdp === undefined ? Effect.void : Effect.andThen(call.session.acceptAnswer(sdp), Effect.sync(() => {
            call.isDescribed = true
          }))
        case "ice_candidate":
          if (candidate === "") misfits.push("an empty candidate")
          return call?.isDescribed !== true || candidate === undefined ? Effect.void : call.session.addIceCandidate({
            candidate,
            ...(sdp_mid === undefined ? {} : { sdpMid: sdp_mid }),
            ...(sdp_mline_index === undefined ? {} : { sdpMLineIndex: sdp_mline_index })
          })
        case "hangup":
          ringing = undefined
          return call === undefined ? Effect.void : call.session.receive({ type: "hangup", reason: "normal" })
      }
      misfits.push(`a message of the type ${String(type)}`)
      return Effect.void
    }
    const end: Player = {
      name,
      user,
      other,
      mock,
      calls,
      namesCalls: false,
      misfits,
      isGone: false,
      call: Effect.suspend(() => (isFree() ? Effect.flatMap(open, ({ session }) => session.createOffer()) : Effect.void)),
      live: () => undefined,
      isFree,
      isConnected: () => calls.some(({ state }) => state._tag === "Connected" && state.media._tag === "Up"),
      hangUps: () => calls.flatMap(({ hangUp, state }) => (state._tag === "Connected" ? [hangUp] : [])),
      breakEngine,
      mendEngine
    }
    yield* Effect.forkScoped(
      Stream.runForEach(channel.incoming, ({ text }) =>
        // What our end sends is the JSON of an object; of its fields the crate reads these.
        Effect.ignore(receive(JSON.parse(text) as Heard))),
      { startImmediately: true }
    )
    return end
  })
