/** A call on its way from one engine to another: asked for here or by the peer, and told in words. For `ActiveCall`. */
import type { LineCall } from "@enigma-rtc/core"
import { type ReadonlySignal, signal } from "@preact/signals"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { announce } from "./announce.ts"
import { p2p, sfu, wordsOf } from "./engines.ts"
import { runPromise } from "./run.ts"
import { isLateMove, stayWords } from "./words.ts"

export interface Moving {
  /** The engine that the call is on. */
  readonly engine: ReadonlySignal<string>
  /** The one that it is on its way to, for its user here. */
  readonly target: ReadonlySignal<string | undefined>
  /** What is to be known of the last move, by whomever. */
  readonly said: ReadonlySignal<string | undefined>
  readonly move: (engine: string) => Promise<void>
}

/** An SFU may be away for so long, and be back: its clients come back to it by themselves. */
const patienceMs = 3_000
/** How long words of what went well are shown. */
const shownMs = 6_000

/** `isSfuThere`: does another call of this page go through it just now? Then it is not to blame. */
export const makeMoving = (call: LineCall, isSfuThere: () => boolean) => {
  const engine = signal(Effect.runSync(call.engine))
  const target = signal<string | undefined>(undefined)
  const said = signal<string | undefined>(undefined)
  /** Where it was asked to go from here, until that is told; and whether its user waits no longer, as the peer is late. */
  let asked: { readonly to: string; readonly isLate: boolean } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const say = (words: string, forMs?: number) => {
    said.value = words
    announce(words)
    if (forMs !== undefined) setTimeout(() => said.peek() === words && (said.value = undefined), forMs)
  }
  const sayThere = (to: string) => void announce(`Media goes ${wordsOf(to)} now.`)
  const move = async (to: string): Promise<void> => {
    if (target.peek() !== undefined || engine.peek() === to) return
    const from = engine.peek()
    const before = asked
    asked = { to, isLate: false }
    target.value = to
    said.value = undefined
    const exit = await runPromise(Effect.exit(call.switchEngine(to)))
    target.value = undefined
    // The truth, whatever was told until now.
    engine.value = Effect.runSync(call.engine)
    if (Exit.isSuccess(exit)) return sayThere(to)
    const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")?.error
    asked = isLateMove(failure) ? { to, isLate: true } : before
    if (Effect.runSync(call.state)._tag === "Connected") say(stayWords(call.peer, wordsOf(from), to, failure))
  }
  /** Where nothing comes through the SFU, there is another way. Where it is the peer that is away, there is none. */
  const leaveSfuLater = (): void => {
    clearTimeout(timer)
    if (engine.peek() !== sfu) return
    timer = setTimeout(() => {
      if (isSfuThere()) return leaveSfuLater()
      if (engine.peek() !== sfu) return
      say("Nothing comes through the SFU: peer to peer is tried.", shownMs)
      void move(p2p)
    }, patienceMs)
  }
  return {
    engine,
    target,
    said,
    move,
    /** The call goes on over this engine. */
    switched: (to: string): void => {
      engine.value = to
      if (asked?.to !== to) say(`${call.peer} has moved the call: media goes ${wordsOf(to)}.`, shownMs)
      else if (asked.isLate) {
        said.value = undefined
        sayThere(to)
      }
      asked = undefined
    },
    /** Nothing comes through. */
    interrupted: leaveSfuLater,
    /** Something does, or the call is over. */
    settled: (): void => clearTimeout(timer)
  }
}
