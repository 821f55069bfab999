/** Rooms at one relay, over real sockets: who is told of whom, who gets what, who may come in. */
import { describe, expect, it } from "vitest"
import { makeSecret } from "../../src/relay/RelayClient.ts"
import { makeRoom } from "../../src/server/relay/roomToken.ts"
import { joinMessage, rawClient, rawPeer } from "../rawClient.ts"
import { serve } from "../serve.ts"
import { until } from "../until.ts"

const names = (peers: ReadonlyArray<{ readonly name: string }>) => peers.map(({ name }) => name).toSorted()

describe("a room", () => {
  it("tells who comes in who is there, and all others that somebody has come, and gone", async () => {
    const { socketUrl } = await serve()
    const key = makeRoom()
    const alice = await rawPeer(socketUrl, key, "alice")
    const bob = await rawPeer(socketUrl, key, "bob")
    expect(names((await bob.hears("joined")).peers)).toEqual(["alice"])
    expect(names((await alice.hears("present")).peers)).toEqual(["bob"])
    bob.say({ type: "leave" })
    expect((await alice.hears("present", 1)).peers).toEqual([])
    await until(bob.isClosed, Boolean)
  })

  it("hands a text to the peer that it is for, as it is, and to nobody else, in the sender's name", async () => {
    const { relay, socketUrl } = await serve()
    const key = makeRoom()
    const [alice, bob, eve] = [
      await rawPeer(socketUrl, key, "alice"),
      await rawPeer(socketUrl, key, "Bob Ä 👋"),
      await rawPeer(socketUrl, makeRoom(), "bob ä 👋")
    ]
    const text = "not { JSON \u0000 \ud800 👋\r\n"
    // A name is the same in another case; nobody can speak in another's name.
    alice.say({ type: "send", to: "bob ä 👋", text, from: "eve" })
    expect(await bob.hears("text")).toEqual({ type: "text", from: "alice", text })
    bob.say({ type: "send", to: "nobody", text })
    bob.say({ type: "send", to: "alice", text: "" })
    expect(await alice.hears("text")).toMatchObject({ text: "" })
    expect(eve.heard.map(({ type }) => type)).toEqual(["joined"])
    expect(relay.figures.texts).toEqual({ here: 2, elsewhere: 0, nowhere: 1 })
  })

  it("lets nobody in without its token, in words, and tells links from others apart", async () => {
    const { socketUrl } = await serve()
    const [one, other] = [makeRoom("stand-up"), makeRoom("stand-up")]
    expect(one.room).toMatch(/^stand-up\./)
    for (const key of [{ ...one, token: other.token }, { ...other, room: "stand-up.x" }, { ...one, room: "toString" }, { ...one, token: "1" }]) {
      const guesser = await rawClient(socketUrl)
      guesser.say(joinMessage(key, "guesser"))
      expect(await guesser.hears("refused")).toMatchObject({ code: "bad-token", again: false, words: expect.stringContaining("link") })
      await until(guesser.isClosed, Boolean)
    }
  })

  it("refuses a second peer of one name in words, and takes that name in another room", async () => {
    const { socketUrl } = await serve()
    const key = makeRoom()
    await rawPeer(socketUrl, key, "Alice")
    const second = await rawClient(socketUrl)
    second.say(joinMessage(key, "ALICE"))
    expect(await second.hears("refused")).toMatchObject({ code: "name-taken", again: false, words: expect.stringContaining("another tab") })
    await rawPeer(socketUrl, makeRoom(), "ALICE")
  })

  it("takes no more peers than it has places, and the relay no more rooms and connections", async () => {
    const { relay, socketUrl } = await serve({ relay: { peersPerRoom: 2, rooms: 2, connectionsPerAddress: 5 } })
    const key = makeRoom()
    await rawPeer(socketUrl, key, "a")
    await rawPeer(socketUrl, key, "b")
    await rawPeer(socketUrl, makeRoom(), "c")
    for (const full of [key, makeRoom()]) {
      const one = await rawClient(socketUrl)
      one.say(joinMessage(full, "d"))
      expect(await one.hears("refused")).toMatchObject({ code: "full", again: true })
      await until(one.isClosed, Boolean)
    }
    await until(() => relay.figures.connections, (n) => n === 3)
    await rawClient(socketUrl)
    await rawClient(socketUrl)
    const sixth = await rawClient(socketUrl)
    expect(await sixth.hears("refused")).toMatchObject({ code: "full" })
  })
})

describe("a peer whose connection closes", () => {
  it("is the same peer when it comes back in time: nobody is told anything", async () => {
    const { socketUrl } = await serve()
    const key = makeRoom()
    const secret = makeSecret()
    const alice = await rawPeer(socketUrl, key, "alice")
    const before = await rawPeer(socketUrl, key, "bob", secret)
    await alice.hears("present")
    before.socket.terminate()
    await until(before.isClosed, Boolean)
    // What comes meanwhile is lost.
    alice.say({ type: "send", to: "bob", text: "lost" })
    const after = await rawPeer(socketUrl, key, "bob", secret)
    expect((await after.hears("joined")).self).toEqual((await before.hears("joined")).self)
    alice.say({ type: "send", to: "bob", text: "heard" })
    expect(await after.hears("text")).toMatchObject({ text: "heard" })
    expect(alice.heard.filter(({ type }) => type === "present")).toHaveLength(1)
  })

  it("keeps its name against others for the time of grace, and is gone after it", async () => {
    const { relay, socketUrl } = await serve({ relay: { graceMs: 200 } })
    const key = makeRoom()
    const alice = await rawPeer(socketUrl, key, "alice")
    const bob = await rawPeer(socketUrl, key, "bob")
    await alice.hears("present")
    bob.socket.terminate()
    await until(bob.isClosed, Boolean)
    const thief = await rawClient(socketUrl)
    thief.say(joinMessage(key, "bob"))
    expect(await thief.hears("refused")).toMatchObject({ code: "name-taken" })
    expect((await alice.hears("present", 1)).peers).toEqual([])
    alice.say({ type: "leave" })
    await until(() => relay.figures, ({ peers, rooms }) => peers === 0 && rooms === 0)
  })

  it("that has a newer connection loses the older one, with words, and not its place", async () => {
    const { socketUrl } = await serve()
    const key = makeRoom()
    const secret = makeSecret()
    const alice = await rawPeer(socketUrl, key, "alice")
    const older = await rawPeer(socketUrl, key, "bob", secret)
    const newer = await rawPeer(socketUrl, key, "bob", secret)
    expect(await older.hears("refused")).toMatchObject({ code: "replaced", again: false })
    await until(older.isClosed, Boolean)
    alice.say({ type: "send", to: "bob", text: "hello" })
    await newer.hears("text")
    expect(alice.heard.filter(({ type }) => type === "present")).toHaveLength(1)
  })

  it("without a word is found out by its silence", async () => {
    const { relay, socketUrl } = await serve({ relay: { beatMs: 100, graceMs: 100 } })
    const key = makeRoom()
    const alice = await rawPeer(socketUrl, key, "alice")
    const mute = await rawClient(socketUrl, { autoPong: false })
    mute.say(joinMessage(key, "mute"))
    expect(names((await alice.hears("present")).peers)).toEqual(["mute"])
    expect((await alice.hears("present", 1)).peers).toEqual([])
    expect(relay.figures.connections).toBe(1)
    // Who lives hears something at least as often as it was told.
    await alice.hears("beat", 2)
  })
})
