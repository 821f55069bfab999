/** Searches every way in which two users can call each other: the real machine at each device, over channels that stall. */
import { actionsIn } from "./callActions.ts"
import { type CallBudget, type CallFault, type End, newEnd, type World } from "./CallWorld.ts"
import { disagreement } from "./disagreement.ts"
import { explore, type Explored, type Successor } from "./explore.ts"
import { Mover } from "./Mover.ts"

export type { CallBudget, CallFault, EndName } from "./CallWorld.ts"

/** Visits everything that can happen within the budget. */
export const exploreCalls = (
  budget: CallBudget,
  fault: CallFault = {},
  options: { readonly maxStates?: number; readonly stopAtFirst?: boolean } = {}
): Explored => {
  // A world's key is its JSON, and so is its copy: an action changes what was parsed from it.
  const world: World = {
    A: newEnd("A", budget),
    B: newEnd("B", budget),
    ...(budget.fork === true ? { C: newEnd("C", { ...budget, calls: [0, 0] }) } : {}),
    reboots: budget.reboots ?? 0,
    refusals: budget.refusals ?? 0,
    timeouts: budget.timeouts ?? 0,
    fires: budget.fires ?? 0,
    cuts: budget.cuts ?? 0,
    relayed: budget.relayed === true,
    isQuiet: budget.moves !== undefined,
    excused: false
  }
  if (budget.moves !== undefined) connect(world, new Mover(world, fault), budget.applying === true ? "A.applyAnswer" : undefined)
  const initial = JSON.stringify(world)
  const parse = (text: string) => JSON.parse(text) as World
  return explore<string>({
    ...options,
    initial,
    key: (text) => text,
    *successors(text): Iterable<Successor<string>> {
      for (const { act, isOptional, label, name } of actionsIn(parse(text))) {
        const next = parse(text)
        // Its actions were listed because it is there.
        act(next, new Mover(next, fault), next[name] as End)
        yield { label, isOptional, state: JSON.stringify(next) }
      }
    },
    check: (text) => (text.includes(`"wrong":`) ? parse(text).wrong : undefined),
    checkFinal: (text) => disagreement(parse(text))
  })
}

/** Lets A call and B accept, until all is at rest, or this is next. */
const connect = (world: World, mover: Mover, last: string | undefined): void => {
  for (let next: string | undefined = "A.calls"; next !== last;) {
    const { act, name } = actionsIn(world).find(({ label }) => label === next) ?? {}
    const end = name === undefined ? undefined : world[name]
    if (act === undefined || end === undefined) return
    act(world, mover, end)
    next = actionsIn(world).find(({ isOptional, label }) => !isOptional || label === "B.accepts")?.label
  }
}
