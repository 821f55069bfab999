/** One client's connection: text in, text out, whatever carries it. Requests are answered one after another. */
import type { SfuNotification, SfuRefusal } from "@enigma-rtc/engine-sfu"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Stream from "effect/Stream"
import type { Counts } from "./figures.ts"
import type { SfuLimits } from "./limits.ts"
import { Rate } from "./Rate.ts"
import { tooMany, unavailable } from "./refusals.ts"
import { type Incoming, readRequest } from "./requests.ts"
import type { Listener } from "./Stay.ts"

/** A client's connection to a server. */
export interface SfuConnection {
  /** Takes a request as text; what is none is refused. Never throws. */
  readonly receive: (text: string) => void
  /** Replies and notifications, for one reader, in their order. Ends when the connection is closed, by either side. */
  readonly outgoing: Stream.Stream<string>
  /** Closes it. The client's stay goes on for a while, to be resumed over another. */
  readonly close: Effect.Effect<void>
}

/** What a connection asks of its server. */
export interface ConnectionHost {
  readonly limits: SfuLimits
  readonly counts: Counts
  /** Performs a request of the connection that `listener` is, without a limit in time. */
  readonly perform: (listener: OpenConnection, incoming: Incoming) => Effect.Effect<object, SfuRefusal>
  /** Runs until the server stops. */
  readonly run: (effect: Effect.Effect<void>) => void
  /** The connection is closed. */
  readonly closed: (listener: OpenConnection) => void
}

/** A connection, as the server sees it. */
export class OpenConnection implements Listener {
  readonly #host: ConnectionHost
  readonly #outgoing: Queue.Queue<string, Cause.Done>
  readonly #waiting: Array<Incoming> = []
  readonly #rate: Rate
  /** Of requests that come too fast: reading them takes time, too. */
  readonly #patience: Rate
  #busy = false
  open = true

  constructor(host: ConnectionHost, outgoing: Queue.Queue<string, Cause.Done>) {
    this.#host = host
    this.#outgoing = outgoing
    this.#rate = new Rate(host.limits.requestsPerSecond, host.limits.requestBurst, Date.now())
    this.#patience = new Rate(host.limits.requestsPerSecond, host.limits.requestBurst, Date.now())
  }

  tell(notification: SfuNotification): void {
    this.#send(notification)
  }

  receive(text: string): void {
    if (!this.open) {
      return
    }
    const { counts, limits } = this.#host
    counts.requests += 1
    const inTime = this.#rate.take(Date.now())
    if (!inTime && !this.#patience.take(Date.now())) {
      return this.close()
    }
    const read = readRequest(text, limits.messageLength)
    if (Result.isFailure(read)) {
      // Who says nothing sensible all the time is not listened to.
      return inTime ? this.#refuse(read.failure.id, read.failure.refusal) : this.close()
    }
    const incoming = read.success
    if (!inTime) {
      return this.#refuse(incoming.id, tooMany("requests in a second", limits.requestsPerSecond))
    }
    if (this.#waiting.length + (this.#busy ? 1 : 0) >= limits.requestsInFlight) {
      return this.#refuse(incoming.id, tooMany("requests without a reply", limits.requestsInFlight))
    }
    this.#waiting.push(incoming)
    if (!this.#busy) {
      this.#busy = true
      this.#host.run(this.#work())
    }
  }

  close(): void {
    if (!this.open) {
      return
    }
    this.open = false
    this.#waiting.length = 0
    Queue.endUnsafe(this.#outgoing)
    this.#host.closed(this)
  }

  #work(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function*() {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        yield* this.#answer(next)
      }
      this.#busy = false
    })
  }

  /** What takes too long goes on, so that it can tidy up behind it; only its reply is given up. */
  #answer(incoming: Incoming): Effect.Effect<void> {
    const { id } = incoming
    return Effect.callback<void>((resume) => {
      let answered = false
      const answer = (send: () => void) => {
        if (!answered) {
          answered = true
          clearTimeout(timer)
          send()
          resume(Effect.void)
        }
      }
      const timer = setTimeout(() => answer(() => this.#refuse(id, unavailable)), this.#host.limits.requestMs)
      this.#host.run(
        this.#host.perform(this, incoming).pipe(
          Effect.matchCauseEffect({
            onSuccess: (ok) => Effect.sync(() => answer(() => this.#send({ id, ok }))),
            onFailure: (cause) => Effect.sync(() => answer(() => this.#refuse(id, refusalOf(cause))))
          })
        )
      )
      return Effect.sync(() => clearTimeout(timer))
    })
  }

  #refuse(id: number | null, refusal: SfuRefusal): void {
    this.#host.counts.refusals[refusal.code] += 1
    this.#send({ id, refused: refusal })
  }

  #send(frame: object): void {
    if (this.open && !Queue.offerUnsafe(this.#outgoing, JSON.stringify(frame))) {
      this.#host.counts.slowReaders += 1
      this.close()
    }
  }
}

/** A handler's refusal; a defect of the server's own is `unavailable`. */
const refusalOf = (cause: Cause.Cause<SfuRefusal>): SfuRefusal => {
  for (const reason of cause.reasons) {
    if (reason._tag === "Fail") {
      return reason.error
    }
  }
  return unavailable
}
