import { createServer, type IncomingMessage } from "node:http"
import { type AddressInfo, connect as connectTcp } from "node:net"
import { PassThrough } from "node:stream"
import { expect, it } from "@effect/vitest"
import { acceptWebSockets, serveWebSocket, type SfuWebSocketOptions } from "@enigma-rtc/sfu-server"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { WebSocket } from "ws"
import { asClient, type Server, startServer, until } from "./rig.ts"

/** Serves on a free port, and gives the address. */
const listen = (server: Server, options: Partial<SfuWebSocketOptions<string>> = {}) =>
  Effect.gen(function*() {
    const http = yield* Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const http = createServer()
        http.listen(0, "127.0.0.1", () => resume(Effect.succeed(http)))
      }),
      (http) => Effect.sync(() => void http.close())
    )
    yield* serveWebSocket(http, server, {
      identify: ({ url }) => url?.endsWith("?nobody") ? Effect.fail("nobody") : Effect.succeed("someone"),
      allowOrigin: (origin) => origin === undefined || origin === "https://app.example",
      ...options
    })
    return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/sfu`
  })

/** Opens a socket, and gives the HTTP status or the code with which it ends. */
const endOf = (url: string, origin: string, opened: (socket: WebSocket) => void = () => {}) =>
  Effect.callback<number>((resume) => {
    const socket = new WebSocket(url, { origin })
    socket.on("open", () => opened(socket))
    socket.on("unexpected-response", (_, { statusCode = 0 }) => resume(Effect.succeed(statusCode)))
    socket.on("close", (code) => resume(Effect.succeed(code)))
    socket.on("error", () => {})
  }).pipe(Effect.timeout(5_000))

it.live("a client over a WebSocket joins, is told things, and resumes its stay over the next connection", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const url = yield* listen(server)
    const alice = yield* Effect.flatMap(webSocketSignaling(url, { firstMs: 10 }), asClient)
    const bob = yield* Effect.flatMap(webSocketSignaling(url), asClient)
    const { resume } = yield* alice.joined("one", "alice")
    yield* bob.joined("one", "bob")
    yield* alice.hears("peerJoined", ({ peer }) => peer === "bob")
    expect(yield* alice.refusal("restartIce", { transport: "none" })).toEqual({ code: "notFound", what: "transport", id: "none" })
    // Too long a message ends the connection.
    yield* Effect.flip(alice.request("join", { room: "one", token: "x".repeat(300_000) }))
    expect(yield* alice.request("join", { room: "one", resume })).toMatchObject({ resumed: true, peers: ["bob"] })
    expect(bob.told).toEqual([])
  }))

it.live("pages of other origins, and who is not identified, do not get a connection", () =>
  Effect.gen(function*() {
    const url = yield* Effect.flatMap(startServer(), listen)
    expect(yield* endOf(url, "https://evil.example")).toBe(403)
    expect(yield* endOf(`${url}?nobody`, "https://app.example")).toBe(401)
  }))

it.live("what is no handshake, and what is for nobody, is answered and closed", () =>
  Effect.gen(function*() {
    const url = yield* Effect.flatMap(startServer(), listen)
    expect(yield* endOf(url.replace("/sfu", "/other"), "https://app.example")).toBe(404)
    const answer = yield* Effect.callback<string>((resume) => {
      const socket = connectTcp(Number(new URL(url).port), "127.0.0.1", () =>
        socket.write("GET /sfu HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))
      let text = ""
      socket.on("data", (data) => void (text += String(data)))
      socket.on("close", () => resume(Effect.succeed(text)))
    }).pipe(Effect.timeout(2_000))
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /)
  }))

it.live("a binary message, and a message that is too long, close the connection", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const url = yield* listen(server)
    expect(yield* endOf(url, "https://app.example", (socket) => socket.send(Buffer.from("{}")))).toBe(1003)
    expect(yield* endOf(url, "https://app.example", (socket) => socket.send("x".repeat(300_000)))).toBe(1009)
  }))

it.live("a client that gives no sign of life is gone", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const url = yield* listen(server, { heartbeatMs: 50 })
    const socket = new WebSocket(url, { autoPong: false })
    let closed = false
    socket.on("close", () => void (closed = true))
    yield* until("it is gone", () => closed)
  }))

it.live("a client that does not read what it is sent is cut off", () =>
  Effect.gen(function*() {
    const server = yield* startServer({ limits: { outgoing: 100, requestsPerSecond: 1_000_000, requestBurst: 1_000_000 } })
    const url = yield* listen(server)
    const socket = new WebSocket(url)
    yield* Effect.callback<void>((resume) => void socket.on("open", () => resume(Effect.void)))
    socket.pause()
    const flood = setInterval(() => {
      for (let id = 0; id < 1_000; id += 1) {
        socket.send(JSON.stringify({ id, method: "x".repeat(1_000) }))
      }
    }, 5)
    let slow = 0
    yield* Effect.forkScoped(Effect.forever(Effect.flatMap(server.figures, ({ slowReaders }) => {
      slow = slowReaders
      return Effect.sleep(20)
    })))
    yield* until("it is cut off", () => slow === 1)
    clearInterval(flood)
    socket.terminate()
  }))

it.live("when the server stops, its sockets are closed", () =>
  Effect.gen(function*() {
    let code = 0
    yield* Effect.scoped(Effect.gen(function*() {
      const url = yield* Effect.flatMap(startServer(), listen)
      const socket = new WebSocket(url)
      socket.on("close", (with_) => void (code = with_))
      yield* Effect.callback<void>((resume) => void socket.on("open", () => resume(Effect.void)))
    }))
    yield* until("it is closed", () => code !== 0)
  }))

it.live("an upgrade that is handed over as the server stops, or after that, is not left open", () =>
  Effect.gen(function*() {
    const server = yield* startServer()
    const scope = Scope.makeUnsafe()
    const accept = yield* Scope.provide(acceptWebSockets(server, { identify: () => Effect.never }), scope)
    const handOver = () => {
      const socket = new PassThrough()
      accept({ url: "/sfu", method: "GET", headers: {} } as IncomingMessage, socket, Buffer.alloc(0))
      return socket
    }
    const before = handOver()
    yield* Scope.close(scope, Exit.void)
    expect(before.destroyed).toBe(true)
    const after = handOver()
    expect(after.writableEnded).toBe(true)
    expect(String(after.read())).toMatch(/^HTTP\/1.1 503 /)
  }))
