/** How bad a simulated signaling channel is, from good to cut: the rows of the table. For `simulate`. */
import type { ChannelConditions } from "./ChannelConditions.ts";
import type { Decisions } from "./Decisions.ts";
/** A row of the table: how bad the channel is. */
export interface Channel {
    readonly name: string;
    readonly conditions: ChannelConditions;
    /** One or two partitions of this length, in milliseconds, soon after the users begin. */
    readonly partitionMs?: number;
}
/** Every row of the table. */
export declare const channels: ReadonlyArray<Channel>;
/** A channel that has healed: what is sent arrives soon, once and in order. */
export declare const healed: ChannelConditions;
/** The channel's conditions from now on, with its partitions drawn. */
export declare const conditionsFrom: ({ conditions, partitionMs }: Channel, decisions: Decisions, phase: number, nowMs: number) => ChannelConditions;
//# sourceMappingURL=channels.d.ts.map