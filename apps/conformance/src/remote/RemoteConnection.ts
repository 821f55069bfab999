/** The near side's end of a transport: asks, and hears what is told unasked. Nothing waits longer than its limit. */
import { WebRtcError, type WebRtcReason } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { Handle, Questions, ToFar, ToNear, Verb } from "./Frame.ts"
import type { TextTransport } from "./TextTransport.ts"
import { fromWireError } from "./wire.ts"

/** What is told of a connection or a channel. */
export type Told = Exclude<ToNear, { readonly _tag: "Done" | "Failed" | "Died" }>

/** Whose question it is, and how long its answer may take. */
export interface Asker {
  /** The engine's name, for errors. */
  readonly engine: string
  readonly limitMs: number
  /** The connection that it is an operation of. */
  readonly peer?: Handle
}

export interface RemoteConnection {
  /** The far side's answer. Fails with the reason `Timeout` after the limit, and `Closed` when the transport closes. */
  readonly ask: <V extends Verb>(
    by: Asker,
    verb: V,
    ...args: Parameters<Questions[V]>
  ) => Effect.Effect<ReturnType<Questions[V]>, WebRtcError>
  /** Answers what a connection has been asked and not answered yet: `Closed`. */
  readonly abandon: (peer: Handle) => void
  /** A number that nothing else of this transport has. */
  readonly newHandle: () => Handle
  /** Hears what is told under a handle, and that there will be no more since the transport has closed. */
  readonly hear: (handle: Handle, onTold: (told: Told) => void, onClosed: () => void) => void
  readonly unhear: (handle: Handle) => void
}

interface Waiting {
  readonly by: Asker
  readonly verb: Verb
  readonly resume: (result: Effect.Effect<unknown, WebRtcError>) => void
}

const fail = ({ engine }: Asker, operation: string, reason: WebRtcReason) => Effect.fail(new WebRtcError({ engine, operation, reason }))

export const remoteConnection = (transport: TextTransport): RemoteConnection => {
  const waiting = new Map<number, Waiting>()
  const hearing = new Map<Handle, { readonly onTold: (told: Told) => void; readonly onClosed: () => void }>()
  let [isClosed, lastId, lastHandle] = [false, 0, 0]

  const tell = (frame: ToFar) => transport.send(JSON.stringify(frame))
  const settle = (id: number, result: (by: Asker) => Effect.Effect<unknown, WebRtcError>) => {
    const one = waiting.get(id)
    waiting.delete(id)
    one?.resume(result(one.by))
  }
  const abandon = (which: (by: Asker) => boolean) => {
    for (const [id, { by, verb }] of waiting) if (which(by)) settle(id, () => fail(by, verb, { _tag: "Closed" }))
  }
  const take = (frame: ToNear) => {
    switch (frame._tag) {
      case "Done":
        return settle(frame.id, () => Effect.succeed(frame.value))
      case "Failed":
        // The far side does not always know whose name an error is in.
        return settle(frame.id, ({ engine }) => Effect.fail(fromWireError({ ...frame.error, ...(frame.error.engine === "remote" ? { engine } : {}) })))
      case "Died":
        return settle(frame.id, () => Effect.die(new Error(`At the far side: ${frame.message}`)))
      case "Event":
      case "EventsEnded":
        return hearing.get(frame.peer)?.onTold(frame)
      case "Message":
      case "ChannelEnded":
        return hearing.get(frame.channel)?.onTold(frame)
    }
  }
  transport.listen(
    // Both sides are of one build.
    (text) => take(JSON.parse(text) as ToNear),
    () => {
      isClosed = true
      abandon(() => true)
      for (const { onClosed } of hearing.values()) onClosed()
      hearing.clear()
    }
  )

  return {
    ask: (by, verb, ...args) => {
      const answer = Effect.callback<unknown, WebRtcError>((resume) => {
        if (isClosed) return resume(fail(by, verb, { _tag: "Closed" }))
        const id = ++lastId
        waiting.set(id, { by, verb, resume })
        tell({ _tag: "Ask", id, verb, args })
        return Effect.sync(() => {
          if (waiting.delete(id)) tell({ _tag: "Stop", id })
        })
      })
      const { limitMs } = by
      const limited = Effect.timeoutOrElse(answer, { duration: limitMs, orElse: () => fail(by, verb, { _tag: "Timeout", limitMs }) })
      // Both sides are made of one table of questions, so that this is the answer to this verb.
      return limited as Effect.Effect<ReturnType<Questions[typeof verb]>, WebRtcError>
    },
    abandon: (peer) => abandon((by) => by.peer === peer),
    newHandle: () => ++lastHandle,
    hear: (handle, onTold, onClosed) => {
      if (isClosed) onClosed()
      else hearing.set(handle, { onTold, onClosed })
    },
    unhear: (handle) => void hearing.delete(handle)
  }
}
