/** Every planted fault, in the order of the clauses that catch them. */
import { candidates } from "./candidates.ts"
import { data } from "./data.ts"
import { descriptions } from "./descriptions.ts"
import { events, figures, leaks } from "./figures.ts"
import { links } from "./links.ts"
import { media } from "./media.ts"
import type { Mutant } from "./Mutant.ts"
import { opening, order } from "./opening.ts"
import { restarts, rounds } from "./rounds.ts"
import { traits } from "./traits.ts"

export const mutants: ReadonlyArray<Mutant> = [
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
