/** When a way between two ends counts as up, interrupted and lost. */
import { expect, it } from "vitest"
import { LinkWatch, tickMs } from "../src/LinkWatch.ts"

const open = () => {
  const states: Array<string> = []
  const said: Array<boolean> = []
  const watch = new LinkWatch({ tell: (state) => states.push(state), sayAlive: (hears) => said.push(hears) })
  const tick = (count: number) => {
    for (let i = 0; i < count; i++) watch.tick()
  }
  return { watch, states, said, tick }
}
const up = () => {
  const one = open()
  one.watch.begin()
  one.watch.heard(true)
  return one
}

it("it is up when both ends hear each other, and not before", () => {
  const { said, states, watch } = open()
  watch.heard(true)
  expect(states).toEqual([])
  watch.begin()
  watch.heard(false)
  expect(states).toEqual(["connecting"])
  watch.heard(true)
  expect(states).toEqual(["connecting", "up"])
  expect(said).toEqual([false, true])
})

it("what was said before there was a way is said again when there is one, and who is not heard is answered at once", () => {
  const [near, far] = [open(), open()]
  near.watch.greet()
  expect(near.said).toEqual([])
  near.watch.begin()
  far.watch.begin()
  near.said.length = far.said.length = 0
  near.watch.greet()
  expect(near.said).toEqual([false])
  far.watch.heard(false)
  expect(far.said).toEqual([true])
  // That was lost: it asks again, and need not wait for a tick.
  near.watch.greet()
  far.watch.heard(false)
  expect(far.said).toEqual([true, true])
  near.watch.heard(true)
  far.watch.heard(true)
  expect([near, far].map(({ states }) => states.at(-1))).toEqual(["up", "up"])
  near.said.length = 0
  near.watch.greet()
  expect(near.said).toEqual([])
})

it("after 5 s of silence it is interrupted, and lost after 30 s more, once", () => {
  const { states, tick } = up()
  tick(5_000 / tickMs - 1)
  expect(states.at(-1)).toBe("up")
  tick(1)
  expect(states.at(-1)).toBe("interrupted")
  tick(30_000 / tickMs - 2)
  expect(states.at(-1)).toBe("interrupted")
  tick(200)
  expect(states).toEqual(["connecting", "up", "interrupted", "failed"])
})

it("news end an interruption, and a far end that hears nothing begins one", () => {
  const { states, tick, watch } = up()
  tick(20)
  watch.heard(true)
  expect(states.at(-1)).toBe("up")
  watch.heard(false)
  expect(states.at(-1)).toBe("interrupted")
})

it("it says that it is alive every one and a half seconds, and more often while it is not up", () => {
  const { said, tick, watch } = up()
  said.length = 0
  tick(3_000 / tickMs)
  expect(said).toEqual([true, true])
  watch.forget()
  said.length = 0
  tick(2)
  expect(said).toEqual([false, false])
})
