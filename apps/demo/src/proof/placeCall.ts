/** Places one real call between two Node peers, with nothing but `CallLine` and `CallSession`: tells each moment, and what it all shows. */
import type { CallState, EnigmaRtcError } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CallProof, Claim, Moment } from "./CallProof.ts"
import type { Peers } from "./peers.ts"
import { watchCall, type Watched } from "./watchCall.ts"

/** How long media flows before it is counted. */
const talkMs = 1_200
/** How long a muted microphone is listened to, and then the same again unmuted. */
const listenMs = 400
/** What was on its way when the microphone was muted may still arrive. */
const inFlightMs = 100

const isUp = (state: CallState): boolean => state._tag === "Connected" && state.media._tag === "Up"
const untilUp = ({ call }: Watched) => Stream.runHead(Stream.filter(call.changes, isUp))
const untilOver = ({ call }: Watched) => Stream.runDrain(call.events)
const endedNormally = (state: CallState): boolean => state._tag === "Ended" && state.reason === "normal"

export const placeCall = (
  { alice: aliceLine, bob: bobLine, relay }: Peers,
  onMoment: (moment: Moment) => void
): Effect.Effect<CallProof, EnigmaRtcError | Cause.NoSuchElementError, Scope.Scope> =>
  Effect.gen(function*() {
    const clock = yield* Clock.Clock
    const startMs = clock.currentTimeMillisUnsafe()
    const sinceStart = () => clock.currentTimeMillisUnsafe() - startMs
    const note = (who: string, what: Moment["what"], text: string) => onMoment({ atMs: sinceStart(), who, what, text })

    const alice = yield* watchCall("alice", yield* aliceLine.call("bob"), note)
    const ringing = yield* Effect.fromOption(yield* Stream.runHead(bobLine.incoming))
    const bob = yield* watchCall("bob", ringing, note)
    yield* bob.call.accept()
    yield* Effect.all([untilUp(alice), untilUp(bob)], { concurrency: 2 })
    const connectedAfterMs = sinceStart()

    const channel = yield* alice.call.openDataChannel("chat")
    yield* channel.send("hello, bob")
    const reply = Option.map(yield* Stream.runHead(channel.messages), String)
    note("alice", "data", `received “${Option.getOrElse(reply, () => "")}”`)

    yield* Effect.sleep(talkMs)
    const heard = (end: Watched) => ({ audio: end.heard("microphone"), video: end.heard("camera") })
    const talk = { alice: heard(alice), bob: heard(bob) }

    yield* alice.call.setMicrophoneEnabled(false)
    note("alice", "event", "mutes the microphone")
    yield* Effect.sleep(inFlightMs)
    const before = heard(bob)
    yield* Effect.sleep(listenMs)
    const muted = heard(bob)
    yield* alice.call.setMicrophoneEnabled(true)
    note("alice", "event", "unmutes it")
    yield* Effect.sleep(listenMs)
    const unmuted = heard(bob)

    const stats = { alice: yield* alice.call.stats, bob: yield* bob.call.stats }
    yield* alice.call.hangup()
    yield* Effect.all([untilOver(alice), untilOver(bob)], { concurrency: 2 })
    const ends = [yield* alice.call.state, yield* bob.call.state]

    const claim = (says: string, holds: boolean, seen: string): Claim => ({ says, holds, seen })
    return {
      connectedAfterMs,
      messages: relay.log.length,
      ends: [
        { name: alice.name, states: alice.states, stats: stats.alice },
        { name: bob.name, states: bob.states, stats: stats.bob }
      ],
      claims: [
        claim("alice hears bob", talk.alice.audio > 0, `${talk.alice.audio} audio packets`),
        claim("alice sees bob", talk.alice.video > 0, `${talk.alice.video} video packets`),
        claim("bob hears alice", talk.bob.audio > 0, `${talk.bob.audio} audio packets`),
        claim("bob sees alice", talk.bob.video > 0, `${talk.bob.video} video packets`),
        claim(
          "a message and its reply crossed a data channel",
          bob.channelsOpened() === 1 && Option.contains(reply, "hello, bob, you are heard"),
          Option.getOrElse(reply, () => "no reply")
        ),
        claim(
          "muting stops the audio that is sent, and nothing else",
          muted.audio === before.audio && muted.video > before.video,
          `${muted.audio - before.audio} audio and ${muted.video - before.video} video packets in ${listenMs} ms`
        ),
        claim("unmuting resumes it", unmuted.audio > muted.audio, `${unmuted.audio - muted.audio} audio packets in ${listenMs} ms`),
        claim("alice hung up, and both ends are over", ends.every(endedNormally), ends.map(({ _tag }) => _tag).join(" and "))
      ]
    }
  })
