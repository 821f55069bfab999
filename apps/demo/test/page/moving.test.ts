/** What the page says of a move, and to whom it puts it down. */
import { type CallState, type InvalidState, type LineCall, WebRtcError } from "@enigma-rtc/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { announce, announced } from "../../src/page/model/announce.ts"
import { makeMoving } from "../../src/page/model/moving.ts"

/** A call that goes by `engine`, and moves as it is told. */
const callOn = (engine: string, isSfuThere = () => false) => {
  const now = { engine }
  const moves = Deferred.makeUnsafe<void, InvalidState | WebRtcError>()
  const call = {
    peer: "Bob",
    engine: Effect.sync(() => now.engine),
    state: Effect.succeed({ _tag: "Connected" } as CallState),
    switchEngine: () => Deferred.await(moves)
  } as Partial<LineCall> as LineCall
  return { moving: makeMoving(call, isSfuThere), now, fail: (error: InvalidState | WebRtcError) => Deferred.doneUnsafe(moves, Effect.fail(error)) }
}
const timeout = (operation: string, engine: string) =>
  new WebRtcError({ engine, operation, reason: { _tag: "Timeout", limitMs: 30_000 } })

describe("a move that does not come about", () => {
  it("is put down to the SFU only where the call was to go there", async () => {
    for (const [from, to, words] of [
      ["browser", "sfu", "The SFU cannot be reached: media still goes peer to peer."],
      ["sfu", "browser", "No connection came about there: media still goes through the SFU."]
    ] as const) {
      const { fail, moving } = callOn(from)
      const moved = moving.move(to)
      fail(timeout("open", to))
      await moved
      expect(moving.said.value).toBe(words)
    }
  })

  it("because the peer does not answer may come about later, and is then this end's own", async () => {
    const { fail, moving, now } = callOn("browser")
    const moved = moving.move("sfu")
    fail(timeout("switchEngine", "core"))
    await moved
    expect(moving.said.value).toBe("Bob does not answer: media goes peer to peer until then.")
    now.engine = "sfu"
    moving.switched("sfu")
    expect(announced.value.words).toBe("Media goes through the SFU now.")
    expect(moving.said.value).toBeUndefined()
    moving.switched("browser")
    expect(announced.value.words).toBe("Bob has moved the call: media goes peer to peer.")
  })
})

describe("a call through the SFU from which nothing comes", () => {
  const blame = "Nothing comes through the SFU: peer to peer is tried."
  const interruptedCall = (isSfuThere: () => boolean) => {
    vi.useFakeTimers()
    announce("")
    onTestFinished(() => void vi.useRealTimers())
    const { moving } = callOn("sfu", isSfuThere)
    moving.interrupted()
    return moving
  }

  it("goes peer to peer a moment later", () => {
    const moving = interruptedCall(() => false)
    expect(moving.target.value).toBeUndefined()
    vi.advanceTimersByTime(5_000)
    expect([announced.value.words, moving.target.value]).toEqual([blame, "browser"])
  })

  it("stays, and blames nobody, while another call goes through it; and goes once that does not, either", () => {
    let isSfuThere = true
    const moving = interruptedCall(() => isSfuThere)
    vi.advanceTimersByTime(20_000)
    expect([announced.value.words, moving.target.value]).toEqual(["", undefined])
    isSfuThere = false
    vi.advanceTimersByTime(5_000)
    expect([announced.value.words, moving.target.value]).toEqual([blame, "browser"])
  })

  it("stays when it is over, or something comes again", () => {
    let isSfuThere = true
    const moving = interruptedCall(() => isSfuThere)
    vi.advanceTimersByTime(4_000)
    moving.settled()
    isSfuThere = false
    vi.advanceTimersByTime(20_000)
    expect(moving.target.value).toBeUndefined()
  })
})
