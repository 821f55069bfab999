/** Every random decision of a simulated run, each with a name, so that a run can be had again with fewer of them. */
import { seededRandom } from "./SeededRandom.js";
/** With `only`, nothing happens that is not among these ids: all else stays calm. */
export const makeDecisions = (seed, only) => {
    const random = seededRandom(seed);
    const taken = new Map();
    return {
        get taken() {
            return [...taken.values()];
        },
        chancesOf: random.of,
        happens: (decision) => {
            if (only !== undefined && !only.has(decision.id))
                return false;
            if (!taken.has(decision.id))
                taken.set(decision.id, decision);
            return true;
        }
    };
};
//# sourceMappingURL=Decisions.js.map