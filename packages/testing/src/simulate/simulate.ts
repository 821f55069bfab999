/** Plays a scenario between two lines in virtual time, over a bad channel, and looks at every step. For tests and `npm run simulate`. */
import type { CallState } from "@enigma-rtc/core"
import type { Invariant } from "./Invariant.ts"
import { alwaysInvariants, overInvariants, restInvariants } from "./invariants.ts"
import { openWorld, type RunningWorld } from "./openWorld.ts"
import type { Simulated, SimulateOptions, Violation } from "./Simulated.ts"

/** How long the world must be at rest before that counts: longer than the longest pause between two resends. */
const restMs = 6_000
/** How long after the link has healed the world may take to come to rest: all limits of a call, one after the other. */
const limitMs = 180_000
/** How long is looked for what goes on after the last call. */
const afterlifeMs = 600_000

/** A state in a few words, with what it is made of. */
const inWords = (state: CallState): string => {
  const parts = (["phase", "media", "negotiation"] as const).flatMap((field) => {
    const part: unknown = Reflect.get(state, field)
    return typeof part === "object" && part !== null && "_tag" in part ? [String(part._tag)] : []
  })
  const why = "reason" in state ? [`${state.by}: ${state.reason}`] : []
  const all = [...parts, ...why]
  return all.length === 0 ? state._tag : `${state._tag} (${all.join(", ")})`
}

const complaint = (invariants: ReadonlyArray<Invariant>, world: RunningWorld): Violation | undefined => {
  const { time: { now }, world: seen } = world
  for (const { check, name, says } of invariants) {
    const found = check(seen)
    if (found !== undefined) return { invariant: name, says, found, atMs: now() }
  }
  return undefined
}

/** Runs one seed of one cell to its end, or to the first thing that is wrong. */
export const simulate = async (options: SimulateOptions): Promise<Simulated> => {
  const running = await openWorld(options)
  const { happenings, time, world } = running
  const last = new Map<object, string>()
  const lookAtStates = () => {
    for (const { calls, name } of world.ends) {
      for (const [i, call] of calls.entries()) {
        const words = inWords(call.state)
        if (last.get(call) === words) continue
        last.set(call, words)
        happenings.push({ atMs: time.now(), who: name, what: `call ${i + 1} is ${words}` })
      }
    }
  }
  /** Lets everything do what it can do at this moment, and looks at it. */
  const step = async (): Promise<Violation | undefined> => {
    await time.settled()
    lookAtStates()
    running.wakeWatchers()
    return complaint(alwaysInvariants, running)
  }
  /** Goes on from moment to moment until it is over, or something is wrong, or nothing is due before the limit. */
  const goOn = async (isOver: () => boolean, untilMs: () => number): Promise<Violation | undefined> => {
    for (;;) {
      const wrong = await step()
      if (wrong !== undefined || isOver()) return wrong
      const next = time.nextMs() ?? Infinity
      if (next > untilMs()) {
        time.advanceTo(untilMs())
        return undefined
      }
      time.advanceTo(next)
    }
  }

  let restSince: number | undefined
  const isResting = () => {
    if (!running.hasPlayed()) return false
    if (complaint(restInvariants, running) !== undefined) restSince = undefined
    else restSince ??= time.now()
    return restSince !== undefined && time.now() >= restSince + restMs
  }
  const finish = (violation: Violation | undefined): Simulated => {
    const result = {
      seed: options.seed,
      channel: options.channel.name,
      scenario: options.scenario.name,
      ...(violation === undefined ? {} : { violation }),
      ...(restSince === undefined ? {} : { convergedMs: Math.max(0, restSince - running.measuredFrom()) }),
      engineErrors: world.ends.reduce((sum, { mock, namesCalls }) => sum + (namesCalls ? mock.errors.length : 0), 0),
      decisions: running.decisions.taken,
      happenings: [...happenings],
      // A copy: what the lines still say when they are closed is not of the run.
      texts: [...world.texts]
    }
    running.abandon()
    return result
  }

  /** First the users, then their farewell, then the lines: each only when nothing was wrong before. */
  const play = async (): Promise<Violation | undefined> => {
    const wrong = await goOn(isResting, () => (restSince === undefined ? running.healsAtMs() + limitMs : restSince + restMs))
    if (wrong !== undefined) return wrong
    const unrest = complaint(restInvariants, running)
    if (unrest !== undefined) return unrest
    if (!running.hasPlayed()) return { invariant: "the play ends", says: "The users come to do all that they do.", found: "they still wait", atMs: time.now() }

    running.hangUpAll()
    const after = await goOn(() => false, () => (world.overMs ?? time.now()) + afterlifeMs)
    if (after !== undefined) return after
    const isClosed = running.close()
    return await goOn(isClosed, () => time.now() + afterlifeMs) ?? complaint(overInvariants, running)
  }
  return finish(await play())
}
