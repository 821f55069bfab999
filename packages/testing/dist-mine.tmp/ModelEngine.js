/** A WebRTC stack as plain data: as strict as W3C WebRTC section 4.4, without time. For the search of two machines. */
export const modelEngine = (session, hold) => ({
    session,
    hold,
    brought: hold,
    hasOffer: false,
    version: 0,
    generation: 0,
    local: "",
    remote: "",
    before: ["", 0],
    asked: [],
    found: [],
    held: [],
    link: "new"
});
const ufragIn = (sdp) => /ufrag:(\S+)/.exec(sdp)?.[1] ?? "";
export const originIn = (sdp) => /o=- (\d+ \d+)/.exec(sdp)?.[1] ?? "";
/** A description as short as the machine can read. `answers` names the offer that it answers. */
const describe = (engine, hold, answers = "") => `v=0\no=- ${engine.session} ${engine.version}\na=answers:${answers}\na=hold:${hold}\nm=audio 9\na=ice-ufrag:${engine.session}g${engine.generation}`;
const restart = (engine) => {
    engine.generation++;
    engine.found.push(`${engine.session}g${engine.generation}`);
};
const described = (engine) => {
    const wrong = engine.held.splice(0).find((ufrag) => ufrag !== ufragIn(engine.remote));
    return wrong === undefined ? undefined : { _tag: "Wrong", what: "a candidate of other ICE credentials" };
};
const wrongState = (what) => ({ _tag: "Wrong", what: `${what} in the wrong signaling state` });
/** Does the next thing that was asked for. */
export const doNext = (engine) => {
    const next = engine.asked.shift();
    if (next === undefined)
        return { _tag: "Wrong", what: "nothing was asked for" };
    switch (next.kind) {
        case "createOffer":
            if (engine.hasOffer)
                return wrongState("createOffer");
            engine.before = [engine.local, engine.generation];
            engine.version++;
            if (next.iceRestart || engine.local === "")
                restart(engine);
            engine.local = describe(engine, engine.hold);
            engine.hasOffer = true;
            return { _tag: "Offered", operation: next.operation, sdp: engine.local };
        case "createAnswer":
            if (engine.hasOffer)
                return wrongState("createAnswer");
            if (engine.local === "" || ufragIn(next.sdp) !== ufragIn(engine.remote))
                restart(engine);
            engine.version++;
            engine.remote = next.sdp;
            engine.local = describe(engine, engine.brought, originIn(next.sdp));
            return described(engine) ?? { _tag: "Answered", operation: next.operation, sdp: engine.local };
        case "applyAnswer":
            if (!engine.hasOffer)
                return wrongState("applyAnswer");
            if (!next.sdp.includes(`answers:${originIn(engine.local)}\n`))
                return { _tag: "Wrong", what: "an answer to another offer" };
            engine.hasOffer = false;
            engine.brought = engine.local.includes("hold:true");
            engine.remote = next.sdp;
            return described(engine) ?? { _tag: "Applied", operation: next.operation };
        case "rollBack": {
            if (!engine.hasOffer)
                return wrongState("rollback");
            engine.hasOffer = false;
            const [local, generation] = engine.before;
            // Its version and its credentials are not used again; a candidate of theirs may still be on its way to the app.
            engine.local = local;
            engine.generation = generation;
            return { _tag: "RolledBack", operation: next.operation };
        }
        case "addCandidate":
            if (engine.remote === "")
                engine.held.push(next.candidate);
            else if (next.candidate !== ufragIn(engine.remote))
                return { _tag: "Wrong", what: "a candidate of other ICE credentials" };
            return { _tag: "Added" };
    }
};
//# sourceMappingURL=ModelEngine.js.map