/** SIG-23: a connection whose ICE has failed is restarted, or ends its call: by what the state itself waits for, whatever else is silent. */
import { describe, expect, it } from "vitest"
import { type CallInput, type CallState, type Connected, step } from "../../src/call/index.ts"
import { inputs, type Situation, situations, timersOf } from "./situations.ts"

const phases: ReadonlyArray<Connected["media"]> = [
  { _tag: "Up" },
  situations.calleeConnecting.media,
  situations.calleeInterrupted.media,
  situations.calleeGrace.media
]
/** Every round that a call can be in, in every phase of its media. */
const all = (Object.keys(situations) as ReadonlyArray<Situation>).flatMap((name) => {
  const state: CallState = situations[name]
  if (state._tag !== "Connected") return []
  // Only who can restart ICE waits to do so.
  const isGiven = state.call.abilities.restartsIce && state.call.aware
  return phases.flatMap((media) => "grace" in media && !isGiven ? [] : [[`${name}, ${"grace" in media ? "Grace" : media._tag}`, { ...state, media }] as const])
})

const after = (state: CallState, input: CallInput): CallState => {
  const verdict = step(state, input)
  return verdict._tag === "Moved" ? verdict.state : state
}
const restarts = ({ call, negotiation }: Connected) => call.wants.restart || ("brings" in negotiation && negotiation.brings.restart)

describe("a call whose ICE has failed", () => {
  it.each(all)("ends, or has a time limit that ends it: %s", (_, before) => {
    const lost = after(before, inputs.engineLost)
    if (lost._tag === "Ending") return
    expect(lost).toMatchObject({ _tag: "Connected", media: { _tag: before.media._tag === "Connecting" ? "Connecting" : "Interrupted" } })
    const limits = timersOf(lost).filter(([timer]) => timer === "connect" || timer === "reconnect")
    expect(limits).toHaveLength(1)
    for (const [timer, token] of limits) {
      expect(after(lost, { _tag: "TimerFired", timer, token })).toMatchObject({
        _tag: "Ending",
        reason: timer === "connect" ? "connect_timeout" : "ice_failed"
      })
    }
  })
  it.each(all)("is restarted by its caller at once, and by a callee that had media after its grace: %s", (_, before) => {
    const lost = after(before, inputs.engineLost)
    if (lost._tag !== "Connected" || restarts(lost)) return
    expect(lost.call.role).toBe("callee")
    // Before the first media a callee leaves it to the caller, whose own ICE fails as well, and to the connect timer.
    if (lost.media._tag === "Connecting") return
    const grace = timersOf(lost).find(([timer]) => timer === "calleeGrace")
    if (grace === undefined) throw new Error("nothing restarts it")
    expect(restarts(after(lost, { _tag: "TimerFired", timer: grace[0], token: grace[1] }) as Connected)).toBe(true)
  })
})
