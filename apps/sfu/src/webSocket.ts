/** A server's clients over WebSockets (RFC 6455), on an HTTP server that the app has. */
import type { IncomingMessage, Server } from "node:http"
import type { Duplex } from "node:stream"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type WebSocket, WebSocketServer } from "ws"
import { defaultLimits } from "./limits.ts"
import type { SfuServer } from "./SfuServer.ts"

/** What takes a WebSocket's upgrade over, as of `node:http`. */
export type SfuUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** What a connection is, whoever hands it over. */
export interface SfuSocketOptions<Identity> {
  /** Who connects, by its cookies or whatever the app has: `authorise` is told. What fails is answered 401. */
  readonly identify: (request: IncomingMessage) => Effect.Effect<Identity, unknown>
  /** The longest message, in bytes; with a longer one the connection is closed, with code 1009. 262 144, if left out. */
  readonly maxMessageBytes?: number
  /** How often the other end is asked for a sign of life, in milliseconds; without one, it is gone. 15 000, if left out. */
  readonly heartbeatMs?: number
}

/** How clients connect. */
export interface SfuWebSocketOptions<Identity> extends SfuSocketOptions<Identity> {
  /** The path to connect to: `/sfu`, if left out. Upgrades to other paths are left to others, if others listen. */
  readonly path?: string
  /** Whether pages of this origin may connect; `undefined` is no page. Others are answered 403. */
  readonly allowOrigin: (origin: string | undefined) => boolean
}

/** How long `identify` may take, in milliseconds. */
const identifyMs = 10_000

/**
 * Takes upgrades that the app hands over, for one whose HTTP server has sockets of other kinds too, until the scope closes:
 * later ones are answered 503. Paths and origins are the app's to check.
 */
export const acceptWebSockets = <Identity>(
  server: SfuServer<Identity>,
  { heartbeatMs = 15_000, identify, maxMessageBytes = 4 * defaultLimits.messageLength }: SfuSocketOptions<Identity>
): Effect.Effect<SfuUpgrade, never, Scope.Scope> =>
  Effect.gen(function*() {
    const fork = yield* FiberSet.makeRuntime<never, void, never>()
    const upgrader = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, clientTracking: false })
    let open = true
    yield* Effect.addFinalizer(() => Effect.sync(() => void (open = false)))
    return (request, socket, head) => {
      // Until the upgrade, nobody else listens.
      socket.on("error", () => socket.destroy())
      if (!open) {
        return refuse(socket, "503 Service Unavailable")
      }
      fork(
        Effect.suspend(() => identify(request)).pipe(
          Effect.timeout(identifyMs),
          Effect.matchCauseEffect({
            onFailure: () => Effect.sync(() => refuse(socket, "401 Unauthorized")),
            onSuccess: (identity) =>
              upgraded(upgrader, request, socket, head).pipe(
                Effect.flatMap((webSocket) => serve(webSocket, server, identity, heartbeatMs))
              )
          }),
          // The server has stopped before it knew who connects.
          Effect.onInterrupt(() => Effect.sync(() => socket.destroy()))
        )
      )
    }
  })

/** Serves clients of `server` on `http` until the scope closes. */
export const serveWebSocket = <Identity>(
  http: Server,
  server: SfuServer<Identity>,
  options: SfuWebSocketOptions<Identity>
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { allowOrigin, path = "/sfu" } = options
    const accept = yield* acceptWebSockets(server, options)
    const onUpgrade: SfuUpgrade = (request, socket, head) => {
      const mine = pathOf(request) === path
      if (!mine && http.listenerCount("upgrade") > 1) {
        return
      }
      socket.on("error", () => socket.destroy())
      if (!mine) {
        return refuse(socket, "404 Not Found")
      }
      if (!allowOrigin(request.headers.origin)) {
        return refuse(socket, "403 Forbidden")
      }
      accept(request, socket, head)
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => void http.on("upgrade", onUpgrade)),
      () => Effect.sync(() => void http.off("upgrade", onUpgrade))
    )
  })

const pathOf = ({ url = "" }: IncomingMessage): string => url.split("?", 1)[0]!

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

const upgraded = (
  upgrader: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer
): Effect.Effect<WebSocket> =>
  Effect.callback((resume) => {
    if (socket.destroyed) {
      return resume(Effect.interrupt)
    }
    // What is no WebSocket handshake is answered 400, and closed: nobody waits for it.
    socket.once("close", () => resume(Effect.interrupt))
    upgrader.handleUpgrade(request, socket, head, (webSocket) => resume(Effect.succeed(webSocket)))
  })

/** Serves one client until either side closes. Sending waits for the socket, so that what a slow one does not read piles up
 * in its connection, which bounds it. */
const serve = <Identity>(
  socket: WebSocket,
  server: SfuServer<Identity>,
  identity: Identity,
  heartbeatMs: number
): Effect.Effect<void> =>
  Effect.scoped(Effect.gen(function*() {
    yield* Effect.addFinalizer(() => Effect.sync(() => socket.terminate()))
    const connection = yield* server.connect(identity)
    const gone = Effect.callback<void>((resume) => {
      if (socket.readyState === socket.CLOSED) {
        return resume(Effect.void)
      }
      socket.on("close", () => resume(Effect.void))
    })
    // An error is followed by `close`.
    socket.on("error", () => {})
    socket.on("message", (data, isBinary) => {
      // A message is one buffer, unless `binaryType` says otherwise.
      if (isBinary || !Buffer.isBuffer(data)) {
        socket.close(1003, "text only")
      } else {
        connection.receive(data.toString("utf8"))
      }
    })
    const write = (text: string) =>
      Effect.callback<void>((resume) => socket.send(text, (error) => resume(error == null ? Effect.void : Effect.never)))
    const sending = Stream.runForEach(connection.outgoing, write).pipe(
      Effect.andThen(Effect.sync(() => socket.close(1001, "closed by the server")))
    )
    yield* Effect.raceAllFirst([gone, Effect.andThen(sending, Effect.timeoutOption(gone, closeMs)), heartbeat(socket, heartbeatMs)])
  }))

/** How long the other end may take to close, in milliseconds. */
const closeMs = 2_000

/** Ends when the other end has given no sign of life between two of ours. */
const heartbeat = (socket: WebSocket, everyMs: number): Effect.Effect<void> =>
  Effect.gen(function*() {
    let alive = true
    socket.on("pong", () => void (alive = true))
    while (alive) {
      alive = false
      socket.ping()
      yield* Effect.sleep(everyMs)
    }
  })
