/** What the ends of a call tell each other of their media: once for each change, and anew when it comes up again. */
import type { CallState } from "@enigma-rtc/core"
import { signal } from "@preact/signals"
import { describe, expect, it } from "vitest"
import { makePeerMedia } from "../../src/page/model/peerMedia.ts"
import { stillWords } from "../../src/page/model/words.ts"
import type { Note } from "../../src/relay/notes.ts"

const stateOf = (media: "Connecting" | "Up" | "Interrupted") => ({ _tag: "Connected", media: { _tag: media } }) as CallState
const callWith = (peer: string) => ({ peer, state: signal(stateOf("Connecting")), isOnHold: signal(false) })
type Call = ReturnType<typeof callWith>

const makeWorld = () => {
  const notes: Array<readonly [string, Note]> = []
  const world = { calls: signal<ReadonlyArray<Call>>([]), own: signal({ microphone: true, camera: true }), isRelayThere: true }
  const media = makePeerMedia({
    ...world,
    note: async (note, peer) => {
      notes.push([peer, note])
      return world.isRelayThere
    }
  })
  /** What was said to whom since it was asked the last time. */
  const said = () => notes.splice(0).map(([peer, note]) => note.demo === "media" && `${peer}: ${[note.microphone && "heard", note.camera && "seen", note.hold && "held"].filter(Boolean).join(", ")}`)
  return { ...world, media, said, world }
}

describe("what is told of one's media", () => {
  it("is told to each peer when the call is up, at each change, and anew when it is up again", () => {
    const { calls, own, said } = makeWorld()
    const [bob, carol] = [callWith("Bob"), callWith("Carol")]
    calls.value = [bob, carol]
    expect(said()).toEqual([])
    bob.state.value = stateOf("Up")
    expect(said()).toEqual(["Bob: heard, seen"])
    carol.state.value = stateOf("Up")
    expect(said()).toEqual(["Carol: heard, seen"])
    own.value = { microphone: false, camera: true }
    expect(said()).toEqual(["Bob: seen", "Carol: seen"])
    own.value = { microphone: false, camera: true }
    carol.isOnHold.value = true
    expect(said()).toEqual(["Carol: seen, held"])
    bob.state.value = stateOf("Interrupted")
    bob.state.value = stateOf("Up")
    expect(said()).toEqual(["Bob: seen"])
    calls.value = []
    own.value = { microphone: true, camera: true }
    expect(said()).toEqual([])
  })

  it("is told at the next occasion when the relay was away", async () => {
    const { calls, said, world } = makeWorld()
    const bob = callWith("Bob")
    bob.state.value = stateOf("Up")
    world.isRelayThere = false
    calls.value = [bob]
    await Promise.resolve()
    expect(said()).toEqual(["Bob: heard, seen"])
    world.isRelayThere = true
    calls.value = [bob]
    expect(said()).toEqual(["Bob: heard, seen"])
    await Promise.resolve()
    calls.value = [bob]
    expect(said()).toEqual([])
  })
})

describe("what a peer says of its media", () => {
  const note = { demo: "media", microphone: false, camera: false, hold: true } as const

  it("is known as long as there is a call with them, and nobody else is heard", () => {
    const { calls, media } = makeWorld()
    media.onNote(note, "Bob")
    expect(media.of("Bob")).toBeUndefined()
    calls.value = [callWith("Bob")]
    media.onNote(note, "Bob")
    media.onNote(note, "Mallory")
    expect(media.of("Bob")).toEqual({ microphone: false, camera: false, hold: true })
    expect(media.of("Mallory")).toBeUndefined()
    calls.value = []
    expect(media.of("Bob")).toBeUndefined()
  })

  it("is why nothing comes from them; else the page does not claim to know", () => {
    expect(stillWords("Bob", note).detail).toBe("Bob has put the call on hold")
    expect(stillWords("Bob", { ...note, hold: false }).detail).toBe("Their microphone and camera are off")
    const unknown = { title: "Nothing comes from Bob just now" }
    expect(stillWords("Bob", { microphone: true, camera: true, hold: false })).toEqual(unknown)
    expect(stillWords("Bob", undefined)).toEqual(unknown)
  })
})
