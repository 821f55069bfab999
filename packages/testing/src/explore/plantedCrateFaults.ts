/** Ends with one rule for peers without delivery fields broken each: they show that the search of such calls can see. */
import type { CrateBudget, CrateFault } from "./exploreCrate.ts"

/** A broken rule, and a space in which it goes wrong. */
export interface PlantedCrateFault {
  readonly name: string
  /** The rule of `docs/signaling.md` that is broken. */
  readonly rule: string
  readonly budget: CrateBudget
  readonly fault: CrateFault
}

/** Every one of them must be found. */
export const plantedCrateFaults: ReadonlyArray<PlantedCrateFault> = [
  {
    name: "nobody yields",
    rule: "SIG-26",
    budget: { calls: [1, 1], reorders: false, repeats: 0 },
    fault: {
      step: (state, input, step) =>
        state._tag === "WaitingAnswer" && input._tag === "PeerOffered"
          ? { _tag: "Ignored", why: "a planted fault" }
          : step(state, input)
    }
  },
  {
    name: "the peer is taken for one with delivery fields",
    rule: "SIG-25",
    budget: { calls: [1, 1], reorders: false, repeats: 0 },
    fault: { step: (state, input, step) => step(state, "aware" in input ? { ...input, aware: true } : input) }
  },
  {
    name: "candidates go only once",
    rule: "SIG-27",
    budget: { calls: [1, 0], reorders: false, repeats: 0 },
    fault: { onlyOnce: true }
  },
  {
    name: "a hangup before its offer is not kept",
    rule: "SIG-28",
    budget: { calls: [0, 1], hangups: [0, 1], reorders: true, repeats: 0 },
    fault: { keepsNothing: true }
  }
]
