/** A signaling relay in memory that loses, delays, reorders and repeats, as one seed decides. For tests and simulations. */
import { ChannelClosed } from "@enigma-rtc/core";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Queue from "effect/Queue";
import * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import { decideFate } from "./ChannelConditions.js";
import { seededRandom } from "./SeededRandom.js";
/** Makes a link. The same seed, conditions and texts at the same times have the same fate, on Effect's clock. */
export const faultyLink = ({ happens = () => true, healsAtMs = Infinity, seed, ...conditions }) => {
    const random = seededRandom(seed);
    const log = [];
    const joined = new Map();
    const counts = new Map();
    let startMs;
    const now = (clock) => {
        const ms = clock.currentTimeMillisUnsafe();
        startMs ??= ms;
        return ms - startMs;
    };
    const deliver = (to, incoming, delayMs) => {
        const arrive = Effect.sync(() => {
            Queue.offerUnsafe(to.inbox, incoming);
        });
        return delayMs <= 0 ? arrive : Effect.asVoid(Effect.forkIn(Effect.delay(arrive, delayMs), to.scope, { startImmediately: true }));
    };
    const send = (name, text, peer) => Clock.clockWith((clock) => {
        const atMs = now(clock);
        const pair = `${name}>${peer}`;
        const number = counts.get(pair) ?? 0;
        counts.set(pair, number + 1);
        const current = atMs >= healsAtMs ? calm(link.conditions) : link.conditions;
        const entry = { atMs, from: name, to: peer, text };
        const down = current.crashes?.find(({ fromMs, of, toMs }) => fromMs <= atMs && atMs < toMs && (of === undefined || of === name));
        // A crash is one fault, however many texts it refuses.
        if (down !== undefined && happens(crashFault(down))) {
            log.push({ ...entry, refused: true, arrivals: [] });
            return Effect.fail(new ChannelClosed({ operation: "send" }));
        }
        const deliveries = [];
        const arrivals = [...joined.get(peer) ?? []].map((to, device) => {
            const who = device === 0 ? `${pair}#${number}` : `${pair}#${number} on device ${device}`;
            const lastMs = to.lastMs.get(name) ?? 0;
            const fate = decideFate(current, random.of(who), atMs, lastMs, (kind, what) => happens({ id: `${who} ${kind}`, kind, atMs, who, what }));
            to.lastMs.set(name, Math.max(lastMs, fate[0]?.atMs ?? 0));
            for (const arrival of fate)
                deliveries.push(deliver(to, { peer: name, text }, arrival.atMs - atMs));
            return fate;
        });
        log.push({ ...entry, refused: false, arrivals });
        return Effect.forEach(deliveries, (delivery) => delivery, { discard: true });
    });
    const link = {
        log,
        conditions,
        join: (name) => Effect.gen(function* () {
            now(yield* Clock.Clock);
            const inbox = yield* Queue.unbounded();
            const scope = yield* Scope.fork(yield* Effect.scope);
            const channel = { inbox, scope, lastMs: new Map() };
            const others = joined.get(name) ?? new Set();
            joined.set(name, others.add(channel));
            yield* Effect.addFinalizer(() => Effect.sync(() => {
                others.delete(channel);
                Queue.endUnsafe(inbox);
            }));
            return {
                send: (text, peer) => Effect.suspend(() => others.has(channel) ? send(name, text, peer) : Effect.fail(new ChannelClosed({ operation: "send" }))),
                incoming: Stream.fromQueue(inbox)
            };
        })
    };
    return link;
};
const crashFault = ({ fromMs, of = "every end", toMs }) => ({
    id: `channel of ${of} down at ${fromMs}`,
    kind: "crash",
    atMs: fromMs,
    who: of,
    what: `its channel takes nothing until ${toMs} ms`
});
/** The conditions without their faults: what remains is the shortest delay, and that nothing overtakes. */
const calm = ({ delay }) => ({
    inOrder: true,
    ...(delay === undefined ? {} : { delay: { minMs: delay.minMs, maxMs: delay.minMs } })
});
//# sourceMappingURL=FaultyLink.js.map