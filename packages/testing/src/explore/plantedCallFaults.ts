/** Machines with one rule broken each, and how far to search for what comes of it: they show that the search can see. */
import { type CallState, notReplacing, type Verdict } from "@enigma-rtc/core/call"
import type { CallBudget, CallFault } from "./exploreCalls.ts"

/** A broken rule, and a space in which it goes wrong. */
export interface PlantedFault {
  readonly name: string
  /** The rule of `docs/signaling.md` that is broken. */
  readonly rule: string
  readonly budget: CallBudget
  readonly fault: CallFault
}

const ignored: Verdict = { _tag: "Ignored", why: "a planted fault" }
const isOut = (state: CallState) => state._tag === "Connected" && state.negotiation._tag === "Out"

/** Leaves a message out of what a step asks for. */
const unsent = (verdict: Verdict, reason: string): Verdict =>
  verdict._tag === "Moved"
    ? { ...verdict, commands: verdict.commands.filter((c) => !(c._tag === "SendHangup" && c.reason === reason)) }
    : verdict

/** Every one of them must be found. */
export const plantedCallFaults: ReadonlyArray<PlantedFault> = [
  {
    name: "B compares the lines the wrong way round",
    rule: "SIG-10",
    budget: { calls: [1, 1] },
    fault: {
      step: (end, state, input, step) => {
        if (end !== "B" || state._tag !== "WaitingAnswer" || input._tag !== "PeerOffered") return step(state, input)
        const { line = "" } = input
        const verdict = step({ ...state, call: { ...state.call, own: line } }, { ...input, line: state.call.own })
        if (verdict._tag !== "Moved" || verdict.state._tag !== "IncomingOffer") return verdict
        return { ...verdict, state: { ...verdict.state, call: { ...verdict.state.call, line, own: state.call.own } } }
      }
    }
  },
  {
    name: "an offer that is not sent yet wins a collision",
    rule: "SIG-10",
    budget: { calls: [1, 1], refusals: 1 },
    fault: {
      step: (_, state, input, step) =>
        state._tag === "CreatingOffer" && input._tag === "PeerOffered" && state.call.own < (input.line ?? "")
          ? ignored
          : step(state, input)
    }
  },
  {
    name: "the loser of a collision does not withdraw its call",
    rule: "SIG-11",
    budget: { calls: [1, 1], hangups: [0, 1], lower: "B" },
    fault: { step: (_, state, input, step) => unsent(step(state, input), "withdrawn") }
  },
  {
    name: "an answer is taken for any call",
    rule: "SIG-12",
    budget: { calls: [2, 0], hangups: [1, 0] },
    fault: {
      message: (message) => {
        if (message.type !== "answer") return message
        const { call_id: _, ...nameless } = message
        return nameless
      }
    }
  },
  {
    name: "the callee does not yield with an offer in the call",
    rule: "SIG-19",
    budget: { calls: [1, 0], rounds: [1, 1] },
    fault: {
      step: (_, state, input, step) =>
        isOut(state) && input._tag === "PeerOffered" && "call" in state
          ? step({ ...state, call: { ...state.call, role: "caller" } }, input)
          : step(state, input)
    }
  },
  {
    name: "the one that yields forgets what it wanted",
    rule: "SIG-19",
    budget: { calls: [1, 0], rounds: [1, 1] },
    fault: {
      // What is wanted is forgotten with the round; that it was wanted stays in the intent, and is never offered.
      step: (_, state, input, step) => {
        const verdict = step(state, input)
        if (verdict._tag !== "Moved" || verdict.state._tag !== "Connected") return verdict
        const { call, negotiation } = verdict.state
        return negotiation._tag === "RollingBack"
          ? { ...verdict, state: { ...verdict.state, call: { ...call, wants: { round: false, restart: false } } } }
          : verdict
      }
    }
  },
  {
    name: "an offer that comes while the answer is applied is forgotten",
    rule: "SIG-20",
    budget: { calls: [1, 0], rounds: [0, 1] },
    fault: {
      step: (_, state, input, step) =>
        state._tag === "WaitingAnswer" && state.phase._tag === "Applying" && input._tag === "PeerOffered"
          ? ignored
          : step(state, input)
    }
  },
  {
    name: "a candidate is sent for whatever ICE credentials hold now",
    rule: "SIG-21",
    budget: { calls: [1, 0], restarts: [1, 0] },
    fault: {
      step: (_, state, input, step) =>
        step(state, input._tag === "EngineTrickled" ? { ...input, ufrag: "" } : input)
    }
  },
  {
    name: "candidates go to the engine before their description",
    rule: "SIG-21",
    budget: { calls: [1, 0], restarts: [1, 1] },
    fault: {
      step: (_, state, input, step) => {
        if (state._tag !== "Connected" || input._tag !== "PeerTrickled") return step(state, input)
        const { negotiation = 0, ...nameless } = input
        return negotiation > state.remote.described ? step(state, nameless) : step(state, input)
      }
    }
  },
  {
    name: "a late result is taken for the one that is awaited",
    rule: "SIG-22",
    budget: { calls: [1, 1] },
    fault: {
      step: (_, state, input, step) => {
        const isAnswering = state._tag === "IncomingOffer" && state.phase._tag === "Answering"
        return isAnswering && input._tag === "EngineOffered"
          ? step(state, { ...input, _tag: "EngineAnswered", operation: state.phase.operation })
          : step(state, input)
      }
    }
  },
  {
    name: "the other devices are not told who answered",
    rule: "SIG-13",
    budget: { calls: [1, 0], fork: true },
    fault: { step: (_, state, input, step) => unsent(step(state, input), "answered_elsewhere") }
  },
  {
    name: "a hangup of a device that the call is not with ends it",
    rule: "SIG-14",
    budget: { calls: [1, 0], hangups: [0, 1], fork: true },
    fault: {
      step: (_, state, input, step) => {
        if (input._tag !== "PeerHungUp") return step(state, input)
        const { line: _line, ...lineless } = input
        return step(state, lineless)
      }
    }
  },
  {
    name: "an end goes on as soon as its own media are up",
    rule: "SIG-31",
    budget: { calls: [1, 0], moves: [1, 0], fires: 1 },
    fault: {
      replaceStep: (real, state, input, next) =>
        input._tag === "NextUp" ? [notReplacing, ["TellPeer", "Move"]] : real(state, input, next)
    }
  },
  {
    name: "an end goes on as soon as the peer's media are up",
    rule: "SIG-31",
    budget: { calls: [1, 0], moves: [1, 0], fires: 1, relayed: true },
    fault: {
      replaceStep: (real, state, input, next) =>
        input._tag === "PeerUp" && input.by === next?.id ? [notReplacing, ["Move"]] : real(state, input, next)
    }
  },
  {
    name: "an end that was up forgets it when the move fails",
    rule: "SIG-32",
    budget: { calls: [1, 0], moves: [1, 0], rounds: [1, 0], timeouts: 1, relayed: true },
    fault: { replaceStep: (real, { told: _, ...state }, input, next) => real(state, input, next) }
  },
  {
    name: "a peer's word is taken for whatever move is on",
    rule: "SIG-32",
    budget: { calls: [1, 0], moves: [2, 0], fires: 2, relayed: true },
    fault: {
      replaceStep: (real, state, input, next) =>
        real(state, input._tag === "PeerUp" && input.by !== state.told ? { ...input, by: next?.id ?? "" } : input, next)
    }
  },
  {
    name: "a peer's word that comes after a failed move ends the call",
    rule: "SIG-32",
    budget: { calls: [1, 0], moves: [1, 0], fires: 1, relayed: true },
    fault: {
      replaceStep: (real, state, input, next) =>
        real(input._tag === "PeerUp" && next === undefined ? { ...state, told: input.by } : state, input, next)
    }
  },
  {
    name: "a call that replaces one that is not on rings",
    rule: "SIG-29",
    budget: { calls: [1, 0], moves: [1, 0], hangups: [0, 1] },
    fault: {
      route: (real, ...given) => {
        const way = real(...given)
        return way._tag === "ReplacesNone" ? { _tag: "Rings" } : way
      }
    }
  },
  {
    name: "of two calls that replace the same one both go on",
    rule: "SIG-30",
    budget: { calls: [1, 0], moves: [1, 1] },
    fault: {
      route: (real, message, calls, hasEnded) =>
        message.replaces === undefined
          ? real(message, calls, hasEnded)
          : real(message, calls.filter(({ replaces }) => replaces === undefined), hasEnded)
    }
  }
]
