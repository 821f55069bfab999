/** Searches every way in which two ends can call each other: the real machine at both, over channels that may stall. */
import {
  type CallCommand,
  type CallInput,
  type CallState,
  idle,
  type InputOf,
  type MediaIntent,
  route,
  step,
  type TimerName,
  type Verdict
} from "@enigma-rtc/core/call"
import { type CallMessage, candidateOf, toMessage } from "@enigma-rtc/core/signaling"
import { explore, type Explored, type Successor } from "./explore.ts"
import { type Asked, doNext, modelEngine, type ModelEngine, originIn } from "./ModelEngine.ts"

/** What each end, or the world, may do how often. */
export interface CallBudget {
  /** How many calls each end may make. */
  readonly calls: readonly [number, number]
  /** How many hangups and declines, and so on. */
  readonly hangups?: readonly [number, number]
  readonly rounds?: readonly [number, number]
  readonly restarts?: readonly [number, number]
  /** How many engine operations may be refused, and how many may run out of time. */
  readonly refusals?: number
  readonly timeouts?: number
  /** How many timers may fire that end calls. */
  readonly fires?: number
  /** How often the media path may break. */
  readonly cuts?: number
  /** The lower line is whose? Default `A`. */
  readonly lower?: "A" | "B"
}

/** Changes what the machine does, or a message on its way: a planted fault, which the search has to find. */
export interface CallFault {
  readonly step?: (end: "A" | "B", state: CallState, input: CallInput, real: typeof step) => Verdict
}

interface ModelCall {
  id: string
  state: CallState
  engine?: ModelEngine
  /** What an engine that was given up for another still gives. */
  readonly late: Array<Asked>
  readonly timers: { [T in TimerName]?: number }
  closing: boolean
  established: boolean
}
type Budget = "calls" | "hangups" | "rounds" | "restarts"
interface End {
  readonly name: "A" | "B"
  readonly line: string
  readonly left: { [B in Budget]: number }
  readonly calls: Array<ModelCall>
  readonly ended: Array<string>
  made: number
  /** On their way to this end, in order. */
  readonly inbox: Array<CallMessage>
  engines: number
}
interface World {
  readonly A: End
  readonly B: End
  refusals: number
  timeouts: number
  fires: number
  cuts: number
  /** Somebody has hung up, or something has failed: calls may be lost. */
  excused: boolean
  wrong?: string
}

const intent: MediaIntent = {
  hold: false,
  data: false,
  send: { microphone: "on", camera: "off", screen: "off" },
  receive: { microphone: true, camera: false, screen: false }
}

const otherOf = (world: World, end: End): End => (end.name === "A" ? world.B : world.A)

/** One step of a search: the machine's verdict on an input, and what it asks for. */
class Mover {
  readonly #world: World
  readonly #fault: CallFault

  constructor(world: World, fault: CallFault) {
    this.#world = world
    this.#fault = fault
  }

  feed(end: End, call: ModelCall, input: CallInput): Verdict {
    const verdict = this.#fault.step?.(end.name, call.state, input, step) ?? step(call.state, input)
    if (verdict._tag !== "Moved") return verdict
    call.state = verdict.state
    if ("call" in call.state && call.state.call.id !== call.id) {
      end.ended.push(call.id)
      call.id = call.state.call.id
    }
    for (const command of verdict.commands) this.#perform(end, call, command)
    if (call.state._tag === "Ended") {
      end.ended.push(call.id)
      end.calls.splice(end.calls.indexOf(call), 1)
      if (Object.keys(call.timers).length > 0) this.#world.wrong = "a timer runs on after the call"
      if (call.engine !== undefined) this.#world.wrong = "an engine is left open"
    }
    return verdict
  }

  open(end: End, id: string): ModelCall {
    const call: ModelCall = { id, state: idle(intent), late: [], timers: {}, closing: false, established: false }
    end.calls.push(call)
    return call
  }

  /** What `CallLine` does with a message. */
  receive(end: End, message: CallMessage): void {
    const { call_id: callId = "" } = message
    const way = route(
      { type: message.type, callId },
      end.calls.map(({ id, state }) => ({ id, state })),
      (id) => end.ended.includes(id)
    )
    switch (way._tag) {
      case "ToCall":
      case "Collides": {
        const call = end.calls.find(({ id }) => id === way.id)
        if (call === undefined) return
        const verdict = this.feed(end, call, this.#inputOf(end, message))
        if (way._tag === "Collides" && verdict._tag !== "Moved") end.ended.push(callId)
        return
      }
      case "Rings":
        this.feed(end, this.open(end, callId), this.#inputOf(end, message))
        return
      case "Early":
        this.#world.wrong = "a message before its offer, over a channel in order"
        return
      case "Stale":
    }
  }

  #inputOf(end: End, message: CallMessage): CallInput {
    const from = { aware: true, callId: message.call_id ?? "", line: otherOf(this.#world, end).line }
    switch (message.type) {
      case "offer":
        return { _tag: "PeerOffered", sdp: message.sdp, negotiation: message.negotiation ?? 0, ...from }
      case "answer":
        return { _tag: "PeerAnswered", sdp: message.sdp, negotiation: message.negotiation ?? 0, ...from }
      case "ice_candidate":
        return { _tag: "PeerTrickled", candidate: candidateOf(message), negotiation: message.negotiation ?? 0, ...from }
      case "hangup":
        return {
          _tag: "PeerHungUp",
          reason: message.reason ?? "normal",
          ...from,
          ...(message.answered_by === end.line ? { byUs: true } : {})
        }
    }
  }

  #ask(call: ModelCall, asked: Asked): void {
    if (call.engine === undefined || call.closing) this.#world.wrong = `${asked.kind} without an open engine`
    else call.engine.asked.push(asked)
  }

  #perform(end: End, call: ModelCall, command: CallCommand): void {
    const send = (message: CallMessage) => {
      otherOf(this.#world, end).inbox.push(message)
    }
    switch (command._tag) {
      case "ReopenPeer":
        // What was asked of the one that is given up may still be answered.
        for (const asked of call.engine?.asked ?? []) if ("operation" in asked) call.late.push(asked)
        call.engine = modelEngine(this.#session(end))
        return
      case "OpenPeer":
        if (call.engine !== undefined) this.#world.wrong = "an engine is opened twice"
        call.engine = modelEngine(this.#session(end))
        return
      case "ClosePeer":
        if (call.closing || call.engine === undefined) this.#world.wrong = "an engine is closed that is not open"
        call.closing = true
        return
      case "CreateOffer":
        return this.#ask(call, { kind: "createOffer", operation: command.operation, iceRestart: command.iceRestart })
      case "CreateAnswer":
        return this.#ask(call, { kind: "createAnswer", operation: command.operation, sdp: command.offer })
      case "ApplyAnswer":
        return this.#ask(call, { kind: "applyAnswer", operation: command.operation, sdp: command.answer })
      case "RollBack":
        return this.#ask(call, { kind: "rollBack", operation: command.operation })
      case "AddCandidates":
        for (const { candidate } of command.candidates) this.#ask(call, { kind: "addCandidate", candidate })
        return
      case "ApplyIntent":
        if (call.engine === undefined || call.closing) this.#world.wrong = "setMedia without an open engine"
        return
      case "SendOffer":
        return send({ type: "offer", sdp: command.sdp, call_id: command.callId, negotiation: command.negotiation })
      case "SendAnswer":
        return send({ type: "answer", sdp: command.sdp, call_id: command.callId, negotiation: command.negotiation })
      case "SendCandidates":
        for (const candidate of command.candidates) {
          send({ ...toMessage(candidate), call_id: command.callId, negotiation: command.negotiation })
        }
        return
      case "SendHangup":
        return send({
          type: "hangup",
          reason: command.reason,
          call_id: command.callId,
          ...(command.answeredBy === undefined ? {} : { answered_by: command.answeredBy })
        })
      case "StartTimer":
        if (call.timers[command.timer] !== undefined) this.#world.wrong = `the ${command.timer} timer is started twice`
        call.timers[command.timer] = command.token
        return
      case "StopTimer":
        if (call.timers[command.timer] === undefined) this.#world.wrong = `the ${command.timer} timer is stopped in vain`
        delete call.timers[command.timer]
        return
      case "Emit":
        if (command.event._tag !== "ConnectionEstablished") return
        if (call.established) this.#world.wrong = "a connection is established twice"
        call.established = true
    }
  }

  /** A's sessions are odd and B's even, so that no two are the same. */
  #session(end: End): number {
    end.engines++
    return 2 * end.engines + (end.name === "A" ? 1 : 0)
  }
}

const failure = (reason: string) => ({ engine: "model", operation: "any", reason, message: "" })
const names = ["A", "B"] as const

/** Do both engines have what the other one has? */
const isMatched = ({ engine: one }: ModelCall, { engine: other }: ModelCall): boolean =>
  one !== undefined && other !== undefined && one.local !== "" && !one.hasOffer && !other.hasOffer &&
  unmarked(one.local) === unmarked(other.remote) && unmarked(one.remote) === unmarked(other.local)
/** Offers are marked on their way. */
const unmarked = originIn

const counterpart = (world: World, end: End, call: ModelCall): ModelCall | undefined =>
  otherOf(world, end).calls.find(({ id }) => id === call.id)

type Act = (world: World, mover: Mover, end: End) => void
interface Action {
  readonly label: string
  readonly isOptional: boolean
  readonly act: Act
}

const callIn = (end: End, index: number): ModelCall => {
  const call = end.calls[index]
  if (call === undefined) throw new Error("a call is gone that was there when its actions were listed")
  return call
}

/** What can happen to one call. */
const actionsOf = (world: World, end: End, call: ModelCall, index: number): Array<Action> => {
  const actions: Array<Action> = []
  const add = (label: string, isOptional: boolean, act: (call: ModelCall, mover: Mover, world: World, end: End) => void) =>
    actions.push({
      label: `${end.name}.${label}`,
      isOptional,
      act: (next, mover, its) => act(callIn(its, index), mover, next, its)
    })
  const feed = (label: string, input: CallInput, isOptional = true, before?: (world: World, end: End) => void) =>
    add(label, isOptional, (own, mover, next, its) => {
      before?.(next, its)
      mover.feed(its, own, input)
    })
  const { engine, state } = call

  if (call.closing) {
    add("closed", false, (own, mover, _, its) => {
      delete own.engine
      mover.feed(its, own, { _tag: "EngineClosed" })
    })
    return actions
  }
  for (const asked of call.late) {
    if (!("operation" in asked)) continue
    const { kind, operation } = asked
    add(`late ${kind}`, false, (own, mover, _, its) => {
      own.late.shift()
      const sdp = "v=0\no=- 0 0\nm=audio 9\na=ice-ufrag:late"
      mover.feed(its, own, kind === "createOffer" ? { _tag: "EngineOffered", operation, sdp } : { _tag: "EngineApplied", operation })
    })
    break
  }
  // The user.
  if (state._tag === "IncomingOffer" && state.phase._tag === "Ringing") {
    feed("accepts", { _tag: "UserAccepted", media: {} })
  }
  if (end.left.hangups > 0) {
    feed("hangs up", { _tag: "UserHungUp", reason: "normal" }, true, (next, its) => {
      its.left.hangups--
      next.excused = true
    })
  }
  if (end.left.rounds > 0 && "call" in state && state._tag !== "IncomingOffer") {
    feed("changes media", { _tag: "UserChangedMedia", media: { hold: !state.call.intent.hold } }, true, (_, its) => {
      its.left.rounds--
    })
  }
  if (end.left.restarts > 0 && state._tag === "Connected") {
    feed("restarts ICE", { _tag: "UserRestartedIce" }, true, (_, its) => {
      its.left.restarts--
    })
  }
  // Time. A grace always runs out when nothing else happens; the others end calls.
  for (const [timer, token] of Object.entries(call.timers) as Array<[TimerName, number]>) {
    const isGrace = timer === "callerGrace" || timer === "calleeGrace"
    if (!isGrace && world.fires === 0) continue
    add(`${timer} runs out`, !isGrace, (own, mover, next, its) => {
      if (!isGrace) {
        next.fires--
        next.excused = true
      }
      delete own.timers[timer]
      mover.feed(its, own, { _tag: "TimerFired", timer, token })
    })
  }
  if (engine === undefined) return actions
  // The engine.
  const [asked] = engine.asked
  if (asked !== undefined) {
    add(asked.kind, false, (own, mover, next, its) => {
      const done = doNext(own.engine as ModelEngine)
      switch (done._tag) {
        case "Wrong":
          next.wrong = `${its.name}: ${done.what}`
          return
        case "Added":
          return
        case "Offered":
        case "Answered":
        case "Applied":
        case "RolledBack": {
          const { _tag, ...result } = done
          // The tags differ by their first word only, and the fields are the same.
          mover.feed(its, own, { ...result, _tag: `Engine${_tag}` } as InputOf<"EngineOffered">)
        }
      }
    })
    if ("operation" in asked) {
      const { operation } = asked
      const refuse = (reason: string, spend: (world: World) => void) =>
        add(`${asked.kind} fails (${reason})`, true, (own, mover, next, its) => {
          spend(next)
          next.excused = true
          own.engine?.asked.shift()
          mover.feed(its, own, { _tag: "EngineRefused", operation, failure: failure(reason) })
        })
      if (world.refusals > 0) refuse("Refused", (next) => { next.refusals-- })
      if (world.timeouts > 0) refuse("Timeout", (next) => { next.timeouts-- })
    }
  }
  const [ufrag] = engine.found
  if (ufrag !== undefined) {
    add("trickles", false, (own, mover, _, its) => {
      own.engine?.found.shift()
      mover.feed(its, own, { _tag: "EngineTrickled", ufrag, candidate: { candidate: ufrag } })
    })
  }
  const far = counterpart(world, end, call)
  const matches = far !== undefined && isMatched(call, far)
  if (engine.link === "cut") {
    add("loses media", false, (own, mover, _, its) => {
      if (own.engine !== undefined) own.engine.link = "interrupted"
      mover.feed(its, own, { _tag: "EngineInterrupted" })
    })
  }
  if (matches && (engine.link === "new" || engine.link === "interrupted")) {
    add("media up", engine.link === "interrupted" && !isRestarted(call), (own, mover, _, its) => {
      if (own.engine !== undefined) own.engine.link = "up"
      mover.feed(its, own, { _tag: "EngineUp" })
    })
  }
  if (world.cuts > 0 && end.name === "A" && engine.link === "up" && far?.engine?.link === "up") {
    add("path breaks", true, (own, _, next) => {
      next.cuts--
      const other = counterpart(next, next.A, own)
      if (own.engine !== undefined) own.engine.link = "cut"
      if (other?.engine !== undefined) other.engine.link = "cut"
    })
  }
  return actions
}
/** Has ICE been restarted since the path broke? The search breaks it once, so that any restart is since. */
const isRestarted = ({ engine }: ModelCall): boolean => (engine?.generation ?? 0) > 1

const actionsIn = (world: World): Array<Action & { readonly name: "A" | "B" }> =>
  names.flatMap((name) => {
    const end = world[name]
    const actions = end.calls.flatMap((call, index) => actionsOf(world, end, call, index))
    const [message] = end.inbox
    if (message !== undefined) {
      actions.push({
        label: `${name}<-${message.type} ${message.call_id}`,
        isOptional: false,
        act: (_, mover, its) => {
          its.inbox.shift()
          mover.receive(its, message)
        }
      })
    }
    // As `CallLine.call`: a call of the peer's that rings is accepted instead.
    const isBusy = end.calls.length > 0
    if (end.left.calls > 0 && !isBusy) {
      actions.push({
        label: `${name}.calls`,
        isOptional: true,
        act: (_, mover, its) => {
          its.left.calls--
          its.made++
          const callId = `${its.name.toLowerCase()}${its.made}`
          mover.feed(its, mover.open(its, callId), { _tag: "UserCalled", callId, line: its.line, media: {} })
        }
      })
    }
    return actions.map((action) => ({ ...action, name }))
  })

/** What is wrong with a world in which everything has come to rest: both ends must agree. */
const disagreement = ({ A, B, excused }: World): string | undefined => {
  const [a, b] = [A.calls[0], B.calls[0]]
  if (A.calls.length > 1 || B.calls.length > 1) return "an end has two calls"
  if (a === undefined && b === undefined) {
    return A.made + B.made > 0 && !excused ? "all calls are lost though nobody hung up and nothing failed" : undefined
  }
  if (a === undefined || b === undefined) return `one end is in a call, ${(a ?? b)?.state._tag}, and the other is not`
  if (a.id !== b.id) return "the ends are in different calls"
  const tags = [a.state._tag, b.state._tag].toSorted().join(" and ")
  if (tags === "IncomingOffer and WaitingAnswer") return undefined
  if (a.state._tag !== "Connected" || b.state._tag !== "Connected") return `the ends are in ${tags}`
  for (const { state } of [a, b]) {
    if (state._tag !== "Connected") continue
    if (state.negotiation._tag !== "Stable") return `a round is never over: ${state.negotiation._tag}`
    if (state.queued !== undefined) return "an offer is never answered"
    if (state.call.wants.round || state.call.wants.restart) return "what is wanted is never offered"
    if (state.media._tag === "Connecting") return "media never come up"
    if (state.media._tag === "Interrupted") return "media are not restored"
  }
  return isMatched(a, b) ? undefined : "the descriptions differ"
}

const newEnd = (name: "A" | "B", budget: CallBudget): End => {
  const index = name === "A" ? 0 : 1
  const of = (counts: readonly [number, number] | undefined) => counts?.[index] ?? 0
  return {
    name,
    line: (budget.lower ?? "A") === name ? "a.0" : "b.0",
    left: {
      calls: of(budget.calls),
      hangups: of(budget.hangups),
      rounds: of(budget.rounds),
      restarts: of(budget.restarts)
    },
    calls: [],
    ended: [],
    made: 0,
    inbox: [],
    engines: 0
  }
}

/** Visits everything that can happen within the budget. */
export const exploreCalls = (
  budget: CallBudget,
  fault: CallFault = {},
  options: { readonly maxStates?: number; readonly stopAtFirst?: boolean } = {}
): Explored => {
  // A world's key is its JSON, and so is its copy: an action changes what was parsed from it.
  const initial = JSON.stringify({
    A: newEnd("A", budget),
    B: newEnd("B", budget),
    refusals: budget.refusals ?? 0,
    timeouts: budget.timeouts ?? 0,
    fires: budget.fires ?? 0,
    cuts: budget.cuts ?? 0,
    excused: false
  } satisfies World)
  const parse = (text: string) => JSON.parse(text) as World
  return explore<string>({
    ...options,
    initial,
    key: (text) => text,
    *successors(text): Iterable<Successor<string>> {
      for (const { act, isOptional, label, name } of actionsIn(parse(text))) {
        const next = parse(text)
        act(next, new Mover(next, fault), next[name])
        yield { label, isOptional, state: JSON.stringify(next) }
      }
    },
    check: (text) => (text.includes(`"wrong":`) ? parse(text).wrong : undefined),
    checkFinal: (text) => disagreement(parse(text))
  })
}
