/** Servers with real workers, and clients of them without media: what the tests here are built of. */
import { inProcess, SfuServer } from "@enigma-rtc/sfu-server"
import type { SfuMethod, SfuNotification, SfuRefusal, SfuReply, SfuRequests, SfuSignaling } from "@enigma-rtc/engine-sfu"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** How long a test waits for anything, in milliseconds. */
const patienceMs = 5_000

/** A server that lets in whoever has a token, by the name that the token is. */
export const startServer = (options: Partial<SfuServer.SfuServerOptions<string>> = {}) =>
  SfuServer.make<string>({
    authorise: ({ token }) =>
      token !== undefined && /^[\w~.-]{1,64}$/.test(token)
        ? Effect.succeed({ peer: token })
        : Effect.fail({ code: "unauthorised" } as const),
    workers: 1,
    ...options
  })
export type Server = SfuServer.SfuServer<string>

/** A client that has read all that it was told. */
export interface Client extends SfuSignaling {
  readonly told: ReadonlyArray<SfuNotification>
  readonly drop: Effect.Effect<void>
  /** Waits until it was told something. */
  readonly hears: <E extends SfuNotification["event"]>(
    event: E,
    which?: (notification: Extract<SfuNotification, { readonly event: E }>) => boolean
  ) => Effect.Effect<Extract<SfuNotification, { readonly event: E }>>
  readonly refusal: <M extends SfuMethod>(method: M, request: SfuRequests[M]["request"]) => Effect.Effect<SfuRefusal>
  /** Resumes a stay after the connection was lost, over the next one. */
  readonly resumed: (room: string, resume: string) => Effect.Effect<SfuReply<"join">>
  readonly joined: (room: string, token: string) => Effect.Effect<SfuReply<"join">>
}

/** Waits until something is so. */
export const until = (what: string, is: () => boolean): Effect.Effect<void> =>
  Effect.sleep(5).pipe(
    Effect.repeat({ until: is }),
    Effect.timeoutOrElse({ duration: patienceMs, orElse: () => Effect.die(new Error(`never: ${what}`)) }),
    Effect.asVoid
  )

/** Connects a client in this process. */
export const connect = (server: Server, identity = "someone"): Effect.Effect<Client, never, Scope.Scope> =>
  Effect.flatMap(inProcess(server, identity), (signaling) => asClient(signaling, signaling.drop))

/** A client of any signaling. */
export const asClient = (signaling: SfuSignaling, drop: Effect.Effect<void> = Effect.void) =>
  Effect.gen(function*() {
    const told: Array<SfuNotification> = []
    yield* Effect.forkScoped(Effect.forever(
      Effect.ignore(Stream.runForEach(signaling.notifications, (notification) => Effect.sync(() => void told.push(notification))))
    ))
    const client: Client = {
      ...signaling,
      told,
      drop,
      hears: (event, which = () => true) => {
        const find = () => told.find((one): one is never => one.event === event && which(one as never))
        return until(`${event} is heard`, () => find() !== undefined).pipe(Effect.andThen(Effect.sync(() => find()!)))
      },
      refusal: (method, request) =>
        Effect.flip(signaling.request(method, request)).pipe(
          Effect.flatMap((error) =>
            error._tag === "SfuRefused" ? Effect.succeed(error.refusal) : Effect.die(error)
          ),
          Effect.catchCause((cause) => Effect.die(new Error(`${method} was not refused: ${String(cause)}`)))
        ),
      resumed: (room, resume) =>
        signaling.request("join", { room, resume }).pipe(
          Effect.retry({ while: ({ _tag }) => _tag === "SfuUnreachable" }),
          Effect.timeout(patienceMs),
          Effect.orDie
        ),
      joined: (room, token) => Effect.orDie(signaling.request("join", { room, token }))
    }
    return client
  })

let ssrc = 1000
/** What a client that sends opus says. */
export const opus = (mid?: string) => ({
  ...(mid === undefined ? {} : { mid }),
  codecs: [{ mimeType: "audio/opus", payloadType: 111, clockRate: 48_000, channels: 2, parameters: {}, rtcpFeedback: [] }],
  headerExtensions: [],
  encodings: [{ ssrc: ssrc++ }],
  rtcp: { cname: "test" }
})
/** What a client that sends VP8 in three sizes says. */
export const simulcast = () => ({
  mid: "1",
  codecs: [{ mimeType: "video/VP8", payloadType: 96, clockRate: 90_000, parameters: {}, rtcpFeedback: [] }],
  headerExtensions: [],
  encodings: [{ ssrc: ssrc++ }, { ssrc: ssrc++ }, { ssrc: ssrc++ }],
  rtcp: { cname: "test" }
})
/** The fingerprint of a certificate that nobody has. */
export const dtlsParameters: SfuRequests["connectTransport"]["request"]["dtlsParameters"] = {
  role: "client",
  fingerprints: [{ algorithm: "sha-256", value: Array.from({ length: 32 }, () => "AB").join(":") }]
}

/** Opens a transport, and gives its id. */
export const transport = (client: Client, direction: "send" | "receive") =>
  Effect.map(Effect.orDie(client.request("createTransport", { direction })), ({ transport }) => transport)

/** Sends opus to an audience, and gives the producer's id. */
export const speak = (client: Client, transport: string, audience: ReadonlyArray<string>) =>
  Effect.map(
    Effect.orDie(client.request("produce", { transport, slot: "microphone", kind: "audio", rtpParameters: opus(), audience })),
    ({ producer }) => producer
  )

/** Sends data to an audience, and gives the producer's id. */
export const sendData = (client: Client, transport: string, audience: ReadonlyArray<string>, streamId = 1) =>
  Effect.map(
    Effect.orDie(
      client.request("produceData", { transport, sctpStreamParameters: { streamId }, label: "chat", protocol: "", audience })
    ),
    ({ producer }) => producer
  )

/** Two clients in a room: one sends a microphone to the other, who consumes it. A call as far as the server sees it. */
export const call = (server: Server, room: string) =>
  Effect.gen(function*() {
    const alice = yield* connect(server)
    const bob = yield* connect(server)
    yield* alice.joined(room, "alice")
    const { routerRtpCapabilities } = yield* bob.joined(room, "bob")
    const send = yield* transport(alice, "send")
    const receive = yield* transport(bob, "receive")
    const producer = yield* speak(alice, send, ["bob"])
    const consumed = yield* Effect.orDie(
      bob.request("consume", { transport: receive, producer, rtpCapabilities: routerRtpCapabilities })
    )
    yield* Effect.orDie(bob.request("setConsumer", { consumer: consumed.consumer, paused: false }))
    return { alice, bob, send, receive, producer, consumed, routerRtpCapabilities }
  })
