/** Sets up a simulated world: link, network, ends, and users who act. For `simulate`. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { type Decisions, makeDecisions } from "./Decisions.ts"
import { faultyLink } from "../link/FaultyLink.ts"
import { makeUsers } from "./makeUsers.ts"
import { makeWeather } from "./makeWeather.ts"
import { mockNetwork } from "../mock/MockNetwork.ts"
import { openCast } from "./openCast.ts"
import type { Happening, SimulateOptions } from "./Simulated.ts"
import { seededRandom } from "../link/SeededRandom.ts"
import type { Stage } from "./Stage.ts"
import { type VirtualTime, virtualTime } from "./VirtualTime.ts"
import type { World } from "./World.ts"

/** A world at work. */
export interface RunningWorld {
  readonly world: World
  readonly time: VirtualTime
  readonly decisions: Decisions
  readonly happenings: Array<Happening>
  /** Have the users done all that they do? */
  readonly hasPlayed: () => boolean
  /** When what is measured began, without the time that users took to decide. */
  readonly measuredFrom: () => number
  readonly healsAtMs: () => number
  /** Looks whether somebody waits for what is now. */
  readonly wakeWatchers: () => void
  /** One end, as chance has it, hangs up every call. */
  readonly hangUpAll: () => void
  /** Closes all lines; the returned function tells whether that is done. */
  readonly close: () => () => boolean
  /** Nothing of it is needed any more. */
  readonly abandon: () => void
}

/** How long ICE and DTLS take at most. */
const slowestHandshakeMs = 60

export const openWorld = async (options: SimulateOptions): Promise<RunningWorld> => {
  const { channel, only, scenario, seed: given, watchRejections } = options
  // Each cell has chances of its own: a seed that finds nothing in one may do so in another.
  const seed = seededRandom(given).of(`${channel.name}, ${scenario.name}`).int(0, 2 ** 32 - 1)
  const time = virtualTime(seed)
  const decisions = makeDecisions(seed, only)
  const { chancesOf, happens } = decisions
  const handshakes = chancesOf("handshakes")
  const slow = happens({ id: "handshakes take time", atMs: 0, who: "network", what: `ICE and DTLS take up to ${slowestHandshakeMs} ms` })
  const network = mockNetwork({ connectsInMs: () => (slow ? handshakes.int(0, slowestHandshakeMs) : 0) })
  const link = faultyLink({
    seed,
    // A partition or a crash was decided as a whole.
    happens: (fault) => fault.kind === "partition" || fault.kind === "crash" || happens(fault)
  })
  const rejections: Array<unknown> = []
  const stopWatching = watchRejections?.((reason) => rejections.push(reason))
  const fork = Effect.runForkWith(time.context)
  const users = makeUsers(decisions, time.now, fork)
  const { act, answer, note, pause, until } = users
  const scope = Scope.makeUnsafe()
  const opened = openCast({
    link,
    network,
    decisions,
    scenario,
    nowMs: time.now,
    onRinging: (end, call) => answer(end, call, scenario)
  })
  const cast = await Effect.runPromiseWith(time.context)(Effect.orDie(Scope.provide(opened, scope)))
  const { ann, bob, ends } = cast
  const weather = makeWeather(options, decisions, link, time.now, fork, () => {
    note("link", "heals; networks and engines, too")
    network.mend()
    for (const end of ends) end.mendEngine()
  })

  let played = false
  let measuredFrom = 0
  let { expects } = scenario
  const stage: Stage = {
    ann,
    bob,
    devices: ends.filter(({ user }) => user === bob.user),
    decisions,
    network,
    act,
    note,
    pause,
    until,
    crash: ({ user }, forMs) => {
      const now = time.now()
      const crashes = [...link.conditions.crashes ?? [], { of: user, fromMs: now, toMs: now + forMs }]
      link.conditions = { ...link.conditions, crashes }
    },
    kill: ({ name }) => {
      note(name, "its app is killed")
      fork(cast.kill(name))
    },
    startAnew: Effect.tap(cast.startAnew, ({ name }) => Effect.sync(() => note(name, "its app starts"))),
    expect: (what) => {
      expects = what
    },
    beginMeasure: () => {
      measuredFrom = time.now()
      users.forgetThought()
      weather.worsen()
    }
  }
  let overMs: number | undefined
  const isOver = () => ends.every(({ calls }) => calls.every(({ state }) => state._tag === "Ended"))
  const world: World = {
    get nowMs() {
      return time.now()
    },
    ends,
    texts: link.log,
    operations: users.operations,
    rejections,
    get expects() {
      return expects
    },
    get overMs() {
      return overMs
    },
    get sleeping() {
      return time.sleeping()
    }
  }

  weather.worsen()
  const play = Effect.andThen(
    scenario.play(stage),
    Effect.sync(() => {
      played = true
      weather.calmDown()
    })
  )
  fork(play).addObserver((exit) => {
    if (Exit.isFailure(exit)) rejections.push(Cause.squash(exit.cause))
  })

  return {
    world,
    time,
    decisions,
    happenings: users.happenings,
    hasPlayed: () => played,
    measuredFrom: () => measuredFrom + users.thoughtMs(),
    healsAtMs: weather.healsAtMs,
    wakeWatchers: () => {
      users.wakeWatchers()
      if (!isOver()) overMs = undefined
      else overMs ??= time.now()
    },
    hangUpAll: () => {
      // On the rows that the crate is in nothing is lost: a hangup comes to it as the channel is.
      if (scenario.bob !== "the crate") weather.heal()
      const connected = ends.filter((end) => end.hangUps().length > 0)
      if (connected.length === 0) return
      const end = chancesOf("who hangs up").pick(connected)
      for (const hangUp of end.hangUps()) act(end, "hangs up", hangUp, false)
    },
    close: () => {
      const closing = fork(Scope.close(scope, Exit.void))
      return () => closing.pollUnsafe() !== undefined
    },
    abandon: () => {
      stopWatching?.()
      if (scope.state._tag !== "Closed") fork(Scope.close(scope, Exit.void))
    }
  }
}
