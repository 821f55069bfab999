/** Searches every way in which two users can call each other: the real machine at each device, over channels that stall. */
import {
  type CallCommand,
  type CallInput,
  type CallState,
  idle,
  type InputOf,
  route,
  step,
  type TimerName,
  type Verdict
} from "@enigma-rtc/core/call"
import { type CallMessage, candidateOf, toMessage } from "@enigma-rtc/core/signaling"
import { explore, type Explored, type Successor } from "./explore.ts"
import { type Asked, doNext, modelEngine, type ModelEngine, originIn } from "./ModelEngine.ts"
import { modelIntent } from "./modelIntent.ts"

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
  /** How often the app of B's first device may start anew, and know nothing. */
  readonly reboots?: number
  /** B has two devices, and both ring. */
  readonly fork?: boolean
  /** The lower line is whose? Default `A`. */
  readonly lower?: "A" | "B"
}

/** Changes what the machine does, or a message on its way: a planted fault, which the search has to find. */
export interface CallFault {
  readonly message?: (message: CallMessage) => CallMessage
  readonly step?: (end: EndName, state: CallState, input: CallInput, real: typeof step) => Verdict
}

/** A's device, and B's one or two. */
export type EndName = "A" | "B" | "C"

interface ModelCall {
  id: string
  /** The line that it is, or was, with. */
  line?: string
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
  readonly name: EndName
  line: string
  readonly left: { [B in Budget]: number }
  readonly calls: Array<ModelCall>
  readonly ended: Array<string>
  made: number
  /** On their way to this end, in order, by the line that sent them. */
  readonly inbox: { [line: string]: Array<CallMessage> }
  /** What was sent of calls that are with no line yet: a line that is heard anew gets it too (R4). */
  readonly owed: Array<CallMessage>
  /** Which line each device of the peer last spoke with. */
  readonly heard: { [device: string]: string }
  engines: number
}
interface World {
  readonly A: End
  readonly B: End
  readonly C?: End
  reboots: number
  refusals: number
  timeouts: number
  fires: number
  cuts: number
  /** Somebody has hung up, or something has failed: calls may be lost. */
  excused: boolean
  wrong?: string
}

const endsOf = (world: World): ReadonlyArray<End> => [world.A, world.B, ...(world.C === undefined ? [] : [world.C])]
const peersOf = (world: World, end: End): ReadonlyArray<End> =>
  end.name === "A" ? endsOf(world).slice(1) : [world.A]
const deviceOf = (line: string): string => line.slice(0, line.indexOf("."))
const put = (to: End, from: string, message: CallMessage) => {
  (to.inbox[from] ??= []).push(message)
}

/** One step of a search: the machine's verdict on an input, and what it asks for. */
class Mover {
  readonly #world: World
  readonly #fault: CallFault

  constructor(world: World, fault: CallFault) {
    this.#world = world
    this.#fault = fault
  }

  faulty(message: CallMessage): CallMessage {
    return this.#fault.message?.(message) ?? message
  }

  feed(end: End, call: ModelCall, input: CallInput): Verdict {
    const line = lineOf(call.state)
    if (line !== undefined) call.line = line
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
    const call: ModelCall = { id, state: idle(modelIntent), late: [], timers: {}, closing: false, established: false }
    end.calls.push(call)
    return call
  }

  /** What `CallLine` does with a message. */
  receive(end: End, line: string, message: CallMessage): void {
    const { call_id: callId } = message
    const before = end.heard[deviceOf(line)] ?? line
    // A line that another has taken the place of is heard no more.
    if (before > line) return
    end.heard[deviceOf(line)] = line
    if (before !== line) {
      // A copy: a call that ends is taken out.
      for (const call of end.calls.slice()) this.feed(end, call, { _tag: "PeerRestarted", line: before })
    }
    const way = route(
      { type: message.type, ...(callId === undefined ? {} : { callId }) },
      end.calls.map(({ id, state }) => ({ id, state })),
      (id) => end.ended.includes(id)
    )
    switch (way._tag) {
      case "ToCall":
      case "Collides": {
        const call = end.calls.find(({ id }) => id === way.id)
        if (call === undefined) return
        const verdict = this.feed(end, call, this.#inputOf(end, line, message))
        if (way._tag === "Collides" && verdict._tag !== "Moved" && callId !== undefined) end.ended.push(callId)
        return
      }
      case "Rings":
        this.feed(end, this.open(end, callId ?? "nameless"), this.#inputOf(end, line, message))
        return
      case "Early":
        // Of a call that began before this line was heard of.
        if (this.#world.reboots !== 0 || end.line.endsWith("1") || line.endsWith("1")) return
        this.#world.wrong = "a message before its offer, over a channel in order"
        return
      case "Stale":
    }
  }

  #inputOf(end: End, line: string, message: CallMessage): CallInput {
    const name = message.call_id
    const from = { aware: true, line, ...(name === undefined ? {} : { callId: name }) }
    switch (message.type) {
      case "offer":
        return { _tag: "PeerOffered", sdp: message.sdp, negotiation: message.negotiation ?? 0, ...from, callId: name ?? "nameless" }
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
    // A message of a call that is with one line is for that line; `Delivery` sees to it.
    const send = (message: CallMessage) => {
      const isForAll = message.type === "hangup" && message.answered_by !== undefined
      const last = lineOf(call.state) ?? call.line
      const bound = last !== undefined && (end.heard[deviceOf(last)] ?? last) === last ? last : undefined
      for (const peer of peersOf(this.#world, end)) {
        if (isForAll || bound === undefined || bound === peer.line) put(peer, end.line, message)
      }
      if (bound === undefined) end.owed.push(message)
    }
    switch (command._tag) {
      case "ReopenPeer":
        // What was asked of the one that is given up may still be answered.
        for (const asked of call.engine?.asked ?? []) if ("operation" in asked) call.late.push(asked)
        call.engine = modelEngine(this.#session(end), command.intent.hold)
        return
      case "OpenPeer":
        if (call.engine !== undefined) this.#world.wrong = "an engine is opened twice"
        call.engine = modelEngine(this.#session(end), command.intent.hold)
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
        else call.engine.hold = command.intent.hold
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

  /** No two connections have the same session. */
  #session(end: End): number {
    end.engines++
    return 10 * end.engines + { A: 1, B: 2, C: 3 }[end.name]
  }
}

const lineOf = (state: CallState): string | undefined => ("call" in state ? state.call.line : undefined)
const failure = (reason: string) => ({ engine: "model", operation: "any", reason, message: "" })

/** Do both engines have what the other one has? */
const isMatched = ({ engine: one }: ModelCall, { engine: other }: ModelCall): boolean =>
  one !== undefined && other !== undefined && one.local !== "" && !one.hasOffer && !other.hasOffer &&
  unmarked(one.local) === unmarked(other.remote) && unmarked(one.remote) === unmarked(other.local)
/** Offers are marked on their way. */
const unmarked = originIn

/** The other end of a call: of several devices the one that it is with. */
const counterpart = (world: World, end: End, call: ModelCall): ModelCall | undefined =>
  peersOf(world, end)
    .filter(({ line }) => (lineOf(call.state) ?? line) === line)
    .flatMap(({ calls }) => calls)
    .find(({ id, state }) => id === call.id && (lineOf(state) ?? end.line) === end.line)

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
    const isGrace = timer === "callerGrace" || timer === "calleeGrace" || timer === "retry"
    // Nobody is there any more.
    const hasRebooted = endsOf(world).some(({ line }) => line.endsWith("1"))
    const isAlone = (timer !== "ring" || hasRebooted) && counterpart(world, end, call) === undefined
    if (!isGrace && !isAlone && world.fires === 0) continue
    add(`${timer} runs out`, !isGrace && !isAlone, (own, mover, next, its) => {
      if (!isGrace && !isAlone) {
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

const actionsIn = (world: World): Array<Action & { readonly name: EndName }> =>
  endsOf(world).flatMap((end) => {
    const { name } = end
    const actions = end.calls.flatMap((call, index) => actionsOf(world, end, call, index))
    for (const [line, [message]] of Object.entries(end.inbox)) {
      if (message === undefined) continue
      actions.push({
        label: `${name}<-${message.type} ${message.call_id}`,
        isOptional: false,
        act: (_, mover, its) => {
          its.inbox[line]?.shift()
          if (its.inbox[line]?.length === 0) delete its.inbox[line]
          mover.receive(its, line, mover.faulty(message))
        }
      })
    }
    if (name === "B" && world.reboots > 0) {
      actions.push({
        label: "B.restarts",
        isOptional: true,
        act: (next, _, its) => {
          next.reboots--
          next.excused = true
          // What was on its way to the old line is lost with it, but for what is owed to any line.
          for (const line of Object.keys(its.inbox)) delete its.inbox[line]
          its.line = its.line.replace("0", "1")
          its.calls.length = 0
          its.ended.length = 0
          its.owed.length = 0
          const live = new Set(next.A.calls.filter(({ state }) => lineOf(state) === undefined).map(({ id }) => id))
          for (const message of next.A.owed) if (live.has(message.call_id ?? "")) put(its, next.A.line, message)
          for (const { engine } of next.A.calls) if (engine?.link === "up") engine.link = "cut"
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

/** What is wrong with a world in which everything has come to rest: the ends must agree. */
const disagreement = (world: World): string | undefined => {
  const { A, B, excused } = world
  const devices = peersOf(world, A)
  if ([A, ...devices].some(({ calls }) => calls.length > 1)) return "an end has two calls"
  const a = A.calls[0]
  const theirs = devices.flatMap(({ calls }) => calls)
  const isRingingOnly = a?.state._tag === "WaitingAnswer" && theirs.every(({ state }) => state._tag === "IncomingOffer")
  if (theirs.length > 1 && !isRingingOnly) return "two devices are in a call"
  if (isRingingOnly && theirs.length < devices.length) return "a device does not ring"
  const [b] = theirs
  if (a === undefined && b === undefined) {
    return A.made + B.made > 0 && !excused ? "all calls are lost though nobody hung up and nothing failed" : undefined
  }
  if (a === undefined || b === undefined) return `one end is in a call, ${(a ?? b)?.state._tag}, and the other is not`
  if (a.id !== b.id) return "the ends are in different calls"
  const tags = [a.state._tag, b.state._tag].toSorted().join(" and ")
  if (tags === "IncomingOffer and WaitingAnswer") return undefined
  if (a.state._tag !== "Connected" || b.state._tag !== "Connected") return `the ends are in ${tags}`
  for (const { engine, state } of [a, b]) {
    if (state._tag !== "Connected") continue
    if (engine?.local.includes(`hold:${state.call.intent.hold}`) !== true) return "what is wanted is never negotiated"
    if (state.negotiation._tag !== "Stable") return `a round is never over: ${state.negotiation._tag}`
    if (state.queued !== undefined) return "an offer is never answered"
    if (state.call.wants.round || state.call.wants.restart) return "what is wanted is never offered"
    if (state.media._tag === "Connecting") return "media never come up"
    if (state.media._tag === "Interrupted") return "media are not restored"
  }
  return isMatched(a, b) ? undefined : "the descriptions differ"
}

const newEnd = (name: EndName, budget: CallBudget): End => {
  const index = name === "A" ? 0 : 1
  const of = (counts: readonly [number, number] | undefined) => counts?.[index] ?? 0
  const isLower = (budget.lower ?? "A") === (name === "A" ? "A" : "B")
  return {
    name,
    line: `${isLower ? "" : "x"}${name.toLowerCase()}.0`,
    left: {
      calls: of(budget.calls),
      hangups: of(budget.hangups),
      rounds: of(budget.rounds),
      restarts: of(budget.restarts)
    },
    calls: [],
    ended: [],
    made: 0,
    inbox: {},
    owed: [],
    heard: {},
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
    ...(budget.fork === true ? { C: newEnd("C", { ...budget, calls: [0, 0] }) } : {}),
    reboots: budget.reboots ?? 0,
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
        // Its actions were listed because it is there.
        act(next, new Mover(next, fault), next[name] as End)
        yield { label, isOptional, state: JSON.stringify(next) }
      }
    },
    check: (text) => (text.includes(`"wrong":`) ? parse(text).wrong : undefined),
    checkFinal: (text) => disagreement(parse(text))
  })
}
