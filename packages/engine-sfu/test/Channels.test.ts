/** Channels of a call whose far end, or whose timing, is bad: what they take, and what they leave behind. */
import { EventEmitter } from "node:events"
import type { DataConsumer, DataProducer } from "mediasoup-client/types"
import { expect, it } from "vitest"
import { Channels } from "../src/Channels.ts"
import type { Plane } from "../src/Plane.ts"
import type { TrunkMessage } from "../src/trunkMessage.ts"

/** What is open at the server, as counts; nothing is opened there while `gate` is closed. */
const stage = () => {
  const [producers, consumers] = [new Set<object>(), new Set<object>()]
  const sent: Array<TrunkMessage> = []
  let requests = 0
  let gate = Promise.resolve()
  const streams: Array<object> = []
  const make = (open: Set<object>, id: string) => {
    const one = Object.assign(new EventEmitter(), { id, closed: false, readyState: "open", bufferedAmount: 0, send: () => {} })
    open.add(one)
    return one
  }
  const close = (open: Set<object>) => (one: { closed: boolean }) => {
    one.closed = true
    open.delete(one)
  }
  const plane = {
    stack: {},
    produceData: async (options: object) => {
      streams.push(options)
      requests += 1
      await gate
      // What channels use of mediasoup-client's.
      return make(producers, `p${requests}`) as unknown as DataProducer
    },
    consumeData: async (id: string) => {
      requests += 1
      await gate
      return make(consumers, id) as unknown as DataConsumer
    },
    closeData: close(producers),
    closeConsumer: close(consumers)
  }
  const opened: Array<unknown> = []
  const channels = new Channels({
    plane: plane as unknown as Plane,
    send: (message) => sent.push(message),
    peer: () => "mallory",
    onOpened: (channel) => opened.push(channel),
    limitMs: 50
  })
  return {
    channels, sent, opened, streams,
    requests: () => requests,
    open: () => producers.size + consumers.size,
    hold: () => {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = resolve
      })
      return release
    }
  }
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
const open = (id: string): TrunkMessage => ({ type: "open", id, label: "", protocol: "", ordered: true })

it("a far end that opens ten thousand channels at once gets 64 of them", async () => {
  const { channels, open: count, requests, sent } = stage()
  for (let i = 0; i < 10_000; i++) channels.take(open(`c${i}`))
  await settle()
  expect(requests()).toBe(128)
  expect(count()).toBe(128)
  expect(sent.filter(({ type }) => type === "refused").length).toBe(10_000 - 64)
  channels.lost()
  expect(count()).toBe(0)
})

it("one that opens and closes on and on gets few more, and as many as before after a while", async () => {
  const { channels, requests } = stage()
  const churn = async () => {
    for (let i = 0; i < 1_000; i++) {
      channels.take(open(`c${i}`))
      if (i % 10 === 0) await settle()
      channels.take({ type: "closed", id: `c${i}` })
    }
  }
  await churn()
  expect(requests()).toBeLessThanOrEqual(128)
  for (let i = 0; i < 100; i++) channels.tick()
  await churn()
  expect(requests()).toBeLessThanOrEqual(256)
  expect(requests()).toBeGreaterThan(128)
})

it("one that opens the same channel twice has it once", async () => {
  const { channels, open: count } = stage()
  for (let i = 0; i < 3; i++) channels.take(open("same"))
  await settle()
  expect(count()).toBe(2)
})

it("one that says on and on that it opened ours is heard once", async () => {
  const { channels, open: count, requests, sent } = stage()
  const opening = channels.open("chat", {})
  await settle()
  const id = sent.find(({ type }) => type === "open")
  if (id?.type !== "open") return expect.unreachable()
  for (let i = 0; i < 50; i++) channels.take({ type: "opened", id: id.id, producer: "far" })
  await opening
  expect(requests()).toBe(2)
  channels.lost()
  expect(count()).toBe(0)
})

it("one that never answers is not waited for, and nothing is left of the channel", async () => {
  const { channels, open: count } = stage()
  await expect(channels.open("chat", {})).rejects.toMatchObject({ reason: { _tag: "Timeout" } })
  expect(count()).toBe(0)
})

it("one that closes ours before it is open ends the opening at once", async () => {
  const { channels, sent } = stage()
  const opening = channels.open("chat", {})
  opening.catch(() => {})
  await settle()
  for (const message of sent) if (message.type === "open") channels.take({ type: "closed", id: message.id })
  await expect(opening).rejects.toThrow("closed before")
})

it("what is being opened when the call ends leaves nothing behind, whoever opens it", async () => {
  const { channels, hold, open: count, sent } = stage()
  const release = hold()
  channels.take(open("theirs"))
  const ours = channels.open("ours", {})
  ours.catch(() => {})
  channels.lost()
  release()
  await expect(ours).rejects.toThrow("lost")
  await settle()
  expect(count()).toBe(0)
  expect(sent.some(({ type }) => type === "open" || type === "opened")).toBe(false)
})

it("labels are the far end's alone: the server is not told", async () => {
  const { channels, streams } = stage()
  channels.open("x".repeat(1_000), { protocol: "secret" }).catch(() => {})
  await settle()
  expect(JSON.stringify(streams)).not.toMatch(/xxx|secret/)
})
