/** Two ends that call each other over lines that keep the order, with engines that the test answers for. Strict. */
import { ok, strictEqual } from "node:assert/strict"
import { type Abilities, type CallCommand, type CallEvent, type CallInput, type CallState, idle, type Route, route, step, type Verdict } from "../../src/call/index.ts"
import { able, intent, sdpOf } from "./situations.ts"

type Command<T extends CallCommand["_tag"]> = Extract<CallCommand, { readonly _tag: T }>
type Said = Command<"SendOffer" | "SendAnswer" | "SendCandidates" | "SendHangup">
/** A message on its way. Of candidates, one each. */
export interface Message {
  readonly said: Said
  readonly from: string
}

export interface OneCall {
  id: string
  state: CallState
  signaling: "stable" | "have-local-offer"
  /** What the engine was asked for, and has not done yet. */
  asked: Command<"CreateOffer" | "CreateAnswer" | "ApplyAnswer" | "RollBack"> | undefined
  /** Our ICE credentials, those before our offer, and the peer's. */
  ufrag: string
  before: string
  remote: string
  readonly commands: Array<CallCommand>
}

const typeOf = { SendOffer: "offer", SendAnswer: "answer", SendCandidates: "ice_candidate", SendHangup: "hangup" } as const
const ufragOf = (sdp: string): string => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1] ?? ""

export class End {
  readonly line: string
  readonly #peerLine: string
  /** The session id of all its descriptions (RFC 8866 section 5.2). */
  readonly #session: number
  readonly #abilities: Abilities
  /** What is on its way to the peer. */
  readonly outbox: Array<Message> = []
  readonly calls: Array<OneCall> = []
  readonly #ended = new Set<string>()
  readonly said: Array<string> = []
  readonly told: Array<CallEvent> = []
  readonly routes: Array<Route> = []
  #made = 0

  constructor(line: string, peerLine: string, session: number, abilities: Abilities = able) {
    this.line = line
    this.#peerLine = peerLine
    this.#session = session
    this.#abilities = abilities
  }

  /** The call that is on, or was the last. */
  get call(): OneCall {
    const last = this.calls.at(-1)
    ok(last !== undefined, `${this.line} has no call`)
    return last
  }
  get state(): CallState {
    return this.call.state
  }

  does(input: CallInput, call = this.call): Verdict {
    const verdict = step(call.state, input)
    if (verdict._tag !== "Moved") return verdict
    call.state = verdict.state
    if ("call" in verdict.state) {
      if (verdict.state.call.id !== call.id) this.#ended.add(call.id)
      call.id = verdict.state.call.id
    }
    for (const command of verdict.commands) this.#perform(command, call)
    if (call.state._tag === "Ended") this.#ended.add(call.id)
    return verdict
  }

  callsPeer(id = `call-of-${this.line}`): void {
    this.#open(id)
    this.does({ _tag: "UserCalled", callId: id, line: this.line, media: {} })
  }
  hangsUp(): void {
    this.does({ _tag: "UserHungUp", reason: "normal" })
  }

  /** The engine does what it was asked for. */
  engineDoes(call = this.call): void {
    const { asked } = call
    ok(asked !== undefined, `${this.line}'s engine has nothing to do`)
    call.asked = undefined
    const { operation } = asked
    switch (asked._tag) {
      case "CreateOffer":
        call.signaling = "have-local-offer"
        call.before = call.ufrag
        if (call.ufrag === "" || asked.iceRestart) call.ufrag = `${this.line}/${operation}`
        return void this.does({ _tag: "EngineOffered", operation, sdp: sdpOf(call.ufrag, this.#session, operation) }, call)
      case "CreateAnswer":
        if (ufragOf(asked.offer) !== call.remote) call.ufrag = `${this.line}/${operation}`
        call.remote = ufragOf(asked.offer)
        return void this.does({ _tag: "EngineAnswered", operation, sdp: sdpOf(call.ufrag, this.#session, operation) }, call)
      case "ApplyAnswer":
        call.signaling = "stable"
        call.remote = ufragOf(asked.answer)
        return void this.does({ _tag: "EngineApplied", operation }, call)
      case "RollBack":
        call.signaling = "stable"
        call.ufrag = call.before
        return void this.does({ _tag: "EngineRolledBack", operation }, call)
    }
  }
  engineRefuses(reason = "Refused", call = this.call): void {
    ok(call.asked !== undefined)
    const { operation } = call.asked
    call.asked = undefined
    this.does({ _tag: "EngineRefused", operation, failure: { engine: "test", operation: "any", reason, message: "it broke" } }, call)
  }

  /** The time has come to try again what the engine could not do. */
  triesAgain(call = this.call): void {
    const token = retryOf(call)
    if (token !== undefined) this.does({ _tag: "TimerFired", timer: "retry", token }, call)
  }

  /** The engine finds a candidate. */
  finds(ufrag = this.call.ufrag): string {
    const sdpMid = `${this.line}-${this.#made++}`
    this.does({ _tag: "EngineTrickled", ufrag, candidate: { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid } })
    return sdpMid
  }
  /** The candidates of the peer that the engine has been given. */
  get added(): ReadonlyArray<string> {
    return this.call.commands.flatMap((command) =>
      command._tag === "AddCandidates" ? command.candidates.map(({ sdpMid = "" }) => sdpMid) : [])
  }

  /** Takes the next message of the peer's. */
  hears(peer: End): Verdict | undefined {
    const message = peer.outbox.shift()
    ok(message !== undefined, `${this.line} has nothing to hear`)
    const { from, said } = message
    const type = typeOf[said._tag]
    const way = route({ type, callId: said.callId }, this.calls.filter(({ state }) => state._tag !== "Ended"), (id) => this.#ended.has(id))
    this.routes.push(way)
    switch (way._tag) {
      case "ToCall":
      case "Collides": {
        const verdict = this.#hear(message, this.calls.find(({ id }) => id === way.id))
        if (way._tag === "Collides" && verdict?._tag !== "Moved") this.#ended.add(said.callId)
        return verdict
      }
      case "Rings":
        strictEqual(from, this.#peerLine)
        this.#open(said.callId)
        return this.#hear(message, this.call)
      case "Early":
      case "Stale":
        return undefined
    }
  }

  #open(id: string): void {
    this.calls.push({ id, state: idle(intent, this.#abilities), signaling: "stable", asked: undefined, ufrag: "", before: "", remote: "", commands: [] })
  }
  #hear({ from, said }: Message, call: OneCall | undefined): Verdict | undefined {
    ok(call !== undefined)
    const who = { callId: said.callId, line: from, aware: true }
    switch (said._tag) {
      case "SendOffer":
        return this.does({ _tag: "PeerOffered", ...who, negotiation: said.negotiation, sdp: said.sdp }, call)
      case "SendAnswer":
        return this.does({ _tag: "PeerAnswered", ...who, negotiation: said.negotiation, sdp: said.sdp }, call)
      case "SendCandidates":
        for (const candidate of said.candidates) this.does({ _tag: "PeerTrickled", ...who, negotiation: said.negotiation, candidate }, call)
        return undefined
      case "SendHangup":
        return this.does({ _tag: "PeerHungUp", ...who, reason: said.reason, ...(said.answeredBy === this.line ? { byUs: true } : {}) }, call)
    }
  }
  #perform(command: CallCommand, call: OneCall): void {
    call.commands.push(command)
    switch (command._tag) {
      case "SendOffer":
      case "SendAnswer":
      case "SendCandidates":
      case "SendHangup":
        this.outbox.push({ said: command, from: this.line })
        this.said.push(`${typeOf[command._tag]} ${command.callId}${"negotiation" in command ? ` ${command.negotiation}` : ` ${command.reason}`}`)
        return
      case "CreateOffer":
      case "CreateAnswer":
      case "ApplyAnswer":
      case "RollBack": {
        strictEqual(call.asked, undefined, "one operation of a round is awaited at a time")
        const needs = command._tag === "CreateOffer" || command._tag === "CreateAnswer" ? "stable" : "have-local-offer"
        strictEqual(call.signaling, needs, `${command._tag} is asked for in ${needs}`)
        call.asked = command
        return
      }
      case "ReopenPeer":
        call.asked = undefined
        call.signaling = "stable"
        call.ufrag = call.before = call.remote = ""
        return
      case "Emit":
        this.told.push(command.event)
        return
      case "ClosePeer":
        call.asked = undefined
        return
      case "OpenPeer":
      case "AddCandidates":
      case "ApplyIntent":
      case "StartTimer":
      case "StopTimer":
    }
  }
}

/** What the engines of both ends can do. */
interface Engines {
  readonly a?: Abilities
  readonly b?: Abilities
}

/** Two ends, and no call yet. The line of `a` goes before that of `b`. */
export const twoMachines = (engines: Engines = {}): { readonly a: End; readonly b: End } => ({
  a: new End("a.1", "b.1", 50, engines.a),
  b: new End("b.1", "a.1", 60, engines.b)
})

const retryOf = ({ state }: OneCall): number | undefined =>
  state._tag === "Connected" && state.negotiation._tag === "Stable" ? state.negotiation.retry : undefined
const isQuiet = (call: OneCall): boolean =>
  call.asked === undefined && call.state._tag !== "Ending" && retryOf(call) === undefined

/** Lets both hear and do all that there is. Engines close at once. */
export const settle = (...ends: readonly [End, End]): void => {
  for (let turn = 0; turn < 200; turn++) {
    for (const [i, end] of ends.entries()) {
      const peer = ends[1 - i]
      ok(peer !== undefined)
      for (const call of end.calls) {
        if (call.asked !== undefined) end.engineDoes(call)
        if (retryOf(call) !== undefined) end.triesAgain(call)
        if (call.state._tag === "Ending") end.does({ _tag: "EngineClosed" }, call)
      }
      if (peer.outbox.length > 0) end.hears(peer)
    }
    const quiet = ends.every((end) => end.outbox.length === 0 && end.calls.every((call) => isQuiet(call)))
    if (quiet) return
  }
  throw new Error("two ends that never come to rest")
}

/** `a` has called `b`, which has answered: both are connected, and stable. */
export const connectedMachines = (engines: Engines = {}): { readonly a: End; readonly b: End } => {
  const { a, b } = twoMachines(engines)
  a.callsPeer()
  a.engineDoes()
  b.hears(a)
  b.does({ _tag: "UserAccepted", media: {} })
  settle(a, b)
  for (const end of [a, b]) end.does({ _tag: "EngineUp" })
  return { a, b }
}

/** Both ends are in the same call, have come to the same round, and want nothing more. */
export const agree = (a: End, b: End): void => {
  for (const { call, state } of [a, b]) {
    ok(state._tag === "Connected", `${call.id} is ${state._tag}`)
    strictEqual(state.negotiation._tag, "Stable")
    strictEqual(state.queued, undefined)
    strictEqual(state.early.length, 0)
    ok(!state.call.wants.round && !state.call.wants.restart)
  }
  ok(a.state._tag === "Connected" && b.state._tag === "Connected")
  strictEqual(a.call.id, b.call.id)
  strictEqual(a.state.remote.described, b.state.remote.described)
  for (const [one, other] of [[a.state, b.state], [b.state, a.state]] as const) {
    strictEqual(one.remote.ufrag, other.local.ufrag)
    strictEqual(one.remote.negotiation, other.local.negotiation)
  }
}
