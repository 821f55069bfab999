/** What is searched: two users, their devices, their calls, and what is on its way between them. Plain JSON. */
import type { CallInput, CallState, OpenCall, Replacing, replaceStep, route, step, TimerName, Verdict } from "@enigma-rtc/core/call"
import type { CallMessage } from "@enigma-rtc/core/signaling"
import { type Asked, type ModelEngine, originIn } from "./ModelEngine.ts"

/** What each end, or the world, may do how often. */
export interface CallBudget {
  /** How many calls each end may make. */
  readonly calls: readonly [number, number]
  /** How many hangups and declines, and so on. */
  readonly hangups?: readonly [number, number]
  readonly rounds?: readonly [number, number]
  readonly restarts?: readonly [number, number]
  /**
   * How often each end may move its call to another connection. The search then begins with a call of A's that is on, and
   * engines find no candidates, whose rules are searched without moves.
   */
  readonly moves?: readonly [number, number]
  /** The search begins while A still applies the answer, with which B is connected. */
  readonly applying?: boolean
  /** The engines that calls move to come up at each end by themselves, as those behind an SFU. */
  readonly relayed?: boolean
  /** How many engine operations may be refused, and how many may run out of time. */
  readonly refusals?: number
  readonly timeouts?: number
  /** How many timers may fire that end calls. */
  readonly fires?: number
  /** How often the media path may break. */
  readonly cuts?: number
  /** How often the app of B's first device may start anew, and know nothing. */
  readonly reboots?: number
  /** B has two devices, and both ring. */
  readonly fork?: boolean
  /** The lower line is whose? Default `A`. */
  readonly lower?: "A" | "B"
}

/** Changes what the machine does, or a message on its way: a planted fault, which the search has to find. */
export interface CallFault {
  readonly message?: (message: CallMessage) => CallMessage
  readonly step?: (end: EndName, state: CallState, input: CallInput, real: typeof step) => Verdict
  readonly replaceStep?: (real: typeof replaceStep, ...given: Parameters<typeof replaceStep>) => ReturnType<typeof replaceStep>
  readonly route?: (real: typeof route, ...given: Parameters<typeof route>) => ReturnType<typeof route>
}

/** A's device, and B's one or two. */
export type EndName = "A" | "B" | "C"

export interface ModelCall {
  id: string
  /** The line that it is, or was, with. */
  line?: string
  state: CallState
  engine?: ModelEngine
  /** What an engine that was given up for another still gives. */
  readonly late: Array<Asked>
  readonly timers: { [T in TimerName]?: number }
  closing: boolean
  established: boolean
  /** The call whose place it is to take, or has taken. */
  replaces?: string
  /** The call that is to take its place, and how that goes. */
  next?: string
  replacing: Replacing
  /** Another has taken its place, and it is about to be let go. */
  leaving?: true
  up?: true
}
export type Budget = "calls" | "hangups" | "rounds" | "restarts" | "moves"
export interface End {
  readonly name: EndName
  line: string
  readonly left: { [B in Budget]: number }
  readonly calls: Array<ModelCall>
  readonly ended: Array<string>
  made: number
  /** On their way to this end, in order, by the line that sent them. */
  readonly inbox: { [line: string]: Array<CallMessage> }
  /** What was sent of calls that are with no line yet: a line that is heard anew gets it too (SIG-8). */
  readonly owed: Array<CallMessage>
  /** Which line each device of the peer last spoke with. */
  readonly heard: { [device: string]: string }
  engines: number
}
export interface World {
  readonly A: End
  readonly B: End
  readonly C?: End
  reboots: number
  refusals: number
  timeouts: number
  fires: number
  cuts: number
  relayed: boolean
  /** Engines find no candidates. */
  isQuiet: boolean
  /** Somebody has hung up, or something has failed: calls may be lost. */
  excused: boolean
  wrong?: string
}

export const endsOf = (world: World): ReadonlyArray<End> => [world.A, world.B, ...(world.C === undefined ? [] : [world.C])]
export const peersOf = (world: World, end: End): ReadonlyArray<End> =>
  end.name === "A" ? endsOf(world).slice(1) : [world.A]
export const deviceOf = (line: string): string => line.slice(0, line.indexOf("."))
export const put = (to: End, from: string, message: CallMessage) => {
  (to.inbox[from] ??= []).push(message)
}

export const lineOf = (state: CallState): string | undefined => ("call" in state ? state.call.line : undefined)

/** Do both engines have what the other one has? */
export const isMatched = ({ engine: one }: ModelCall, { engine: other }: ModelCall): boolean =>
  one !== undefined && other !== undefined && one.local !== "" && !one.hasOffer && !other.hasOffer &&
  unmarked(one.local) === unmarked(other.remote) && unmarked(one.remote) === unmarked(other.local)
/** Offers are marked on their way. */
const unmarked = originIn

/** The call that this one is to take the place of, as long as it has not. */
export const beforeOf = ({ calls }: End, { id, replaces }: ModelCall): ModelCall | undefined =>
  replaces === undefined ? undefined : calls.find((call) => call.id === replaces && call.next === id)
export const nextOf = ({ calls }: End, { next }: ModelCall): ModelCall | undefined => calls.find(({ id }) => id === next)
export const openCallOf = ({ id, replaces, state }: ModelCall): OpenCall => ({ id, state, ...(replaces === undefined ? {} : { replaces }) })

/** The other end of a call: of several devices the one that it is with. */
export const counterpart = (world: World, end: End, call: ModelCall): ModelCall | undefined =>
  peersOf(world, end)
    .filter(({ line }) => (lineOf(call.state) ?? line) === line)
    .flatMap(({ calls }) => calls)
    .find(({ id, state }) => id === call.id && (lineOf(state) ?? end.line) === end.line)

export const newEnd = (name: EndName, budget: CallBudget): End => {
  const index = name === "A" ? 0 : 1
  const of = (counts: readonly [number, number] | undefined) => counts?.[index] ?? 0
  const isLower = (budget.lower ?? "A") === (name === "A" ? "A" : "B")
  return {
    name,
    line: `${isLower ? "" : "x"}${name.toLowerCase()}.0`,
    left: {
      calls: of(budget.calls),
      hangups: of(budget.hangups),
      rounds: of(budget.rounds),
      restarts: of(budget.restarts),
      moves: of(budget.moves)
    },
    calls: [],
    ended: [],
    made: 0,
    inbox: {},
    owed: [],
    heard: {},
    engines: 0
  }
}
