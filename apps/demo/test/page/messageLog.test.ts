/** The log of messages: each receipt finds its message, also that of one that was held. */
import type { Receipt } from "@enigma-rtc/core"
import { beforeEach, describe, expect, it } from "vitest"
import { clearMessages, logCame, logReceipt, logSent, messages } from "../../src/page/model/messageLog.ts"

const peer = "Bob"
const came = (seq: number, lateMs: number | null = 0, ack = 0) =>
  logCame({ peer, text: JSON.stringify({ type: "ice_candidate", from: "bob.1", to: "alice.1", seq, ack }) }, lateMs ?? undefined)
const receipt = (told: Receipt) => logReceipt({ peer, receipt: told })
const outcomes = () => messages.value.map(({ direction, outcome, seq }) => `${direction} ${seq} ${outcome.word}`)

describe("the log of messages", () => {
  beforeEach(clearMessages)

  it("tells a message that was held as delivered when the one before it has come", () => {
    came(1)
    receipt({ _tag: "Held", why: "another has to come first" })
    came(2)
    receipt({ _tag: "Held", why: "another has to come first" })
    expect(outcomes()).toEqual(["in 1 held", "in 2 held"])
    came(0)
    for (let i = 0; i < 3; i++) receipt({ _tag: "Delivered" })
    came(1)
    receipt({ _tag: "Repeated" })
    expect(outcomes()).toEqual(["in 1 delivered", "in 2 delivered", "in 0 delivered", "in 1 duplicate"])
  })

  it("tells what was sent as lost, sent again, and arrived once that is acknowledged", () => {
    const sent = (seq: number, fate: ReadonlyArray<number>) => logSent(JSON.stringify({ type: "offer", from: "alice.1", seq }), peer, fate)
    sent(5, [])
    sent(5, [0])
    sent(6, [120, 300])
    expect(outcomes()).toEqual(["out 5 lost", "out 5 resent", "out 6 sent"])
    expect(messages.value.at(-1)?.fate).toBe("twice, 300 ms late")
    came(9, null)
    came(9, 40, 6)
    expect(outcomes().slice(0, 3)).toEqual(["out 5 lost", "out 5 arrived", "out 6 sent"])
    expect(outcomes().slice(3)).toEqual(["in 9 lost", "in 9 came"])
  })
})
