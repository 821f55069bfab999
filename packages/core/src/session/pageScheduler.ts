/** How fibers go on in a page that nobody looks at. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"

/** As much of W3C's MessageChannel as is used here: core is not a page's alone, and has no types of one. */
interface Port {
  readonly addEventListener: (type: "message", take: () => void) => void
  readonly start: () => void
  readonly postMessage: (nothing: number) => void
}
interface Page {
  readonly document?: unknown
  readonly setImmediate?: unknown
  readonly MessageChannel?: new() => { readonly port1: Port; readonly port2: Port }
}

/** Runs tasks in order, each in a turn of its own: a message to oneself, which no browser holds back. */
const turnsByMessage = ({ port1, port2 }: { readonly port1: Port; readonly port2: Port }) => {
  const waiting: Array<{ task?: () => void }> = []
  port1.addEventListener("message", () => waiting.shift()?.task?.())
  port1.start()
  return (task: () => void) => {
    const turn: { task?: () => void } = { task }
    waiting.push(turn)
    port2.postMessage(0)
    return () => {
      delete turn.task
    }
  }
}

let context: Context.Context<never> | undefined

/**
 * What fibers are run with in this environment: in a page a scheduler that needs no timers, elsewhere nothing. Nothing is
 * made before it is asked for.
 */
export const pageContext = (): Context.Context<never> => {
  if (context !== undefined) return context
  const here: object = globalThis
  const { MessageChannel, document, setImmediate } = here as Page
  return context = document === undefined || setImmediate !== undefined || MessageChannel === undefined
    ? Context.empty()
    : Context.make(Scheduler.Scheduler, new Scheduler.MixedScheduler("async", turnsByMessage(new MessageChannel())))
}

/**
 * Runs an effect so that a page's fibers do not go on by timers, unless it has a scheduler of its own. Without
 * `setImmediate`, which pages lack, Effect's default scheduler uses `setTimeout`, which browsers hold back to one a second
 * in a tab that is not looked at. Lines, sessions and the Promise API do this by themselves; a page's own programs may.
 * Elsewhere, as in Node, it does nothing.
 */
export const withPageScheduler = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.updateContext(effect, (own: Context.Context<R>) => Context.merge(pageContext(), own))
