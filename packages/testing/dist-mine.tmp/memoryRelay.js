/** A signaling relay in memory: a channel for each name, every text delivered once, in order. For tests and demos. */
import { ChannelClosed } from "@enigma-rtc/core";
import * as Effect from "effect/Effect";
import * as Queue from "effect/Queue";
import * as Stream from "effect/Stream";
/** Makes a relay that delivers every text once, in order, to the name that it is for. */
export const memoryRelay = () => {
    const log = [];
    const inboxes = new Map();
    return {
        log,
        join: (name) => Effect.gen(function* () {
            const inbox = yield* Queue.unbounded();
            const before = inboxes.get(name);
            if (before !== undefined)
                Queue.endUnsafe(before);
            inboxes.set(name, inbox);
            yield* Effect.addFinalizer(() => Effect.sync(() => {
                if (inboxes.get(name) === inbox)
                    inboxes.delete(name);
                Queue.endUnsafe(inbox);
            }));
            return {
                send: (text, peer) => Effect.suspend(() => {
                    if (inboxes.get(name) !== inbox)
                        return Effect.fail(new ChannelClosed({ operation: "send" }));
                    log.push({ from: name, to: peer, text });
                    const to = inboxes.get(peer);
                    if (to !== undefined)
                        Queue.offerUnsafe(to, { peer: name, text });
                    return Effect.void;
                }),
                incoming: Stream.fromQueue(inbox)
            };
        })
    };
};
//# sourceMappingURL=memoryRelay.js.map