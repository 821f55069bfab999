/** Several relays and one broker, which is a real one: a room is one room, whatever happens to a relay or to the broker. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { makeSecret } from "../../src/relay/RelayClient.ts"
import { makeRoom } from "../../src/server/relay/roomToken.ts"
import { openClient } from "../openClient.ts"
import { followCall, openLine, untilOver, untilUp } from "../openLine.ts"
import { joinMessage, rawClient, rawPeer } from "../rawClient.ts"
import { serve } from "../serve.ts"
import { startRelayProcess } from "../startRelayProcess.ts"
import { until } from "../until.ts"
import { quick } from "../quick.ts"
import { type BrokerKind, startBroker } from "./startBroker.ts"

const relayOf = async (broker: string, settings = {}) => {
  const served = await serve({ broker, relay: { ...quick, ...settings } })
  await until(() => served.broker?.isConnected(), Boolean)
  return served
}

describe.each<BrokerKind>(["nats", "redis"])("two relays with one %s", (kind) => {
  it("show the peers of both in a room, and hand texts across", async () => {
    const broker = await startBroker(kind)
    // Nobody repeats itself here: who comes has to ask, and changes have to be told.
    const silent = { announceMs: 60_000 }
    const [one, two] = [await relayOf(broker.url, silent), await relayOf(broker.url, silent)]
    const key = makeRoom()
    const alice = await openClient({ url: one.socketUrl, ...key, name: "alice" })
    await until(() => one.relay.figures.peers, (n) => n === 1)
    const bob = await rawPeer(two.socketUrl, key, "bob")
    // Who comes in later knows at once who is there.
    expect((await bob.hears("joined")).peers).toMatchObject([{ name: "alice" }])
    await until(alice.present, (names) => names.join() === "bob")
    const text = "x".repeat(200_000)
    await alice.say(text, "bob")
    expect(await bob.hears("text")).toEqual({ type: "text", from: "alice", text })
    bob.say({ type: "send", to: "ALICE", text: "hello" })
    await until(() => alice.came, (came) => came.length === 1)
    bob.say({ type: "leave" })
    await until(alice.present, (names) => names.length === 0)
    expect([one.relay.figures.texts, two.relay.figures.texts]).toMatchObject([{ here: 0, elsewhere: 1 }, { here: 0, elsewhere: 1 }])
  })

  it("take a name once: whoever comes second is refused in words, at the same moment too", async () => {
    const broker = await startBroker(kind)
    const [one, two] = [await relayOf(broker.url), await relayOf(broker.url)]
    const key = makeRoom()
    await rawPeer(one.socketUrl, key, "alice")
    const second = await rawClient(two.socketUrl)
    second.say(joinMessage(key, "Alice"))
    expect(await second.hears("refused")).toMatchObject({ code: "name-taken" })

    const same = makeRoom()
    const both = await Promise.all([rawClient(one.socketUrl), rawClient(two.socketUrl)])
    for (const client of both) client.say(joinMessage(same, "bob"))
    await until(() => both.filter(({ isClosed }) => isClosed()), ({ length }) => length === 1)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(both.filter(({ isClosed }) => isClosed())).toHaveLength(1)
    expect(both.flatMap(({ heard }) => heard.filter(({ type }) => type === "refused"))).toMatchObject([{ code: "name-taken" }])
  })

  it("lose the peers of one that dies, after a while; one that comes back by the other keeps its name and place at once", async () => {
    const broker = await startBroker(kind)
    const [one, two] = [await startRelayProcess({ broker: broker.url }), await relayOf(broker.url)]
    const key = makeRoom()
    const watcher = await openClient({ url: two.socketUrl, ...key, name: "watcher" })
    const secret = makeSecret()
    const alice = await rawPeer(one.url, key, "alice", secret)
    await rawPeer(one.url, key, "bob")
    await until(watcher.present, (names) => names.join() === "alice,bob")
    await one.kill()
    await until(alice.isClosed, Boolean)
    const again = await rawPeer(two.socketUrl, key, "alice", secret)
    expect((await again.hears("joined")).self).toEqual((await alice.hears("joined")).self)
    await until(watcher.present, (names) => names.join() === "alice", quick.goneMs + 10_000)
    // Alice was there all the time: nobody, alice, both, alice.
    expect(watcher.lists()).toBeLessThanOrEqual(4)
  })

  it("move a peer that comes by the other one, while the first has its old connection still", async () => {
    const broker = await startBroker(kind)
    const [one, two] = [await relayOf(broker.url), await relayOf(broker.url)]
    const key = makeRoom()
    const secret = makeSecret()
    const watcher = await rawPeer(one.socketUrl, key, "watcher")
    const before = await rawPeer(one.socketUrl, key, "alice", secret)
    const after = await rawPeer(two.socketUrl, key, "alice", secret)
    expect(await before.hears("refused")).toMatchObject({ code: "replaced" })
    watcher.say({ type: "send", to: "alice", text: "hello" })
    await after.hears("text")
  })

  it("keep their rooms when the broker is killed, tell nobody of it, and go on when it is there again", async () => {
    const broker = await startBroker(kind)
    const [one, two] = [await relayOf(broker.url), await relayOf(broker.url)]
    const key = makeRoom()
    const alice = await openClient({ url: one.socketUrl, ...key, name: "alice" })
    const bob = await openClient({ url: two.socketUrl, ...key, name: "bob" })
    await until(alice.present, (names) => names.join() === "bob")
    await until(bob.present, (names) => names.join() === "alice")
    const lists = alice.lists()
    await broker.kill()
    await until(() => [one, two].some(({ broker }) => broker?.isConnected()), (connected) => !connected)
    // Longer than a relay may be silent.
    await new Promise((resolve) => setTimeout(resolve, quick.goneMs + 500))
    await alice.say("lost", "bob")
    // Who is at the same relay is reached as ever.
    const carol = await openClient({ url: one.socketUrl, ...key, name: "carol" })
    await until(alice.present, (names) => names.join() === "bob,carol")
    await carol.say("near", "alice")
    await until(() => alice.came, (came) => came.length === 1)
    await broker.start()
    await until(bob.present, (names) => names.join() === "alice,carol")
    await alice.say("heard", "bob")
    await until(() => bob.came, (came) => came.length === 1)
    expect(bob.came).toEqual([{ peer: "alice", text: "heard" }])
    expect(alice.lists()).toBe(lists + 1)
  })

  it("start while the broker is not there yet, and find each other when it is", async () => {
    const broker = await startBroker(kind)
    await broker.kill()
    const settings = { broker: broker.url, relay: quick }
    const [one, two] = [await serve(settings), await serve(settings)]
    const key = makeRoom()
    const alice = await openClient({ url: one.socketUrl, ...key, name: "alice" })
    const bob = await openClient({ url: two.socketUrl, ...key, name: "bob" })
    await until(() => [...alice.states, ...bob.states], (states) => states.filter(({ _tag }) => _tag === "Connected").length === 2)
    await broker.start()
    await until(alice.present, (names) => names.join() === "bob")
    await until(bob.present, (names) => names.join() === "alice")
  })

  it("carry a real call, which goes on while the broker is killed; a hangup of that time arrives when it is there again", async () => {
    const broker = await startBroker(kind)
    const [one, two] = [await relayOf(broker.url), await relayOf(broker.url)]
    const key = makeRoom()
    await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
      const alice = yield* openLine({ url: one.socketUrl, ...key, name: "alice" })
      const bob = yield* openLine({ url: two.socketUrl, ...key, name: "bob" })
      const call = yield* alice.line.call("bob")
      const other = (yield* Stream.runCollect(Stream.take(bob.line.incoming, 1)))[0]
      if (other === undefined) throw new Error("nothing rang")
      yield* other.accept()
      yield* Effect.all([untilUp(call), untilUp(other)], { concurrency: 2 })
      const { packets } = yield* followCall(call)
      yield* Effect.promise(broker.kill)
      yield* Effect.sleep(1_000)
      const before = packets.microphone
      yield* Effect.promise(() => until(() => packets.microphone, (n) => n > before + 20))
      yield* call.hangup()
      expect(yield* other.state).toMatchObject({ _tag: "Connected" })
      yield* Effect.promise(broker.start)
      yield* untilOver(other)
      expect(yield* other.state).toMatchObject({ _tag: "Ended", by: "remote", reason: "normal" })
    })))
  }, 60_000)
})

describe("bots of two relays", () => {
  it("are one in a room; when its relay stops, the other's comes", async () => {
    const broker = await startBroker("nats")
    const bot = { localAddresses: { udp4: "127.0.0.1" } }
    const options = { broker: broker.url, relay: quick, bot }
    const [one, two] = [await serve(options), await serve(options)]
    const key = makeRoom()
    const alice = await openClient({ url: one.socketUrl, ...key, name: "alice" })
    const carol = await openClient({ url: two.socketUrl, ...key, name: "carol" })
    await until(alice.present, (names) => names.join() === "Bot,carol")
    await until(carol.present, (names) => names.join() === "Bot,alice")
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect([alice.present(), carol.present()]).toEqual([["Bot", "carol"], ["Bot", "alice"]])
    await one.stop()
    await until(carol.present, (names) => names.length === 0)
    await until(carol.present, (names) => names.join() === "Bot")
  })
})

describe("a broker's URL", () => {
  it("that is none is refused in words that do not repeat it: it may hold a password", async () => {
    for (const broker of ["http://user:secret@host", "secret"]) {
      await expect(serve({ broker })).rejects.toMatchObject({ _tag: "ServerError", message: expect.not.stringContaining("secret") })
    }
  })
})
