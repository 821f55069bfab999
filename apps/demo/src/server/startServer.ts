/** Composes the server: page, relay, bot and SFU behind one address. For the demo's command and its tests. */
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { relayPath } from "../relay/protocol.ts"
import { type BotOptions, botName, hostBots } from "./bot/hostBots.ts"
import type { Broker } from "./broker/Broker.ts"
import { openBroker } from "./broker/openBroker.ts"
import { portWords } from "./http/findPort.ts"
import { routeUpgrades, type Upgrade } from "./http/routeUpgrades.ts"
import { serveHttp } from "./http/serveHttp.ts"
import { acceptSockets } from "./relay/acceptSockets.ts"
import { Relay } from "./relay/Relay.ts"
import type { RelaySettings } from "./relay/RelaySettings.ts"
import { isRoomToken } from "./relay/roomToken.ts"
import { ServerError } from "./ServerError.ts"
import type { OpenSfu, SfuPlug } from "./SfuPlug.ts"

export interface ServerOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** `nats://…` or `redis://…`, which other relays share. */
  readonly broker?: string
  readonly bot?: BotOptions
  readonly sfu?: OpenSfu
  readonly relay?: Partial<RelaySettings>
  /** Origins of pages that are served elsewhere, such as `https://example.org`. */
  readonly origins?: ReadonlyArray<string>
}

export interface DemoServer {
  readonly port: number
  readonly relay: Relay
  /** Absent when there is none. */
  readonly broker: Broker | undefined
  /** What did not start, and is done without: in words. */
  readonly warnings: ReadonlyArray<string>
}

/** How long the start waits for the broker; without it rooms are this relay's alone, until it is there. */
const brokerMs = 1_000

const untilConnected = (broker: Broker): Effect.Effect<void> =>
  Effect.callback((resume) => {
    broker.onConnected(() => resume(Effect.void))
    if (broker.isConnected()) resume(Effect.void)
  })

/** Runs until the scope closes: bots hang up first, then every connection is closed. */
export const startServer = (options: ServerOptions): Effect.Effect<DemoServer, ServerError, Scope.Scope> =>
  Effect.gen(function*() {
    const { bot, broker: brokerUrl, host, origins, port, relay: settings, sfu: openSfu } = options
    const startedMs = performance.now()
    const warnings: Array<string> = []
    const optional = <A>(what: string, effect: Effect.Effect<A, Error, Scope.Scope>) =>
      Effect.catch(effect, (error) => Effect.sync(() => {
        warnings.push(`Without ${what}: ${error.message}`)
        return undefined
      }))

    const broker = brokerUrl === undefined ? undefined : yield* Effect.acquireRelease(
      Effect.tryPromise({
        try: () => openBroker(brokerUrl),
        catch: (cause) => new ServerError({ message: cause instanceof Error ? cause.message : String(cause), cause })
      }),
      (broker) => Effect.promise(() => broker.close())
    )
    if (broker !== undefined) yield* Effect.timeoutOption(untilConnected(broker), brokerMs)
    const relay = new Relay({ ...(settings && { settings }), ...(broker && { broker }) })
    const sockets = acceptSockets(relay)
    const app = yield* Effect.acquireRelease(
      Effect.promise(() =>
        serveHttp({
          config: () => ({ relay: relayPath, sfu: sfu?.path ?? null, bot: bots ? botName : null }),
          figures: async () => ({
            upMs: Math.round(performance.now() - startedMs),
            rssBytes: process.memoryUsage.rss(),
            relay: relay.figures,
            bot: bots ?? null,
            sfu: (await sfu?.figures?.()) ?? null
          })
        })
      ),
      (app) =>
        Effect.promise(async () => {
          relay.close()
          // HTTP waits for what has become a socket.
          await sockets.close()
          await app.close()
        })
    )
    // Closed before the relay, so that their hangups still arrive.
    const sfu: SfuPlug | undefined = openSfu && (yield* optional("an SFU", openSfu({ isRoomToken })))
    const bots = bot && (yield* optional("a bot", hostBots(relay, bot, sfu?.connectInside)))

    const paths: Record<string, Upgrade> = { [relayPath]: sockets.upgrade }
    if (sfu) paths[sfu.path] = sfu.upgrade
    routeUpgrades(app.server, paths, origins)
    yield* Effect.tryPromise({
      try: () => app.listen({ host, port }),
      catch: (cause) => cause as NodeJS.ErrnoException
    }).pipe(Effect.catch((cause) =>
      Effect.flatMap(Effect.promise(() => portWords(host, port, cause.code ?? cause.message)), (message) =>
        Effect.fail(new ServerError({ message, cause })))))
    // A server that listens on a port has an address of this form.
    return { port: (app.server.address() as AddressInfo).port, relay, broker, warnings }
  })
