/** Searches every way in which a channel may treat one conversation, with the real `Delivery` at each end. */
import { Delivery, type SignalingMessage } from "@enigma-rtc/core/signaling";
import { type Explored } from "./explore.ts";
/** The functions under search, so that a fault can be planted in each. A body is the number of its message. */
export interface DeliveryFunctions {
    readonly delivery: (line: string) => Delivery.Delivery<number>;
    readonly post: typeof Delivery.post<number>;
    readonly bind: typeof Delivery.bind<number>;
    readonly over: typeof Delivery.over<number>;
    readonly receive: typeof Delivery.receive<number>;
    readonly poll: typeof Delivery.poll<number>;
    readonly channelReturned: typeof Delivery.channelReturned<number>;
}
/** What happens besides the channel: a caller's posts, in their order, and what its peer's devices may do. */
export interface DeliveryScenario {
    /** What the caller posts: a type and a call, such as `offer a`. After its hangup a call is over. */
    readonly posts: ReadonlyArray<string>;
    /** How many devices the peer has. The default is 1. */
    readonly devices?: number;
    /** The devices that answer an offer, by their numbers. The first answer binds, and the others are told. */
    readonly answer?: ReadonlyArray<number>;
    /** How often the first device starts anew. The default is 0. */
    readonly restarts?: number;
    /** How often 32 s pass. The default is 0. */
    readonly lapses?: number;
    /** The numbers of the posts whose bodies cannot be read. */
    readonly refused?: ReadonlyArray<number>;
    readonly maxStates?: number;
    /** The search ends with the first wrong state. */
    readonly stopAtFirst?: boolean;
    /** A fault that is planted. */
    readonly fault?: DeliveryFault;
}
/** What a `Delivery` may get wrong, each one rule broken. The search must find each. */
export declare const deliveryFaults: {
    /** R1. */
    readonly "the numbers of each call begin anew": DeliveryFunctions;
    /** R1, R2. */
    readonly "what is ahead is given out at once": DeliveryFunctions;
    /** R2. */
    readonly "what one line acknowledges counts for all": DeliveryFunctions;
    /** R2. */
    readonly "what is for one line is given out to all": DeliveryFunctions;
    /** R2. */
    readonly "a body that cannot be read takes no number": DeliveryFunctions;
    /** R2. */
    readonly "repeats are not acknowledged": DeliveryFunctions;
    /** R3. */
    readonly "base is not read": DeliveryFunctions;
    /** R3. */
    readonly "copies never end": {
        readonly delivery: (line: string) => Delivery.Delivery<number>;
        readonly post: typeof Delivery.post<number>;
        readonly bind: typeof Delivery.bind<number>;
        readonly over: typeof Delivery.over<number>;
        readonly receive: typeof Delivery.receive<number>;
        readonly poll: typeof Delivery.poll<number>;
        readonly channelReturned: (delivery: Delivery.Delivery<number>, nowMs: number) => Delivery.Delivery<number>;
    };
    /** R3. A line waits for the numbers of messages that are for others, too. */
    readonly "what is for one line is sent until that has it": {
        readonly delivery: (line: string) => Delivery.Delivery<number>;
        readonly post: typeof Delivery.post<number>;
        readonly bind: typeof Delivery.bind<number>;
        readonly over: typeof Delivery.over<number>;
        readonly receive: typeof Delivery.receive<number>;
        readonly channelReturned: typeof Delivery.channelReturned<number>;
        readonly poll: (delivery: Delivery.Delivery<number>, nowMs: number) => {
            delivery: Delivery.Delivery<number>;
            wakeMs?: number;
            out: SignalingMessage[];
        };
    };
    /** R4. */
    readonly "what all have acknowledged is forgotten": {
        readonly delivery: (line: string) => Delivery.Delivery<number>;
        readonly post: typeof Delivery.post<number>;
        readonly bind: typeof Delivery.bind<number>;
        readonly over: typeof Delivery.over<number>;
        readonly receive: typeof Delivery.receive<number>;
        readonly channelReturned: typeof Delivery.channelReturned<number>;
        readonly poll: (delivery: Delivery.Delivery<number>, nowMs: number) => Delivery.Polled<number>;
    };
    /** R4. */
    readonly "who is heard late gets nothing": DeliveryFunctions;
    /** R4. */
    readonly "an earlier line takes the place of a later one": DeliveryFunctions;
    /** R4. */
    readonly "who has started anew does not tell": DeliveryFunctions;
};
/** The name of a fault that can be planted. */
export type DeliveryFault = keyof typeof deliveryFaults;
/**
 * Searches a scenario. In every state that can be reached, whatever the channel has done: nothing was given out twice
 * or in another order, and, if the channel loses nothing from now on, everybody gets what it is owed and falls silent.
 */
export declare const exploreDelivery: (scenario: DeliveryScenario) => Explored;
/** Scenarios that are searched whole within seconds. */
export declare const deliveryScenarios: {
    readonly "several messages, a refused body, a restart": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "a call that is over, and the next": {
        readonly posts: readonly ["offer a", "hangup a", "offer b"];
        readonly lapses: 1;
    };
    readonly "a call that is over, the next, and a restart": {
        readonly posts: readonly ["offer a", "hangup a", "offer b"];
        readonly lapses: 1;
        readonly restarts: 1;
    };
    readonly "an answer, and a restart": {
        readonly posts: readonly ["offer a", "candidate a"];
        readonly answer: readonly [0];
        readonly restarts: 1;
    };
    readonly "an answer, a hangup and the time after": {
        readonly posts: readonly ["offer a", "hangup a"];
        readonly answer: readonly [0];
        readonly lapses: 1;
        readonly restarts: 1;
    };
    readonly "two devices": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly devices: 2;
        readonly refused: readonly [1];
    };
    readonly "two devices, one answers": {
        readonly posts: readonly ["offer a", "hangup a"];
        readonly devices: 2;
        readonly answer: readonly [0];
    };
    readonly "two devices, two calls": {
        readonly posts: readonly ["offer a", "offer b", "candidate b"];
        readonly devices: 2;
    };
};
/** A scenario in which each planted fault is found. */
export declare const deliveryFaultScenarios: {
    readonly "the numbers of each call begin anew": {
        readonly posts: readonly ["offer a", "hangup a", "offer b"];
        readonly lapses: 1;
    };
    readonly "what is ahead is given out at once": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "what one line acknowledges counts for all": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "what is for one line is given out to all": DeliveryScenario;
    readonly "a body that cannot be read takes no number": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "repeats are not acknowledged": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "base is not read": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "copies never end": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "what is for one line is sent until that has it": {
        readonly posts: readonly ["offer a", "offer b"];
        readonly devices: 2;
        readonly answer: readonly [0];
    };
    readonly "what all have acknowledged is forgotten": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "who is heard late gets nothing": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "an earlier line takes the place of a later one": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly refused: readonly [1];
        readonly restarts: 1;
    };
    readonly "who has started anew does not tell": {
        readonly posts: readonly ["offer a", "candidate a"];
        readonly answer: readonly [0];
        readonly restarts: 1;
    };
};
/** Scenarios that take minutes and gigabytes: what `maxStates` leaves of them is searched. */
export declare const wideDeliveryScenarios: {
    readonly "two devices, one answers": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly devices: 2;
        readonly answer: readonly [0];
    };
    readonly "two devices, both answer": {
        readonly posts: readonly ["offer a", "hangup a"];
        readonly devices: 2;
        readonly answer: readonly [0, 1];
        readonly lapses: 1;
    };
    readonly "two calls, one unanswered": {
        readonly posts: readonly ["offer a", "offer b", "candidate a", "hangup b"];
        readonly devices: 2;
        readonly answer: readonly [0];
    };
    readonly "two calls, restarts": {
        readonly posts: readonly ["offer a", "hangup a", "offer b", "hangup b"];
        readonly lapses: 1;
        readonly restarts: 2;
    };
    readonly "an answer, several restarts": {
        readonly posts: readonly ["offer a", "candidate a", "hangup a"];
        readonly answer: readonly [0];
        readonly lapses: 1;
        readonly restarts: 2;
    };
};
//# sourceMappingURL=exploreDelivery.d.ts.map