import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Scope from "effect/Scope"
import { call, connect, startServer, transport } from "./rig.ts"

it.live("a stay that is resumed has all that it had, and the others hear nothing", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice, bob, consumed, receive } = yield* call(server, "one")
    const { resume } = yield* alice.joined("two", "carol")
    expect(resume.length).toBeGreaterThan(20)
    const dave = yield* connect(server)
    const first = yield* dave.joined("one", "dave")
    const opened = yield* transport(dave, "send")
    yield* bob.hears("peerJoined", ({ peer }) => peer === "dave")
    const heard = bob.told.length
    yield* dave.drop
    const again = yield* dave.resumed("one", first.resume)
    expect(again).toMatchObject({ peer: "dave", resumed: true, resume: first.resume, peers: ["bob"] })
    expect(yield* dave.request("sync", {})).toEqual({ peers: ["bob"], transports: [opened], dataProducers: [], consumers: [], dataConsumers: [] })
    expect(bob.told.slice(heard)).toEqual([])
    expect((yield* bob.request("sync", {})).transports).toEqual([receive])
    // Alice went to another room: what she sent is gone.
    yield* bob.hears("consumerClosed", ({ consumer }) => consumer === consumed.consumer)
  }))

it.live("a stay that is not resumed in time is over, and the others are told", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ graceMs: 50 })
    const { alice, bob, consumed } = yield* call(server, "one")
    yield* alice.drop
    yield* bob.hears("peerLeft", ({ peer }) => peer === "alice")
    yield* bob.hears("consumerClosed", ({ consumer }) => consumer === consumed.consumer)
    const joined = yield* Effect.orDie(alice.request("join", { room: "one", token: "alice", resume: "x".repeat(32) }))
    expect(joined).toMatchObject({ resumed: false, peers: ["bob"] })
    expect(yield* alice.request("sync", {})).toMatchObject({ transports: [] })
  }))

it.live("a connection that is lost twice gives the second loss its whole time", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ graceMs: 300 })
    const alice = yield* connect(server)
    const bob = yield* connect(server)
    const { resume } = yield* alice.joined("one", "alice")
    yield* bob.joined("one", "bob")
    yield* alice.drop
    yield* Effect.sleep(150)
    expect(yield* alice.resumed("one", resume)).toMatchObject({ resumed: true })
    yield* alice.drop
    yield* Effect.sleep(200)
    expect(bob.told).toEqual([])
    yield* bob.hears("peerLeft")
  }))

it.live("a second stay of a peer ends the first, which is told so", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice, bob } = yield* call(server, "one")
    const other = yield* connect(server)
    expect((yield* other.joined("one", "alice")).peers).toEqual(["bob"])
    yield* alice.hears("ended", ({ why }) => why === "replaced")
    yield* bob.hears("peerLeft", ({ peer }) => peer === "alice")
    yield* bob.hears("peerJoined", ({ peer }) => peer === "alice")
    expect(yield* alice.refusal("sync", {})).toMatchObject({ code: "wrongState" })
  }))

it.live("a join said twice over one connection begins anew, and does not tell the client that it was replaced", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const alice = yield* connect(server)
    const first = yield* alice.joined("one", "alice")
    const second = yield* alice.joined("one", "alice")
    expect(second.resume).not.toBe(first.resume)
    expect(yield* alice.request("sync", {})).toMatchObject({ peers: [] })
    expect(alice.told).toEqual([])
  }))

it.live("a removed peer, and everybody in a closed room, are told why", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const { alice, bob } = yield* call(server, "one")
    expect(yield* server.removePeer("one", "alice")).toBe(true)
    expect(yield* server.removePeer("one", "alice")).toBe(false)
    yield* alice.hears("ended", ({ why }) => why === "removed")
    yield* bob.hears("peerLeft")
    expect(yield* server.closeRoom("one")).toBe(true)
    expect(yield* server.closeRoom("one")).toBe(false)
    yield* bob.hears("ended", ({ why }) => why === "roomClosed")
    expect((yield* bob.joined("one", "bob")).peers).toEqual([])
  }))

it.live("a room that is empty for a while is gone", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ emptyRoomMs: 50 })
    const alice = yield* connect(server)
    yield* alice.joined("one", "alice")
    yield* alice.request("leave", {})
    expect((yield* server.figures).rooms).toBe(1)
    yield* Effect.sleep(100)
    expect((yield* server.figures).rooms).toBe(0)
  }))

it.live("a room that was empty and is empty again has its whole time again", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ emptyRoomMs: 300 })
    const alice = yield* connect(server)
    yield* alice.joined("one", "alice")
    yield* alice.request("leave", {})
    yield* Effect.sleep(150)
    yield* alice.joined("one", "alice")
    yield* alice.request("leave", {})
    yield* Effect.sleep(200)
    expect((yield* server.figures).rooms).toBe(1)
  }))

it.live("a server that stops tells its peers, and leaves no process behind", () =>
  Effect.gen(function*() {
    const scope = yield* Scope.make()
    const server = yield* startServer({ workers: 2 }).pipe(Scope.provide(scope))
    const { alice, bob } = yield* call(server, "one")
    const pids = (yield* server.figures).workers.map(({ pid }) => pid!)
    yield* Scope.close(scope, Exit.void)
    yield* bob.hears("ended", ({ why }) => why === "roomClosed")
    yield* alice.hears("ended", ({ why }) => why === "roomClosed")
    expect(pids.filter(isAlive)).toEqual([])
    expect(Result.isFailure(yield* Effect.result(alice.request("sync", {})))).toBe(true)
  }))

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
