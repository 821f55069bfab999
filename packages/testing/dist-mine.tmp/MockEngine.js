/** An engine without media, as strict as a browser: for testing apps, and for testing core. */
import { fromDriver, RtcEngine } from "@enigma-rtc/core";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { makeMockPeer } from "./makeMockPeer.js";
const everything = {
    media: true,
    data: true,
    codecPreference: true,
    rollback: true,
    renegotiation: true,
    iceRestart: true,
    remoteCandidates: true
};
/** How many connections an engine may open before its session ids run into those of the next. */
const sessionsOfEngine = 1_000;
let engines = 0;
const make = (options = {}) => {
    const peers = [];
    const errors = [];
    const capabilities = { ...everything, ...options.capabilities };
    const firstSession = options.session ?? sessionsOfEngine * ++engines;
    const { host = String(firstSession), latencyMs, network } = options;
    const mock = {
        faults: options.faults ?? {},
        peers,
        errors,
        get peer() {
            const last = peers.at(-1);
            if (last === undefined)
                throw new Error("The mock has not been opened.");
            return last;
        },
        engine: {
            name: "mock",
            capabilities,
            open: (config, intent) => Effect.gen(function* () {
                const context = yield* Effect.context();
                const settle = async (operation) => {
                    const planted = mock.faults.next?.(operation);
                    if (planted === "never" || mock.faults.never?.includes(operation) === true)
                        return new Promise(() => { });
                    const ms = typeof latencyMs === "function" ? latencyMs(operation) : latencyMs;
                    if (ms !== undefined)
                        await Effect.runPromiseWith(context)(Effect.sleep(ms));
                    const failure = planted?.fail ?? mock.faults.fail?.[operation];
                    if (failure !== undefined)
                        throw failure;
                };
                const after = (ms, act) => {
                    const fiber = Effect.runForkWith(context)(Effect.delay(Effect.sync(act), ms));
                    return () => fiber.interruptUnsafe();
                };
                return yield* fromDriver({
                    engine: "mock",
                    capabilities,
                    operationTimeoutMs: config.operationTimeoutMs,
                    open: async (emit) => {
                        await settle("open");
                        const index = peers.length;
                        const place = { index, session: firstSession + index, host, network, settle, after, onError: (error) => errors.push(error) };
                        const { driver, peer } = makeMockPeer(place, config, intent, options, emit);
                        peers.push(peer);
                        return driver;
                    }
                });
            })
        },
        get layer() {
            return Layer.succeed(RtcEngine, mock.engine);
        }
    };
    return mock;
};
/** An engine without media or network. */
export const MockEngine = {
    /** Makes an engine and a handle on all that it does. */
    make
};
//# sourceMappingURL=MockEngine.js.map