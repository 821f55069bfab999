/** The contract: every clause, in the order of their numbers. */
import type { Clause } from "../Clause.ts"
import { candidates } from "./candidates.ts"
import { data } from "./data.ts"
import { descriptions } from "./descriptions.ts"
import { events } from "./events.ts"
import { figures } from "./figures.ts"
import { leaks } from "./leaks.ts"
import { links } from "./links.ts"
import { media } from "./media.ts"
import { opening } from "./opening.ts"
import { order } from "./order.ts"
import { restarts } from "./restarts.ts"
import { rounds } from "./rounds.ts"
import { traits } from "./traits.ts"

/** Every clause of the contract between core and an engine, in the order of their numbers. */
export const clauses: ReadonlyArray<Clause> = [
  ...opening,
  ...traits,
  ...order,
  ...descriptions,
  ...candidates,
  ...links,
  ...media,
  ...data,
  ...rounds,
  ...restarts,
  ...figures,
  ...events,
  ...leaks
]
