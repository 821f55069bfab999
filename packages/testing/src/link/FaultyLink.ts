/** A signaling relay in memory that loses, delays, reorders and repeats, as one seed decides. For tests and simulations. */
import { ChannelClosed, type Incoming, type SignalingChannel } from "@enigma-rtc/core"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Arrival, type ChannelConditions, decideFate, type FaultKind, type Span } from "./ChannelConditions.ts"
import { seededRandom } from "./SeededRandom.ts"

/** A fault that the link is about to do. */
export interface LinkFault {
  /** The same in every run with the same texts. */
  readonly id: string
  readonly kind: FaultKind | "crash"
  /** In milliseconds since the first channel was joined. */
  readonly atMs: number
  readonly who: string
  readonly what: string
}

/** How a link is made. */
export interface FaultyLinkOptions extends ChannelConditions {
  /** Decides every fault: a whole number. */
  readonly seed: number
  /** From then on, in milliseconds since the first channel was joined, no fault begins. Never without it. */
  readonly healsAtMs?: number
  /** Is asked before each fault; one that it denies does not happen. Allows all without it. */
  readonly happens?: (fault: LinkFault) => boolean
}

/** One text that was given to a channel, and what became of it for each channel that has the name. */
export interface LinkEntry {
  /** In milliseconds since the first channel was joined, as all times of the log. */
  readonly atMs: number
  readonly from: string
  readonly to: string
  readonly text: string
  /** The channel was down: `send` has failed. */
  readonly refused: boolean
  /** For each channel of that name that the text is for, when it arrives there; none when it is lost. */
  readonly arrivals: ReadonlyArray<ReadonlyArray<Arrival>>
}

/** A relay that is at fault, and what went over it. */
export interface FaultyLink {
  /**
   * Joins under a name, until the scope closes. Several channels may have one name, as a user's devices: each gets
   * everything that is sent to it, and each with a fate of its own.
   */
  readonly join: (name: string) => Effect.Effect<SignalingChannel, never, Scope.Scope>
  /** Every text that was sent, in order, for as long as the link is there. */
  readonly log: ReadonlyArray<LinkEntry>
  /** How good the link is from now on, for what is sent from now on. */
  conditions: ChannelConditions
}

interface Joined {
  readonly inbox: Queue.Queue<Incoming, Cause.Done>
  readonly scope: Scope.Scope
  /** By sender: when the last text of those that keep their order arrives. */
  readonly lastMs: Map<string, number>
}

/** Makes a link. The same seed, conditions and texts at the same times have the same fate, on Effect's clock. */
export const faultyLink = ({ happens = () => true, healsAtMs = Infinity, seed, ...conditions }: FaultyLinkOptions): FaultyLink => {
  const random = seededRandom(seed)
  const log: Array<LinkEntry> = []
  const joined = new Map<string, Set<Joined>>()
  const counts = new Map<string, number>()
  let startMs: number | undefined
  const now = (clock: Clock.Clock): number => {
    const ms = clock.currentTimeMillisUnsafe()
    startMs ??= ms
    return ms - startMs
  }

  const deliver = (to: Joined, incoming: Incoming, delayMs: number): Effect.Effect<void> => {
    const arrive = Effect.sync(() => {
      Queue.offerUnsafe(to.inbox, incoming)
    })
    return delayMs <= 0 ? arrive : Effect.asVoid(Effect.forkIn(Effect.delay(arrive, delayMs), to.scope, { startImmediately: true }))
  }

  const send = (name: string, text: string, peer: string) =>
    Clock.clockWith((clock) => {
      const atMs = now(clock)
      const pair = `${name}>${peer}`
      const number = counts.get(pair) ?? 0
      counts.set(pair, number + 1)
      const current = atMs >= healsAtMs ? calm(link.conditions) : link.conditions
      const entry = { atMs, from: name, to: peer, text }
      const down = current.crashes?.find(({ fromMs, of, toMs }) => fromMs <= atMs && atMs < toMs && (of === undefined || of === name))
      // A crash is one fault, however many texts it refuses.
      if (down !== undefined && happens(crashFault(down))) {
        log.push({ ...entry, refused: true, arrivals: [] })
        return Effect.fail(new ChannelClosed({ operation: "send" }))
      }
      const deliveries: Array<Effect.Effect<void>> = []
      const arrivals = [...joined.get(peer) ?? []].map((to, device) => {
        const who = device === 0 ? `${pair}#${number}` : `${pair}#${number} on device ${device}`
        const lastMs = to.lastMs.get(name) ?? 0
        const fate = decideFate(current, random.of(who), atMs, lastMs, (kind, what) => happens({ id: `${who} ${kind}`, kind, atMs, who, what }))
        to.lastMs.set(name, Math.max(lastMs, fate[0]?.atMs ?? 0))
        for (const arrival of fate) deliveries.push(deliver(to, { peer: name, text }, arrival.atMs - atMs))
        return fate
      })
      log.push({ ...entry, refused: false, arrivals })
      return Effect.forEach(deliveries, (delivery) => delivery, { discard: true })
    })

  const link: FaultyLink = {
    log,
    conditions,
    join: (name) =>
      Effect.gen(function*() {
        now(yield* Clock.Clock)
        const inbox = yield* Queue.unbounded<Incoming, Cause.Done>()
        const scope = yield* Scope.fork(yield* Effect.scope)
        const channel: Joined = { inbox, scope, lastMs: new Map() }
        const others = joined.get(name) ?? new Set()
        joined.set(name, others.add(channel))
        yield* Effect.addFinalizer(() =>
          Effect.sync(() => {
            others.delete(channel)
            Queue.endUnsafe(inbox)
          })
        )
        return {
          send: (text, peer) =>
            Effect.suspend(() =>
              others.has(channel) ? send(name, text, peer) : Effect.fail(new ChannelClosed({ operation: "send" }))
            ),
          incoming: Stream.fromQueue(inbox)
        } satisfies SignalingChannel
      })
  }
  return link
}

const crashFault = ({ fromMs, of = "every end", toMs }: Span & { readonly of?: string }): LinkFault => ({
  id: `channel of ${of} down at ${fromMs}`,
  kind: "crash",
  atMs: fromMs,
  who: of,
  what: `its channel takes nothing until ${toMs} ms`
})

/** The conditions without their faults: what remains is the shortest delay, and that nothing overtakes. */
const calm = ({ delay }: ChannelConditions): ChannelConditions => ({
  inOrder: true,
  ...(delay === undefined ? {} : { delay: { minMs: delay.minMs, maxMs: delay.minMs } })
})
