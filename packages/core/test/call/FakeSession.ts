/** A session without an engine: does what the machine asks at random moments, and checks each command. For properties. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict"
import { type Abilities, type CallCommand, type CallInput, type CallState, idle, step, type TimerName, type Verdict } from "../../src/call/index.ts"
import type { IceCandidate } from "../../src/signaling/index.ts"
import { able, intent, sdpOf, timersOf } from "./situations.ts"

/** What the engine was asked for in a round, and what it will have come to when it has done it. */
export interface Pending {
  readonly kind: "CreateOffer" | "CreateAnswer" | "ApplyAnswer" | "RollBack"
  readonly operation: number
  /** The ICE credentials that its description will have. */
  readonly ufrag: string
}

const ufragOf = (sdp: string): string => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? ""

/** A connection, as strict as W3C WebRTC section 4.4.1 is about what may be asked of it, and when. */
class FakePeer {
  signaling: "stable" | "have-local-offer" = "stable"
  pending: Pending | undefined
  /** Of what has been described, and of what an offer that may be taken back has replaced. */
  ufrag = "none"
  before = "none"
  remoteUfrag = "none"
  readonly added = new Set<string>()
}

export class FakeSession {
  state: CallState
  peer: "none" | "open" | "closing" | "closed" = "none"
  engine = new FakePeer()
  /** Operations of a connection that another has taken the place of. */
  readonly abandoned: Array<number> = []
  readonly timers = new Map<TimerName, number>()
  readonly told: Array<string> = []
  /** What has been done at least once, so that a test can tell that its stories were worth telling. */
  readonly done = new Set<string>()
  readonly hungUp = new Set<string>()
  readonly #found = new Map<string, string>()
  readonly #sent = new Set<string>()
  /** Of the call that is on: the round that brought each of our credentials in, and those that were withdrawn. */
  #broughtBy = new Map<string, number>()
  #withdrawn = new Set<string>()
  #described = new Map<string, number>()
  #mostOffered = -1
  #mostSeen = -1
  #answered = -1
  /** Of the peer's descriptions: the last that the engine has, and the last that changed ICE credentials. */
  #remote: { described: number; generation: number } | undefined
  /** What the peer trickled and the machine took, by the round that it named. */
  #taken = new Map<string, number | undefined>()
  #aware = false
  #hasDescribed = false
  #number = 0
  /** Ends-of-candidates that were found: they may wait until the peer is known to understand them. */
  readonly #ends = new Set<string>()

  readonly #abilities: Abilities
  /** What both engines can do, as far as the descriptions have told. */
  #both: Abilities

  constructor(abilities: Abilities = able) {
    this.state = idle(intent, abilities)
    this.#abilities = this.#both = abilities
  }

  get #call() {
    return "call" in this.state ? this.state.call : undefined
  }

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
    const role = this.#call?.role
    this.state = verdict.state
    if (role === "caller" && this.#call?.role === "callee") this.#yielded("aware" in input && input.aware)
    this.#hear(input)
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

  /** The engine has done what it was asked for, or has not. */
  settle(outcome: "done" | "Refused" | "Timeout"): void {
    const { engine } = this
    const { pending } = engine
    ok(pending !== undefined)
    engine.pending = undefined
    const { kind, operation, ufrag } = pending
    if (outcome !== "done") {
      const failure = { engine: "fake", operation: kind, reason: outcome, message: "it broke" }
      return void this.feed({ _tag: "EngineRefused", operation, failure })
    }
    const sdp = sdpOf(ufrag, 50, operation)
    switch (kind) {
      case "CreateOffer":
        engine.signaling = "have-local-offer"
        engine.before = engine.ufrag
        engine.ufrag = ufrag
        return void this.feed({ _tag: "EngineOffered", operation, sdp })
      case "CreateAnswer":
        engine.ufrag = ufrag
        return void this.feed({ _tag: "EngineAnswered", operation, sdp })
      case "ApplyAnswer":
        engine.signaling = "stable"
        return void this.feed({ _tag: "EngineApplied", operation })
      case "RollBack":
        engine.signaling = "stable"
        engine.ufrag = engine.before
        return void this.feed({ _tag: "EngineRolledBack", operation })
    }
  }

  /** The engine finds a candidate, or that there are no more, for the credentials it has or is about to have. */
  find(isEnd: boolean): void {
    const { engine } = this
    const ufrag = engine.pending?.kind === "CreateOffer" || engine.pending?.kind === "CreateAnswer" ? engine.pending.ufrag : engine.ufrag
    if (ufrag === "none") return
    const candidate = { candidate: isEnd ? "" : "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: `found${this.#found.size}` }
    this.#found.set(candidate.sdpMid, ufrag)
    if (isEnd) this.#ends.add(candidate.sdpMid)
    this.feed({ _tag: "EngineTrickled", candidate, ufrag })
  }

  /** Our call was given up for the peer's: what was said in it counts no more, unless the peer names no calls. */
  #yielded(isAware: boolean): void {
    this.done.add("yielded")
    this.#broughtBy = new Map()
    this.#withdrawn = new Set()
    this.#described = new Map()
    this.#mostOffered = this.#mostSeen = this.#answered = -1
    this.#remote = undefined
    if (isAware) this.#taken = new Map()
    this.#both = this.#abilities
    this.#hasDescribed = false
  }

  #hear(input: CallInput): void {
    if ("aware" in input) {
      if (input.aware) this.#aware = true
      // A collision begins anew, with a peer that may not know them.
      if (input._tag === "PeerOffered" && this.state._tag === "IncomingOffer") this.#aware = input.aware
    }
    const isFirst = (input._tag === "PeerOffered" || input._tag === "PeerAnswered") && this.state._tag !== "Connected"
    if (isFirst && (input.negotiation ?? 0) === (this.#call?.negotiation ?? 0)) {
      const hasRounds = this.#both.renegotiates && !input.sdp.includes("a=x-enigma-lacks:rounds")
      this.#both = { renegotiates: hasRounds, restartsIce: hasRounds && this.#both.restartsIce && !input.sdp.includes("a=x-enigma-lacks:restart") }
    }
    if (input._tag === "PeerOffered") {
      const negotiation = input.negotiation ?? 0
      this.#mostSeen = Math.max(this.#mostSeen, negotiation)
      this.#described.set(input.sdp, negotiation)
    }
    if (input._tag === "PeerTrickled" && [undefined, this.#call?.id ?? "call-1"].includes(input.callId)) {
      this.#taken.set(input.candidate.sdpMid ?? "", input.negotiation)
    }
    if (input._tag === "UserCalled") this.#taken.clear()
  }

  #perform(command: CallCommand): void {
    const call = this.#call
    switch (command._tag) {
      case "OpenPeer":
        strictEqual(this.peer, "none", "a peer is opened once")
        this.peer = "open"
        return this.#numbered(command.operation)
      case "ReopenPeer":
        strictEqual(this.peer, "open", "only an open peer has another take its place")
        if (this.engine.pending !== undefined) this.abandoned.push(this.engine.pending.operation)
        this.engine = new FakePeer()
        return this.#numbered(command.operation)
      case "ClosePeer":
        strictEqual(this.peer, "open", "a peer is closed once, when it is open")
        this.peer = "closing"
        return
      case "CreateOffer":
      case "CreateAnswer":
      case "ApplyAnswer":
      case "RollBack":
        return this.#ask(command)
      case "AddCandidates":
        strictEqual(this.peer, "open", "candidates need an open peer")
        ok(command.candidates.length > 0)
        for (const candidate of command.candidates) this.#add(candidate)
        return
      case "ApplyIntent":
        strictEqual(this.peer, "open", "an intent needs an open peer")
        return
      case "SendOffer": {
        this.#mayStillSend(command.callId)
        const { negotiation } = command
        ok(negotiation > this.#mostSeen && negotiation > this.#mostOffered, "an offer's number is above any that was seen")
        strictEqual(negotiation % 2, call?.role === "caller" ? 0 : 1, "a caller's numbers are even, a callee's odd")
        ok(command.sdp.includes("a=x-enigma-rtc:1"), "an offer has our mark")
        this.#mostOffered = this.#mostSeen = negotiation
        this.done.add(`offered ${Math.min(negotiation, 3)}`)
        return this.#brings(command.sdp, negotiation)
      }
      case "SendAnswer": {
        this.#mayStillSend(command.callId)
        strictEqual(command.negotiation, this.#remote?.described, "an answer has its offer's number")
        ok(command.negotiation > this.#answered, "an offer is answered once")
        this.#answered = command.negotiation
        this.done.add(`answered ${Math.min(command.negotiation, 3)}`)
        return this.#brings(command.sdp, command.negotiation)
      }
      case "SendCandidates":
        this.#mayStillSend(command.callId)
        ok(this.#hasDescribed, "candidates follow their description")
        ok(command.candidates.length > 0)
        for (const { candidate, sdpMid = "" } of command.candidates) {
          const ufrag = this.#found.get(sdpMid) ?? ""
          ok(candidate !== "" || this.#aware, "the peer knows an end-of-candidates")
          ok(!this.#sent.has(sdpMid), "a candidate is sent once")
          ok(!this.#withdrawn.has(ufrag), "no candidate of a withdrawn offer is sent")
          strictEqual(command.negotiation, this.#broughtBy.get(ufrag), "a candidate has the number of the round that brought its ufrag in, after it")
          this.#sent.add(sdpMid)
        }
        return
      case "SendHangup":
        if (command.answeredBy !== undefined) return void this.done.add("told other lines")
        ok(!this.hungUp.has(command.callId), "one hangup is sent for a call")
        this.hungUp.add(command.callId)
        return
      case "StartTimer":
        ok(!this.timers.has(command.timer), "a timer that runs is not started")
        this.#numbered(command.token)
        ok(this.#both.restartsIce || !command.timer.endsWith("Grace"), "who cannot restart ICE does not wait to do it")
        this.timers.set(command.timer, command.token)
        this.done.add(command.timer)
        return
      case "StopTimer":
        ok(this.timers.delete(command.timer), "a timer that is stopped was running")
        return
      case "Emit":
        this.told.push(command.event._tag)
    }
  }

  #ask(command: Extract<CallCommand, { readonly _tag: Pending["kind"] }>): void {
    const { engine } = this
    strictEqual(this.peer, "open", `${command._tag} needs an open peer`)
    strictEqual(engine.pending, undefined, "one operation of a round is awaited at a time")
    const isFirst = command._tag !== "RollBack" && command._tag !== "ApplyAnswer" && engine.ufrag === "none"
    if (isFirst) strictEqual(command.operation, this.#number, "the opening and its operation settle together")
    else this.#numbered(command.operation)
    const kind = command._tag
    const wants = kind === "CreateOffer" || kind === "CreateAnswer" ? "stable" : "have-local-offer"
    strictEqual(engine.signaling, wants, `${kind} is asked for in ${wants}`)
    let { ufrag } = engine
    if (command._tag === "CreateOffer" && !isFirst) {
      ok(this.#both.renegotiates && this.#call?.aware === true, "a round is offered only where both ends take part in it")
      ok(this.#both.restartsIce || !command.iceRestart, "ICE is restarted only where both ends can")
    }
    if (command._tag === "CreateOffer" && (isFirst || command.iceRestart)) ufrag = `u${command.operation}`
    if (command._tag === "CreateOffer" && command.iceRestart) this.done.add("restarted")
    if (command._tag === "CreateAnswer") {
      const negotiation = this.#described.get(command.offer)
      ok(negotiation !== undefined, "what is answered has been offered")
      if (this.#remotely(command.offer, negotiation)) ufrag = `u${command.operation}`
    }
    if (command._tag === "ApplyAnswer") {
      strictEqual(this.state._tag === "WaitingAnswer" ? 0 : this.#mostOffered, this.#mostOffered, "the answer is to our last offer")
      this.#remotely(command.answer, this.#mostOffered)
    }
    if (kind === "RollBack") {
      if (engine.ufrag !== engine.before) this.#withdrawn.add(engine.ufrag)
      this.done.add("rolled back")
    }
    engine.pending = { kind, operation: command.operation, ufrag }
  }

  /** The engine is given a description of the peer's. Does it bring new ICE credentials? */
  #remotely(sdp: string, negotiation: number): boolean {
    const ufrag = ufragOf(sdp)
    const isNew = ufrag !== this.engine.remoteUfrag
    this.engine.remoteUfrag = ufrag
    this.#remote = { described: negotiation, generation: isNew ? negotiation : this.#remote?.generation ?? negotiation }
    return isNew
  }

  #brings(sdp: string, negotiation: number): void {
    this.#hasDescribed = true
    const ufrag = ufragOf(sdp)
    strictEqual(ufrag, this.engine.ufrag)
    if (!this.#broughtBy.has(ufrag)) this.#broughtBy.set(ufrag, negotiation)
  }

  #mayStillSend(callId: string): void {
    strictEqual(callId, this.#call?.id, "what is sent names the call that is on")
    ok(!this.hungUp.has(callId), "nothing follows a hangup")
  }

  #add({ sdpMid = "" }: IceCandidate): void {
    ok(this.#taken.has(sdpMid), "what is given to the engine was taken from the peer")
    ok(!this.engine.added.has(sdpMid), "a candidate is given to the engine once")
    this.engine.added.add(sdpMid)
    const round = this.#taken.get(sdpMid)
    if (round === undefined || this.#remote === undefined) return
    ok(
      round === this.#remote.generation || round === this.#remote.described,
      `a candidate of round ${round} is given to an engine that has ${JSON.stringify(this.#remote)}`
    )
  }

  #numbered(number: number): void {
    ok(number > this.#number, "a number is never given twice")
    this.#number = number
  }

  #check(): void {
    const { engine, state } = this
    deepStrictEqual(Object.fromEntries(this.timers), Object.fromEntries(timersOf(state)), "exactly the state's own timers run")
    deepStrictEqual(JSON.parse(JSON.stringify(state)), state, "a state is plain JSON")
    if (state._tag === "Connected") {
      deepStrictEqual(state.call.abilities, this.#both)
      if (!this.#both.renegotiates) this.done.add("one round only")
      this.done.add(`${state.call.role} ${state.negotiation._tag}${state.queued === undefined ? "" : " with an offer that waits"}`)
      const awaited = "operation" in state.negotiation ? state.negotiation.operation : undefined
      strictEqual(engine.pending?.operation, awaited, "what the state waits for is what the engine does")
      strictEqual(engine.signaling === "have-local-offer", ["Out", "Applying", "RollingBack"].includes(state.negotiation._tag))
      ok(state.negotiation._tag !== "Stable" || state.queued === undefined, "no offer waits while nothing is under way")
      ok(state.early.length <= 64)
      // What the peer has found for the credentials that hold is with the engine, and nothing else is held for ever.
      for (const [sdpMid, round] of this.#taken) {
        if (round === undefined || round === this.#remote?.generation) ok(engine.added.has(sdpMid), `the engine lacks ${sdpMid} of round ${round}`)
      }
      for (const { negotiation } of state.early) ok(negotiation > state.remote.described, "only what is ahead is held")
    }
    // What the engine has found goes out as soon as its description has.
    if (this.#hasDescribed && this.#call !== undefined && engine.pending?.kind !== "RollBack" && this.#broughtBy.has(engine.ufrag)) {
      for (const [sdpMid, ufrag] of this.#found) {
        if (ufrag === engine.ufrag && !this.#ends.has(sdpMid)) ok(this.#sent.has(sdpMid), `${sdpMid} has not been sent`)
      }
    }
    if (state._tag === "Ended") {
      ok(this.peer === "none" || this.peer === "closed", "an ended call has no open peer")
      strictEqual(this.told.at(-1), "ConnectionClosed")
    }
    strictEqual(this.told.filter((tag) => tag === "ConnectionClosed").length, state._tag === "Ended" ? 1 : 0)
  }
}
