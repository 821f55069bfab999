/**
 * Decides what becomes of one text. Every chance is drawn in the same order, whatever comes of it, so that a fault which
 * is not to happen changes nothing else. `happens` is asked before each fault.
 */
export const decideFate = ({ delay = { minMs: 0, maxMs: 0 }, inOrder = false, lossProbability = 0, partitions = [], repeatProbability = 0 }, random, atMs, lastMs, happens) => {
    const drawn = {
        lost: random.chance(lossProbability),
        delayMs: random.int(delay.minMs, delay.maxMs),
        repeated: random.chance(repeatProbability),
        copyMs: random.int(delay.minMs, delay.maxMs)
    };
    const late = (delayMs, kind, what) => delayMs > delay.minMs && happens(kind, `${what} ${delayMs} ms late`) ? delayMs : delay.minMs;
    const partition = partitions.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    const cut = partition !== undefined && happens("partition", partition.held === true ? `held until ${partition.toMs} ms` : "lost in the partition");
    if (cut && partition.held !== true)
        return [];
    if (drawn.lost && happens("lost", "lost"))
        return [];
    const sentMs = cut ? partition.toMs : atMs;
    const earliestMs = sentMs + late(drawn.delayMs, "late", "arrives");
    const arrivesMs = inOrder ? Math.max(earliestMs, lastMs) : earliestMs;
    const first = { atMs: arrivesMs, copy: false };
    if (!drawn.repeated || !happens("repeated", "arrives twice"))
        return [first];
    const copyMs = sentMs + late(drawn.copyMs, "copy late", "its copy arrives");
    return [first, { atMs: inOrder ? Math.max(copyMs, arrivesMs) : copyMs, copy: true }];
};
//# sourceMappingURL=ChannelConditions.js.map