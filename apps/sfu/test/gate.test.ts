import { expect, it } from "@effect/vitest"
import { Gate } from "../src/Gate.ts"
import { Rate } from "../src/Rate.ts"

/** A consumer in a worker that does what it is told when the test says so. */
const target = (fails = false) => {
  const told: Array<string> = []
  const answers: Array<() => void> = []
  const command = (name: string) => () => {
    told.push(name)
    return new Promise<void>((resolve, reject) => answers.push(fails ? () => reject(new Error("no")) : resolve))
  }
  const answer = async () => {
    answers.shift()?.()
    await new Promise(setImmediate)
  }
  return { told, answer, closed: false, pause: command("pause"), resume: command("resume") }
}

it("a gate gives one command at a time, leaves out what is not wanted any more, and settles with the last", async () => {
  const consumer = target()
  const gate = new Gate(consumer, false, () => expect.unreachable())
  void gate.set(true)
  void gate.set(false)
  void gate.set(true)
  const settled = gate.set(false)
  let done = false
  void settled.then(() => (done = true))
  expect(consumer.told).toEqual(["resume"])
  await consumer.answer()
  expect(consumer.told).toEqual(["resume", "pause"])
  expect(done).toBe(false)
  await consumer.answer()
  expect(done).toBe(true)
  await gate.set(false)
  expect(consumer.told).toEqual(["resume", "pause"])
})

it("a gate whose worker does not do as it is told says so, and does not reject", async () => {
  let broken = 0
  const consumer = target(true)
  const settled = new Gate(consumer, true, () => (broken += 1)).set(false)
  await consumer.answer()
  await settled
  expect(broken).toBe(1)
  const closed = target(true)
  const gate = new Gate(closed, true, () => (broken += 1))
  const closing = gate.set(false)
  closed.closed = true
  await closed.answer()
  await closing
  expect(broken).toBe(1)
})

it("a rate lets through a burst, and then so many a second", () => {
  const rate = new Rate(10, 5, 0)
  const passed = (nowMs: number) => Array.from({ length: 10 }, () => rate.take(nowMs)).filter(Boolean).length
  expect(passed(0)).toBe(5)
  expect(passed(100)).toBe(1)
  expect(passed(400)).toBe(3)
  expect(passed(60_000)).toBe(5)
})
