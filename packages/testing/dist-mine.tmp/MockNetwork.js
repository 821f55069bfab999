/** An interruption fails after this long, as browsers have it, give or take. */
const failsAfterMs = 15_000;
/** How long it takes to notice that the far end is gone: its consent checks (RFC 7675) are not answered. */
const noticedAfterMs = 5_000;
const nothing = () => { };
const generationOf = ({ member }) => `${member.local()} ${member.remote()}`;
/** Makes a network on which every path is there. */
export const mockNetwork = ({ connectsInMs = () => 0 } = {}) => {
    const seats = new Set();
    const cuts = new Set();
    let allCut = false;
    const path = (one, other) => [one, other].toSorted().join(" ");
    const isCut = (one, other) => allCut || cuts.has(path(one.member.host, other.member.host));
    const matchOf = (seat) => {
        const [local, remote] = [seat.member.local(), seat.member.remote()];
        if (local === "" || remote === "")
            return undefined;
        for (const other of seats) {
            if (other !== seat && other.member.local() === remote && other.member.remote() === local)
                return other;
        }
        return undefined;
    };
    const canReach = (seat, other) => !isCut(seat, other) && (!(seat.member.trickles || other.member.trickles) ||
        seat.member.hasCandidateOf(seat.member.remote()) || other.member.hasCandidateOf(other.member.remote()));
    const become = (seat, state) => {
        seat.cancel();
        seat.cancel = nothing;
        seat.state = state;
        // What was about to come up has failed with the rest.
        if (state === "failed")
            seat.rising = "";
        seat.member.tell(state);
    };
    const interrupt = (seat) => {
        become(seat, "interrupted");
        seat.cancel = seat.member.after(failsAfterMs, () => become(seat, "failed"));
    };
    const rise = (seat, match) => {
        seat.partner = match;
        seat.generation = generationOf(seat);
        become(seat, "up");
    };
    /** Media flows with this match, if nothing is in its way, now or when the handshakes are done. */
    const tryUp = (seat, match) => {
        const generation = generationOf(seat);
        if (match === undefined || !canReach(seat, match) || seat.rising === generation)
            return;
        const ms = connectsInMs();
        if (ms <= 0)
            return rise(seat, match);
        seat.rising = generation;
        seat.member.after(ms, () => {
            if (seat.rising !== generation)
                return;
            seat.rising = "";
            // What has changed meanwhile begins anew.
            if (seats.has(match) && seat.state !== "up" && generationOf(seat) === generation && canReach(seat, match))
                rise(seat, match);
            else
                lookAround();
        });
    };
    const look = (seat) => {
        const match = matchOf(seat);
        switch (seat.state) {
            case "new":
                if (seat.member.local() !== "" && seat.member.remote() !== "") {
                    become(seat, "connecting");
                    tryUp(seat, match);
                }
                return;
            case "connecting":
            case "interrupted":
                return tryUp(seat, match);
            case "up": {
                // While an ICE restart is on its way, media goes on over the old path.
                if (match !== undefined && canReach(seat, match)) {
                    seat.cancel();
                    seat.partner = match;
                    seat.generation = generationOf(seat);
                }
                const { partner } = seat;
                if (partner !== undefined && isCut(seat, partner))
                    interrupt(seat);
                return;
            }
            case "failed":
                // Only new credentials help (W3C WebRTC section 5.6.3).
                if (seat.generation !== generationOf(seat))
                    tryUp(seat, match);
        }
    };
    const lookAround = () => {
        for (const seat of seats)
            look(seat);
    };
    return {
        cut: (one, other) => {
            if (one === undefined || other === undefined)
                allCut = true;
            else
                cuts.add(path(one, other));
            lookAround();
        },
        mend: (one, other) => {
            if (one === undefined || other === undefined) {
                allCut = false;
                cuts.clear();
            }
            else
                cuts.delete(path(one, other));
            lookAround();
        },
        join: (member) => {
            const seat = { member, state: "new", partner: undefined, generation: "", cancel: nothing, rising: "" };
            seats.add(seat);
            return {
                changed: lookAround,
                leave: () => {
                    seats.delete(seat);
                    seat.cancel();
                    seat.rising = "";
                    for (const other of seats) {
                        if (other.partner === seat && other.state === "up") {
                            other.cancel = other.member.after(noticedAfterMs, () => interrupt(other));
                        }
                    }
                }
            };
        }
    };
};
//# sourceMappingURL=MockNetwork.js.map