/** How the link of a simulated world gets worse, and heals. For `openWorld`. */
import * as Effect from "effect/Effect";
import { conditionsFrom, healed } from "./channels.js";
/** The channel, the network and the engines are bad for this long after the users have done what they do. */
const badForMs = 15_000;
export const makeWeather = ({ channel, scenario }, decisions, link, nowMs, fork, onHealed) => {
    let phase = 0;
    let healsAtMs = 0;
    let stop = () => { };
    const isHealed = () => link.conditions === healed;
    const heal = () => {
        stop();
        if (isHealed())
            return;
        link.conditions = healed;
        onHealed();
    };
    const healIn = (ms) => {
        stop();
        healsAtMs = nowMs() + ms;
        const fiber = fork(Effect.delay(Effect.sync(heal), ms));
        stop = () => fiber.interruptUnsafe();
    };
    return {
        heal,
        healsAtMs: () => healsAtMs,
        worsen: () => {
            link.conditions = conditionsFrom(channel, decisions, phase++, nowMs());
            healIn(scenario.playsForMs + badForMs);
        },
        calmDown: () => {
            if (!isHealed())
                healIn(badForMs);
        }
    };
};
//# sourceMappingURL=makeWeather.js.map