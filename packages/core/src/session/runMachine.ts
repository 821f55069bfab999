/** Holds a call's state: each input is decided at once, then its commands are done, in order. For `CallSession`. */
import type * as Fiber from "effect/Fiber"
import type { CallCommand } from "../call/CallCommand.ts"
import type { CallInput } from "../call/CallInput.ts"
import type { CallState } from "../call/CallState.ts"
import type { Observe } from "../call/Recorder.ts"
import { step, type Verdict } from "../call/step.ts"
import type { WebRtcError } from "../EnigmaRtcError.ts"

/** An input's verdict, and the fibers that its commands have set to work. */
export interface Dispatched {
  readonly verdict: Verdict
  readonly tasks: ReadonlyArray<Fiber.Fiber<void, WebRtcError>>
  /** Those of the other connection of a call that moves. */
  readonly also?: ReadonlyArray<Fiber.Fiber<void, WebRtcError>>
}

/** A state that the call came to, and what was done for it. */
export interface Move {
  readonly state: CallState
  readonly commands: ReadonlyArray<CallCommand>
}

export interface Machine {
  readonly state: () => CallState
  readonly dispatch: (input: CallInput) => Dispatched
}

export const runMachine = (
  initial: CallState,
  onMoved: (before: CallState, after: CallState) => void,
  perform: (command: CallCommand) => Fiber.Fiber<void, WebRtcError> | undefined,
  onSettled: (moves: ReadonlyArray<Move>) => void,
  observe?: Observe
): Machine => {
  let state = initial
  let busy = false
  const todo: Array<CallCommand> = []
  let moves: Array<Move> = []
  const look = (input: CallInput, verdict: Verdict) => {
    try {
      observe?.(input, verdict, state)
    } catch {
      // Whoever looks on does the call no harm.
    }
  }
  return {
    state: () => state,
    dispatch: (input) => {
      const verdict = step(state, input)
      const tasks: Array<Fiber.Fiber<void, WebRtcError>> = []
      if (verdict._tag !== "Moved") {
        look(input, verdict)
        return { verdict, tasks }
      }
      const before = state
      state = verdict.state
      onMoved(before, state)
      moves.push({ state, commands: verdict.commands })
      todo.push(...verdict.commands)
      // Whoever looks on sees a machine that has decided: what it makes the app do comes after this.
      look(input, verdict)
      // A command may be done so fast that its result comes in here before the next command's turn: that result is
      // decided now, and what it asks for is done after what was asked for before.
      if (busy) return { verdict, tasks }
      busy = true
      try {
        for (let command = todo.shift(); command !== undefined; command = todo.shift()) {
          const task = perform(command)
          if (task !== undefined) tasks.push(task)
        }
      } finally {
        busy = false
      }
      // Whoever waits for a move goes on only now, when what it commands is under way.
      const settled = moves
      moves = []
      onSettled(settled)
      return { verdict, tasks }
    }
  }
}
