/** A session without an engine: does what the machine asks at random moments, and checks each command. For properties. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict"
import { type CallCommand, type CallInput, type CallState, idle, step, type TimerName, type Verdict } from "../../src/call/index.ts"
import type { IceCandidate } from "../../src/signaling/index.ts"
import { intent } from "./situations.ts"

export interface Pending {
  readonly kind: "OpenPeer" | "CreateOffer" | "CreateAnswer" | "ApplyAnswer"
  readonly operation: number
}

/** The timer that a state says is running. */
const timerOf = (state: CallState): readonly [TimerName, number] | undefined => {
  if (state._tag === "WaitingAnswer" && state.phase._tag === "Waiting") return ["ring", state.phase.timer]
  if (state._tag === "IncomingOffer" && state.phase._tag === "Ringing") return ["ring", state.phase.timer]
  if (state._tag !== "Connected") return undefined
  if (state.media._tag === "Connecting") return ["connect", state.media.timer]
  return state.media._tag === "Interrupted" ? ["reconnect", state.media.timer] : undefined
}

export class FakeSession {
  state: CallState = idle(intent)
  peer: "none" | "open" | "closing" | "closed" = "none"
  readonly pending: Array<Pending> = []
  readonly timers = new Map<TimerName, number>()
  readonly told: Array<string> = []
  /** What the engine found, and what the peer got. */
  readonly trickled: Array<IceCandidate> = []
  readonly candidatesSent: Array<IceCandidate> = []
  /** What the peer trickled and the machine took, and what the engine got. */
  readonly taken: Array<IceCandidate> = []
  readonly candidatesAdded: Array<IceCandidate> = []
  #aware = false
  #described = false
  #hungUp = false
  #number = 0

  /** Gives the machine an input, does what it asks, and checks what must hold after every step. */
  feed(input: CallInput): Verdict {
    const before = structuredClone(this.state)
    const held = this.state
    const verdict = step(this.state, input)
    deepStrictEqual(held, before, "a step changes no state that somebody holds")
    if (verdict._tag !== "Moved") {
      ok(verdict.why.length > 0)
      return verdict
    }
    if ("aware" in input && input.aware) this.#aware = true
    // Before the offer, a candidate of any call is kept; it is taken if it turns out to be of this one.
    if (input._tag === "PeerTrickled" && (input.callId ?? "call-1") === "call-1") this.taken.push(input.candidate)
    // They were for an offer of the peer's, which our own call goes before.
    if (input._tag === "UserCalled") this.taken.length = 0
    if (input._tag === "EngineTrickled") this.trickled.push(input.candidate)
    this.state = verdict.state
    for (const command of verdict.commands) this.#perform(command)
    this.#check()
    return verdict
  }

  /** A timer's time has come. */
  fire(timer: TimerName): Verdict {
    const token = this.timers.get(timer)
    ok(token !== undefined)
    this.timers.delete(timer)
    return this.feed({ _tag: "TimerFired", timer, token })
  }

  #perform(command: CallCommand): void {
    switch (command._tag) {
      case "OpenPeer":
        strictEqual(this.peer, "none", "a peer is opened once")
        this.peer = "open"
        this.#numbered(command.operation)
        this.pending.push({ kind: "OpenPeer", operation: command.operation })
        return
      case "ClosePeer":
        strictEqual(this.peer, "open", "a peer is closed once, when it is open")
        this.peer = "closing"
        return
      case "CreateOffer":
      case "CreateAnswer":
      case "ApplyAnswer":
        strictEqual(this.peer, "open", `${command._tag} needs an open peer`)
        if (command._tag === "ApplyAnswer") this.#numbered(command.operation)
        else strictEqual(command.operation, this.#number, "the opening and its operation settle together")
        this.pending.push({ kind: command._tag, operation: command.operation })
        return
      case "AddCandidates":
        strictEqual(this.peer, "open", "candidates need an open peer")
        ok(command.candidates.length > 0)
        this.candidatesAdded.push(...command.candidates)
        return
      case "ApplyIntent":
        strictEqual(this.peer, "open", "an intent needs an open peer")
        return
      case "SendOffer":
      case "SendAnswer":
        ok(!this.#described && !this.#hungUp, "one description is sent, before any hangup")
        this.#described = true
        return
      case "SendCandidates":
        ok(this.#described, "candidates follow their description")
        ok(!this.#hungUp && command.candidates.length > 0)
        for (const candidate of command.candidates) ok(candidate.candidate !== "" || this.#aware, "the peer knows an end-of-candidates")
        this.candidatesSent.push(...command.candidates)
        return
      case "SendHangup":
        ok(!this.#hungUp, "one hangup is sent")
        this.#hungUp = true
        return
      case "StartTimer":
        ok(!this.timers.has(command.timer), "a timer that runs is not started")
        this.#numbered(command.token)
        this.timers.set(command.timer, command.token)
        return
      case "StopTimer":
        ok(this.timers.delete(command.timer), "a timer that is stopped was running")
        return
      case "Emit":
        this.told.push(command.event._tag)
    }
  }

  #numbered(number: number): void {
    ok(number > this.#number, "a number is never given twice")
    this.#number = number
  }

  #check(): void {
    const { state } = this
    const timer = timerOf(state)
    deepStrictEqual([...this.timers], timer === undefined ? [] : [[...timer]], "exactly the state's own timer runs")
    deepStrictEqual(JSON.parse(JSON.stringify(state)), state, "a state is plain JSON")
    if ("call" in state) ok(this.pending.every(({ operation }) => operation <= state.call.serial))
    // What the engine found has gone out, in order, as soon as its description has; only ends may wait.
    if (this.#described && !this.#hungUp && "call" in state) {
      const found = (list: ReadonlyArray<IceCandidate>, end: boolean) => list.filter(({ candidate }) => (candidate === "") === end)
      deepStrictEqual(found(this.candidatesSent, false), found(this.trickled, false))
      if (state._tag === "Connected" && state.call.aware) {
        strictEqual(found(this.candidatesSent, true).length, found(this.trickled, true).length, "each end is sent once")
      }
    }
    if (this.peer === "open") deepStrictEqual(this.candidatesAdded, this.taken, "the engine gets what the peer trickled, in order")
    if (state._tag === "Ended") {
      ok(this.peer === "none" || this.peer === "closed", "an ended call has no open peer")
      strictEqual(this.told.at(-1), "ConnectionClosed")
    }
    strictEqual(this.told.filter((tag) => tag === "ConnectionClosed").length, state._tag === "Ended" ? 1 : 0)
  }
}
