/** ENG-600 to 699: data channels (RFC 8831). */
import type { DataChannel, WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Bench } from "../Bench.ts"
import { type Clause, Violation } from "../Clause.ts"
import { connect, negotiate, openPair, untilUp } from "../Pair.ts"
import { insist, until } from "../until.ts"

type Message = string | Uint8Array

/** A channel that the left opens, at both ends. */
const openBoth = (bench: Bench) =>
  Effect.gen(function*() {
    const pair = yield* connect(bench)
    const here = yield* pair.left.peer.openDataChannel("chat", { protocol: "test" })
    const { channel: there } = yield* pair.right.next("DataChannelOpened")
    return { ...pair, here, there }
  })

const messageMs = 5_000

const words = (messages: ReadonlyArray<Message>): string =>
  messages.map((message) => (typeof message === "string" ? JSON.stringify(message) : `[${message.join()}]`)).join(", ")

/** What arrives next, so many messages, in time. */
const take = (channel: DataChannel, count: number, withinMs = messageMs): Effect.Effect<ReadonlyArray<Message>, Violation | WebRtcError> =>
  Effect.suspend(() => {
    const read: Array<Message> = []
    const reading = Stream.runForEach(Stream.take(channel.messages, count), (message) => Effect.sync(() => read.push(message)))
    const found = () => (read.length > 5 ? `${read.length}` : words(read) || "none")
    return Effect.as(
      Effect.timeoutOrElse(reading, {
        duration: withinMs,
        orElse: () => Effect.fail(new Violation({ expected: `${count} messages within ${withinMs} ms`, found: found() }))
      }),
      read
    )
  })

const untilEnded = (channel: DataChannel, which: string) =>
  Effect.timeoutOrElse(Stream.runDrain(channel.messages), {
    duration: messageMs,
    orElse: () => Effect.fail(new Violation({ expected: `the messages to end at ${which}`, found: "they go on" }))
  })

const carries = (id: Clause["id"], level: Clause["level"], says: string, messages: ReadonlyArray<Message>): Clause => ({
  id,
  level,
  needs: ["data"],
  says,
  check: (bench) =>
    Effect.gen(function*() {
      const { here, there } = yield* openBoth(bench)
      for (const [from, to] of [[here, there], [there, here]] as const) {
        const reading = yield* Effect.forkScoped(take(to, messages.length))
        yield* Effect.forEach(messages, from.send, { discard: true })
        const read = yield* Fiber.join(reading)
        yield* insist(words(read) === words(messages), words(messages).slice(0, 200), () => words(read).slice(0, 200))
      }
    })
})

export const data: ReadonlyArray<Clause> = [
  {
    id: "ENG-600",
    level: "must",
    needs: ["data"],
    says: "a channel opens at both ends, told once at the far one, with its label and protocol",
    check: (bench) =>
      Effect.gen(function*() {
        const { here, right, there } = yield* openBoth(bench)
        for (const { label, protocol } of [here, there]) {
          yield* insist(label === "chat" && protocol === "test", "the label chat and the protocol test", () => `"${label}" and "${protocol}"`)
        }
        yield* Effect.andThen(here.send("after"), take(there, 1))
        yield* insist(right.told("DataChannelOpened").length === 1, "one channel to be told", () => `${right.told("DataChannelOpened").length}`)
      })
  },
  carries("ENG-601", "must", "text and bytes arrive as they were sent, in order, both ways", ["grüß dich 👋", Uint8Array.of(0, 255, 7), "two"]),
  carries("ENG-602", "should", "empty text and empty bytes arrive as empty messages (RFC 8831 section 6.6)", ["", new Uint8Array(0), "after"]),
  {
    id: "ENG-603",
    level: "must",
    needs: ["data"],
    says: "a message of 60,000 bytes arrives whole",
    check: (bench) =>
      Effect.gen(function*() {
        const { here, there } = yield* openBoth(bench)
        const sent = Uint8Array.from({ length: 60_000 }, (_, i) => (i * 7) % 251)
        yield* here.send(sent)
        const [got = ""] = yield* take(there, 1)
        yield* insist(typeof got !== "string" && got.length === sent.length && got.every((byte, i) => byte === sent[i]), "the same 60,000 bytes", () => `${got.length}, or others`)
      })
  },
  {
    id: "ENG-604",
    level: "must",
    needs: ["data"],
    says: "a thousand messages that are sent at once all arrive, in order",
    check: (bench) =>
      Effect.gen(function*() {
        const { here, there } = yield* openBoth(bench)
        const texts = Array.from({ length: 1_000 }, (_, i) => String(i))
        const reading = yield* Effect.forkScoped(take(there, texts.length, 10_000))
        yield* Effect.forEach(texts, here.send, { concurrency: "unbounded", discard: true })
        const read = yield* Fiber.join(reading)
        yield* insist(read.join() === texts.join(), "0 to 999 in order", () => `another order, from ${read.findIndex((text, i) => text !== texts[i])} on`)
        yield* until({ expected: "nothing to wait unsent" }, Effect.map(here.bufferedAmount, (bytes) => (bytes === 0 ? true : undefined)))
      })
  },
  {
    id: "ENG-605",
    level: "must",
    needs: ["data"],
    says: "closing a channel at one end ends its messages at both, whichever end it is, and sending then fails",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        for (const closer of ["near", "far"] as const) {
          const here = yield* pair.left.peer.openDataChannel(closer)
          const { channel: there } = yield* pair.right.next("DataChannelOpened", closer === "near" ? 0 : 1)
          yield* (closer === "near" ? here : there).close
          yield* untilEnded(here, "the near end")
          yield* untilEnded(there, "the far end")
          for (const [channel, { name }] of [[here, bench.engines.left], [there, bench.engines.right]] as const) {
            const result = yield* Effect.result(channel.send("late"))
            yield* insist(
              Result.isFailure(result) && result.failure.operation === "send" && result.failure.engine === name,
              "an error of the engine's, naming send",
              () => (Result.isFailure(result) ? result.failure.message : "success")
            )
          }
        }
      })
  },
  {
    id: "ENG-606",
    level: "must",
    needs: ["data"],
    says: "a channel closes with the scope that it was opened in",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        const scope = yield* Scope.make()
        yield* Scope.provide(left.peer.openDataChannel("short"), scope)
        const { channel } = yield* right.next("DataChannelOpened")
        yield* Scope.close(scope, Exit.void)
        yield* untilEnded(channel, "the far end")
        yield* insist(left.link() === "up", "the connection to go on", () => String(left.link()))
      })
  },
  {
    id: "ENG-607",
    level: "must",
    needs: ["data"],
    says: "a channel that is asked for before the link is up opens when it is",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        yield* negotiate(pair, pair.left, pair.right)
        const here = yield* pair.left.peer.openDataChannel("early")
        const { channel: there } = yield* pair.right.next("DataChannelOpened")
        yield* there.send("welcome")
        yield* take(here, 1)
      })
  },
  {
    id: "ENG-608",
    level: "must",
    needs: ["data", "media"],
    says: "without a section for data a channel does not open: a typed error, in time",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* connect(bench, { left: { data: false }, right: { data: false }, config: { operationTimeoutMs: 5_000 } })
        const result = yield* Effect.timeoutOption(Effect.result(left.peer.openDataChannel("nowhere")), 7_000)
        yield* insist(
          result._tag === "Some" && Result.isFailure(result.value) && result.value.failure.operation === "openDataChannel",
          "an error that names openDataChannel",
          () => (result._tag === "None" ? "nothing within 7 s" : "success")
        )
      })
  },
  {
    id: "ENG-609",
    level: "must",
    needs: ["data"],
    says: "channels that either end opens are streams of their own, also under one label",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        const mine = [yield* left.peer.openDataChannel("same"), yield* left.peer.openDataChannel("same")]
        const theirs = yield* right.peer.openDataChannel("same")
        const [first, second] = [(yield* right.next("DataChannelOpened", 0)).channel, (yield* right.next("DataChannelOpened", 1)).channel]
        const fromRight = (yield* left.next("DataChannelOpened", 0)).channel
        yield* Effect.forEach(mine, (channel, i) => channel.send(`of ${i}`))
        yield* theirs.send("of the right")
        const read = [...(yield* take(first, 1)), ...(yield* take(second, 1)), ...(yield* take(fromRight, 1))]
        // Which of two channels with one label opens first at the far end is the stack's.
        yield* insist(new Set(read).size === 3 && read[2] === "of the right", "each message on its own channel", () => words(read))
      })
  },
  {
    id: "ENG-610",
    level: "should",
    needs: ["data"],
    says: "a channel may be unordered, and limited in its retransmissions by number or by time (W3C WebRTC section 6.2)",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        const kinds = [{ ordered: false }, { ordered: false, maxRetransmits: 0 }, { maxPacketLifeTimeMs: 500 }]
        for (const [i, options] of kinds.entries()) {
          const here = yield* left.peer.openDataChannel(`kind ${i}`, options)
          const { channel: there } = yield* right.next("DataChannelOpened", i)
          // What is not retransmitted may be lost, though not on loopback, time and again.
          const reading = yield* Effect.forkScoped(take(there, 1))
          for (let sent = 0; sent < 5; sent++) yield* here.send("something")
          yield* Fiber.join(reading)
        }
      })
  },
  {
    id: "ENG-611",
    level: "must",
    needs: ["data"],
    says: "when a connection closes, its channels' messages end, at the far end too",
    check: (bench) =>
      Effect.gen(function*() {
        const { here, left, there } = yield* openBoth(bench)
        yield* left.close
        yield* untilEnded(here, "the end that closes")
        yield* Effect.timeoutOrElse(Stream.runDrain(there.messages), {
          duration: 12_000,
          orElse: () => Effect.fail(new Violation({ expected: "the messages to end at the far end within 12 s", found: "they go on" }))
        })
      })
  },
  {
    id: "ENG-612",
    level: "must",
    needs: ["data", "renegotiation", "media"],
    says: "data may be added in a call",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench, { left: { data: false }, right: { data: false } })
        yield* pair.left.peer.setMedia(bench.intent({ data: true }))
        yield* negotiate(pair, pair.left, pair.right)
        yield* untilUp(pair)
        const here = yield* pair.left.peer.openDataChannel("added")
        const { channel: there } = yield* pair.right.next("DataChannelOpened")
        yield* here.send("hello")
        yield* take(there, 1)
      })
  },
  {
    id: "ENG-613",
    level: "must",
    needs: ["data"],
    says: "options that no channel can have are refused with the reason InvalidConfig (W3C WebRTC section 6.1)",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* connect(bench)
        for (const options of [{ maxRetransmits: 1, maxPacketLifeTimeMs: 1 }, { maxRetransmits: -1 }, { maxPacketLifeTimeMs: 0.5 }]) {
          const result = yield* Effect.result(left.peer.openDataChannel("odd", options))
          yield* insist(
            Result.isFailure(result) && result.failure.reason._tag === "InvalidConfig",
            `InvalidConfig for ${JSON.stringify(options)}`,
            () => (Result.isFailure(result) ? result.failure.message : "a channel")
          )
        }
      })
  }
]
