import { MockEngine } from "./MockEngine.js";
import { breakable } from "./Stage.js";
const fixedLatencyMs = 3;
const slowestMs = 8;
/** How long each operation takes, and whether it is one of those that fail. */
export const unreliableEngine = ({ decisions, name, network, nowMs, scenario, session }) => {
    const { chancesOf, happens } = decisions;
    const random = chancesOf(`engine of ${name}`);
    const varies = happens({ id: `engine of ${name} varies`, atMs: 0, who: name, what: `its engine takes 1 to ${slowestMs} ms for each operation` });
    let planted;
    let healthy = false;
    const counts = new Map();
    const next = (operation) => {
        // By operation: one operation more or less of another kind changes nothing here.
        const matter = `${operation} ${counts.get(operation) ?? 0}`;
        counts.set(operation, (counts.get(operation) ?? 0) + 1);
        const chance = random.of(matter).next();
        if (healthy || !breakable.some((one) => one === operation))
            return undefined;
        const how = planted ?? (chance < scenario.engineFailure ? "fail" : chance < scenario.engineFailure + scenario.engineHang ? "never" : undefined);
        if (how === undefined)
            return undefined;
        const wasPlanted = planted !== undefined;
        planted = undefined;
        const what = `its engine's ${operation} ${how === "fail" ? "fails" : "never settles"}`;
        // What a user's action has planted is that action's decision.
        if (!wasPlanted && !happens({ id: `engine of ${name}, ${matter}`, atMs: nowMs(), who: name, what }))
            return undefined;
        return how === "never" ? how : { fail: new Error(`planted: ${operation} fails`) };
    };
    const mock = MockEngine.make({
        session,
        network,
        host: name,
        candidates: 2,
        faults: { next },
        latencyMs: () => (varies ? random.int(1, slowestMs) : fixedLatencyMs)
    });
    return {
        mock,
        breakEngine: (how) => {
            planted = how;
        },
        mendEngine: () => {
            healthy = true;
        }
    };
};
//# sourceMappingURL=unreliableEngine.js.map