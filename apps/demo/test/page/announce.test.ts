/** What is said aloud is said no longer than it is true. */
import { signal } from "@preact/signals"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { announce, announced, announceWhile } from "../../src/page/model/announce.ts"

const words = () => announced.value.words

describe("an announcement", () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it("is there for some seconds, and takes none away that came after it", () => {
    announce("You hung up")
    vi.advanceTimersByTime(5_000)
    announce("Bob is calling.")
    vi.advanceTimersByTime(5_000)
    expect(words()).toBe("Bob is calling.")
    vi.advanceTimersByTime(5_000)
    expect(words()).toBe("")
  })

  it("of what is true no more is gone at once", () => {
    const rings = signal(true)
    announceWhile("Bob is calling.", () => rings.value)
    expect(words()).toBe("Bob is calling.")
    rings.value = false
    expect(words()).toBe("")
    announce("You hung up")
    rings.value = true
    rings.value = false
    expect(words()).toBe("You hung up")
  })

  it("that is made again is another one, so that it is said again", () => {
    announce("Bob is calling.")
    const { turn } = announced.value
    announce("Bob is calling.")
    expect(announced.value.turn).toBeGreaterThan(turn)
  })
})
