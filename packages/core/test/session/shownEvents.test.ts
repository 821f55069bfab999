/** What an app is told of a call that is on two connections: one stream. */
import { describe, expect, it } from "vitest"
import type { CallState } from "../../src/call/index.ts"
import type { RemoteTrack } from "../../src/engine/EngineEvent.ts"
import { eventHistory } from "../../src/session/EventLog.ts"
import type { RtcEvent } from "../../src/session/RtcEvent.ts"
import { type EventSource, makeShownEvents } from "../../src/session/shownEvents.ts"
import { situations } from "../call/situations.ts"

const source = (name: string, now: CallState = situations.callerStable): EventSource => ({ engine: () => name, now, tracks: new Set(), held: [] })
const micEnds: RtcEvent = { _tag: "LocalSourceEnded", slot: "microphone", reason: "unplugged" }
const play = (track: RemoteTrack): RtcEvent => ({ _tag: "RemoteTrack", track })

const start = () => {
  const told: Array<RtcEvent> = []
  const shown = makeShownEvents<EventSource>({ publish: (event) => told.push(event) })
  const [before, after] = [source("before"), source("after")]
  shown.place(before)
  return { after, before, shown, told }
}

describe("what an app is told of a call that moves", () => {
  it("is bounded, whatever a peer makes happen on a connection that is not shown yet", () => {
    const { after, shown, told } = start()
    for (let one = 0; one < 3 * eventHistory; one++) shown.publish(after, micEnds)
    shown.publish(after, { _tag: "MessageRefused", error: new Error("the last") as never })
    expect(after.held).toHaveLength(eventHistory)
    shown.show(after)
    expect(told).toContainEqual(expect.objectContaining({ _tag: "MessageRefused" }))
  })
  it("ends with ConnectionClosed, though a track of the connection before ends later", () => {
    const { after, before, shown, told } = start()
    shown.publish(before, play({ id: "1", slot: "camera" }))
    shown.show(after)
    shown.publish(after, { _tag: "ConnectionClosed", by: "local", reason: "normal" })
    shown.left(before)
    expect(told.at(-1)).toMatchObject({ _tag: "ConnectionClosed" })
    shown.publish(after, { _tag: "SendFailed" } as RtcEvent)
    expect(told.at(-1)).toEqual({ _tag: "SendFailed" })
  })
  it("has each state once, though the next connection comes to it as the call goes on there", () => {
    const { after, before, shown, told } = start()
    const states = () => told.flatMap((event) => (event._tag === "StateChanged" ? [event.state._tag] : []))
    shown.publish(before, { _tag: "StateChanged", state: situations.callerStable })
    // The first connection is lost, and the next one is answered: its state changes, and then it says so.
    shown.place(undefined)
    shown.show(after)
    shown.publish(after, { _tag: "StateChanged", state: situations.callerStable })
    expect(states()).toEqual(["Connected"])
    shown.publish(after, { _tag: "StateChanged", state: situations.ended })
    expect(states()).toEqual(["Connected", "Ended"])
  })
  it("has another state with the next connection, before the call goes on there", () => {
    const { after, before, shown, told } = start()
    shown.publish(before, { _tag: "StateChanged", state: situations.waiting })
    shown.show(after)
    expect(told.map(({ _tag }) => _tag)).toEqual(["StateChanged", "StateChanged", "EngineSwitched", "ConnectionEstablished"])
  })
  it("has the end of a local source once, which both connections tell", () => {
    const { after, before, shown, told } = start()
    const ends = () => told.filter(({ _tag }) => _tag === "LocalSourceEnded").length
    shown.publish(before, micEnds)
    shown.publish(after, micEnds)
    shown.show(after)
    expect(ends()).toBe(1)
    // A source that has taken its place since.
    shown.publish(after, micEnds)
    expect(ends()).toBe(2)
  })
  it("has the end of a local source that only the next connection tells", () => {
    const { after, shown, told } = start()
    shown.publish(after, micEnds)
    shown.show(after)
    expect(told).toContain(micEnds)
  })
})
