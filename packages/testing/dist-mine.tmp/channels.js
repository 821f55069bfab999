/** What a text takes at least, in milliseconds. */
const fastestMs = 5;
const steady = { minMs: fastestMs, maxMs: fastestMs };
const jitter = { minMs: fastestMs, maxMs: fastestMs + 50 };
/** Every row of the table. */
export const channels = [
    { name: "in order", conditions: { delay: jitter, inOrder: true } },
    { name: "jitter 50 ms", conditions: { delay: jitter } },
    { name: "20 % repeats", conditions: { delay: steady, inOrder: true, repeatProbability: 0.2 } },
    { name: "repeats + jitter", conditions: { delay: jitter, repeatProbability: 0.2 } },
    { name: "20 % loss", conditions: { delay: steady, inOrder: true, lossProbability: 0.2 } },
    { name: "40 % loss + repeats + jitter", conditions: { delay: jitter, repeatProbability: 0.2, lossProbability: 0.4 } },
    { name: "partitions of 5 s", conditions: { delay: steady, inOrder: true }, partitionMs: 5_000 }
];
/** A channel that has healed: what is sent arrives soon, once and in order. */
export const healed = { delay: steady, inOrder: true };
/** The channel's conditions from now on, with its partitions drawn. */
export const conditionsFrom = ({ conditions, partitionMs }, decisions, phase, nowMs) => {
    if (partitionMs === undefined)
        return conditions;
    const random = decisions.chancesOf(`partitions of phase ${phase}`);
    const partitions = [];
    let earliestMs = nowMs;
    for (let n = 0, count = random.int(1, 2); n < count; n++) {
        // The first comes while the users' first messages are on their way.
        const fromMs = earliestMs + random.int(0, n === 0 ? 200 : 2_000);
        const span = { fromMs, toMs: fromMs + partitionMs };
        earliestMs = span.toMs;
        if (decisions.happens({ id: `partition ${n} of phase ${phase}`, atMs: fromMs, who: "link", what: `nothing arrives until ${span.toMs} ms` }))
            partitions.push(span);
    }
    return { ...conditions, partitions };
};
//# sourceMappingURL=channels.js.map