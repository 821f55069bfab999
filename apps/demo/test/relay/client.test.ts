/** The relay's client: it comes back for ever, says how it stands, and is a channel for a line. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { WebSocket as NodeSocket } from "ws"
import { RelayClient } from "../../src/relay/RelayClient.ts"
import { readRoomLink, roomLink } from "../../src/relay/roomLink.ts"
import { makeRoom } from "../../src/server/relay/roomToken.ts"
import { fakeRelay, joinedFrame } from "../fakeRelay.ts"
import { openClient } from "../openClient.ts"
import { serve } from "../serve.ts"
import { until } from "../until.ts"

const key = makeRoom()
const tags = (states: ReadonlyArray<{ readonly _tag: string }>) => states.map(({ _tag }) => _tag)

describe("a relay client", () => {
  it("over Node's own WebSocket is in the room, sees who is there, and its texts arrive under its name", async () => {
    const { socketUrl: url } = await serve()
    const alice = await openClient({ url, ...key, name: "alice" })
    const bob = await openClient({ url, ...key, name: "bob" })
    expect(await Effect.runPromise(alice.joined)).toMatchObject({ name: "alice" })
    await until(alice.present, (names) => names.join() === "bob")
    await until(bob.present, (names) => names.join() === "alice")
    await bob.say("hello", "alice")
    await until(() => alice.came, (came) => came.length === 1)
    expect(alice.came).toEqual([{ peer: "bob", text: "hello" }])
    await bob.close()
    // It has left, and does not stay for the time of grace.
    await until(alice.present, (names) => names.length === 0)
  })

  it("waits for a relay that is not there yet, and comes back to one that was started anew", async () => {
    const free = await serve()
    await free.stop()
    const alice = await openClient({ url: free.socketUrl, ...key, name: "alice" })
    await until(() => alice.states, (states) => states.at(-1)?._tag === "Away")
    expect(alice.states.at(-1)).toMatchObject({ words: "The relay cannot be reached." })
    const first = await serve({ port: free.port })
    await until(() => alice.states, (states) => states.at(-1)?._tag === "Connected")
    await first.stop()
    await until(() => alice.states, (states) => states.at(-1)?._tag === "Away")
    await expect(alice.say("lost", "bob")).rejects.toMatchObject({ _tag: "ChannelClosed" })
    await serve({ port: free.port })
    await until(() => alice.states, (states) => states.at(-1)?._tag === "Connected")
    const [before, after] = alice.states.filter((state) => state._tag === "Connected")
    // The same peer, though that relay knew nothing of it.
    expect(after).toEqual({ ...before, again: true })
  })

  it("finds out by silence that a relay is dead, though TCP holds", async () => {
    const url = await fakeRelay((socket) => socket.send(joinedFrame("alice", 50)))
    const alice = await openClient({ url, ...key, name: "alice" })
    await until(() => alice.states, (states) => tags(states).filter((tag) => tag === "Connected").length >= 2)
    expect(alice.states).toContainEqual(expect.objectContaining({ _tag: "Away", words: "The connection to the relay is lost." }))
  })

  it("takes no harm from a relay that talks nonsense", async () => {
    const nonsense = ["", "{", "null", `{"type":"present"}`, `{"type":"present","peers":[7]}`, `{"type":"joined"}`, `{"type":"text","from":7}`]
    const url = await fakeRelay((socket) => {
      for (const frame of nonsense) socket.send(frame)
      socket.send(new Uint8Array([1, 2]))
      socket.send(joinedFrame("alice", 60_000))
      for (const frame of nonsense) socket.send(frame)
      socket.send(JSON.stringify({ type: "text", from: "bob", text: "hello" }))
    })
    const alice = await openClient({ url, ...key, name: "alice" })
    await until(() => alice.came, (came) => came.length === 1)
    expect(tags(alice.states)).toEqual(["Connecting", "Connected"])
    expect(alice.lists()).toBe(1)
  })

  it("whose name is taken is refused in words, once, and its channel fails", async () => {
    const { relay, socketUrl: url } = await serve()
    await openClient({ url, ...key, name: "alice" })
    await until(() => relay.figures.peers, (n) => n === 1)
    const second = await openClient({ url, ...key, name: "alice" })
    const refusal = await Effect.runPromise(Effect.flip(second.joined))
    expect(refusal).toMatchObject({ code: "name-taken", words: expect.stringContaining("another tab") })
    await expect(second.say("hello", "alice")).rejects.toMatchObject({ _tag: "ChannelClosed" })
    expect(tags(second.states)).toEqual(["Connecting", "Refused"])
  })

  it("that was refused for the moment comes again", async () => {
    const { relay, socketUrl: url } = await serve({ relay: { rooms: 1 } })
    const other = await openClient({ url, ...makeRoom(), name: "other" })
    await until(() => relay.figures.rooms, (n) => n === 1)
    const alice = await openClient({ url, ...key, name: "alice" })
    await until(() => alice.states, (states) => states.at(-1)?._tag === "Away")
    expect(alice.states.at(-1)).toMatchObject({ words: expect.stringContaining("no room") })
    await other.close()
    await until(() => alice.states, (states) => states.at(-1)?._tag === "Connected")
  })

  it("does not wait when it is told that the network is there again", async () => {
    let canOpen = false
    const { socketUrl: url } = await serve()
    const open = () => new NodeSocket(canOpen ? url : "ws://127.0.0.1:1")
    const alice = await openClient({ url, ...key, name: "alice", open })
    // Its waits have become long.
    await until(() => alice.states.at(-1), (state) => state?._tag === "Away" && state.againInMs > 1_400, 10_000)
    canOpen = true
    await Effect.runPromise(alice.retryNow)
    await until(() => alice.states, (states) => states.at(-1)?._tag === "Connected", 1_000)
  })

  it("with a URL that is none is refused in words", async () => {
    const failure = await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
      const client = yield* RelayClient.make({ url: "no url", ...key, name: "alice" })
      return yield* Effect.flip(client.joined)
    })))
    expect(failure.words).toMatch(/^There is no way to connect: /)
  })
})

describe("a room's link", () => {
  it("keeps room and token behind the #, and gives both back", () => {
    const link = roomLink("http://localhost:3000/", key)
    expect(new URL(link)).toMatchObject({ pathname: "/", search: "" })
    expect(readRoomLink(new URL(link).hash)).toEqual(key)
    expect(readRoomLink("#room=x")).toBeUndefined()
  })
})
