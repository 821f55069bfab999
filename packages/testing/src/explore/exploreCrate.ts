/**
 * Searches calls with a peer that knows the Rust crate's four messages only, over a channel without `Delivery`: the real
 * machine at our end, and at the other one an app as the crate's states allow it (enigma-rtc 0.1.0).
 */
import { type CallCommand, type CallInput, type CallState, idle, type InputOf, route, step, type Verdict } from "@enigma-rtc/core/call"
import { type CallMessage, candidateOf, toMessage } from "@enigma-rtc/core/signaling"
import { explore, type Explored, type Successor } from "./explore.ts"
import { doNext, modelEngine, type ModelEngine, originIn } from "./ModelEngine.ts"
import { modelIntent } from "./modelIntent.ts"

/** What may happen. */
export interface CrateBudget {
  /** How many calls our end, and the crate's, may make. */
  readonly calls: readonly [number, number]
  readonly hangups?: readonly [number, number]
  /** May messages overtake each other? */
  readonly reorders: boolean
  /** How often each message may come once more. */
  readonly repeats: number
}

/** Changes what our end does: a planted fault, which the search has to find. */
export interface CrateFault {
  readonly step?: (state: CallState, input: CallInput, real: typeof step) => Verdict
  /** Candidates are sent only once. */
  readonly onlyOnce?: boolean
  /** What comes before its offer is not kept. */
  readonly keepsNothing?: boolean
}

/** A message on its way: it has to come once, and may come more often. */
interface Sent {
  readonly message: CallMessage
  isDue: boolean
  again: number
}
interface OurCall {
  id: string
  state: CallState
  engine?: ModelEngine
  closing: boolean
  readonly late: Array<number>
}
interface Ours {
  call?: OurCall
  made: number
  taken: number
  readonly early: Array<CallMessage>
  readonly ended: Array<string>
  /** Candidates that are sent once more, when the peer has its description: it may have lost them before. */
  readonly onceMore: Array<CallMessage>
  isHeard: boolean
  hasHadCall: boolean
}
interface Crate {
  tag: "Idle" | "WaitingAnswer" | "IncomingOffer" | "Connected" | "Ended"
  engine?: ModelEngine
  offer: string
  made: number
}
interface World {
  readonly ours: Ours
  readonly crate: Crate
  readonly toOurs: Array<Sent>
  readonly toCrate: Array<Sent>
  readonly left: { calls: [number, number]; hangups: [number, number] }
  excused: boolean
  wrong?: string
}

type Act = (world: World) => void
interface Action {
  readonly label: string
  readonly isOptional: boolean
  readonly act: Act
}

/** Our end: what `CallLine` and a session do for a peer that names nothing. */
const ourEnd = (budget: CrateBudget, fault: CrateFault) => {
  const put = (world: World, message: CallMessage) => {
    world.toCrate.push({ message, isDue: true, again: budget.repeats })
  }
  const feed = (world: World, input: CallInput): boolean => {
    const { call } = world.ours
    if (call === undefined) return false
    const verdict = fault.step?.(call.state, input, step) ?? step(call.state, input)
    if (verdict._tag !== "Moved") return false
    call.state = verdict.state
    if ("call" in call.state) call.id = call.state.call.id
    for (const command of verdict.commands) perform(world, call, command)
    if (call.state._tag === "Ended") {
      world.ours.hasHadCall = true
      delete world.ours.call
    }
    return true
  }
  const perform = (world: World, call: OurCall, command: CallCommand): void => {
    const ask = (asked: ModelEngine["asked"][number]) => {
      if (call.engine === undefined || call.closing) world.wrong = `${asked.kind} without an open engine`
      else call.engine.asked.push(asked)
    }
    switch (command._tag) {
      case "OpenPeer":
      case "ReopenPeer":
        for (const asked of call.engine?.asked ?? []) if ("operation" in asked) call.late.push(asked.operation)
        call.engine = modelEngine(100 + 10 * world.ours.made + world.ours.taken, false)
        return
      case "ClosePeer":
        call.closing = true
        return
      case "CreateOffer":
        return ask({ kind: "createOffer", operation: command.operation, iceRestart: command.iceRestart })
      case "CreateAnswer":
        return ask({ kind: "createAnswer", operation: command.operation, sdp: command.offer })
      case "ApplyAnswer":
        return ask({ kind: "applyAnswer", operation: command.operation, sdp: command.answer })
      case "RollBack":
        world.wrong = "a rollback with a peer that does not renegotiate"
        return
      case "AddCandidates":
        for (const { candidate } of command.candidates) ask({ kind: "addCandidate", candidate })
        return
      case "SendOffer":
        if (command.negotiation !== 0) world.wrong = "the crate is sent a renegotiation"
        return put(world, { type: "offer", sdp: command.sdp })
      case "SendAnswer":
        return put(world, { type: "answer", sdp: command.sdp })
      case "SendCandidates":
        for (const candidate of command.candidates) {
          const message = toMessage(candidate)
          if (candidate.candidate === "") world.wrong = "the crate is sent an empty candidate"
          put(world, message)
          if (fault.onlyOnce !== true) world.ours.onceMore.push(message)
        }
        return
      case "SendHangup":
        return put(world, { type: "hangup", reason: command.reason })
      case "ApplyIntent":
      case "StartTimer":
      case "StopTimer":
      case "Emit":
    }
  }
  const begin = (world: World, id: string) => {
    world.ours.call = { id, state: idle(modelIntent), closing: false, late: [] }
    world.ours.isHeard = false
    world.ours.onceMore.length = 0
  }
  const hear = (world: World) => {
    world.ours.isHeard = true
  }
  const receive = (world: World, message: CallMessage): void => {
    const { ours } = world
    const { call } = ours
    const way = route({ type: message.type }, call === undefined ? [] : [call], () => false)
    const aware = { aware: false }
    switch (message.type) {
      case "offer": {
        if (way._tag !== "Rings" && way._tag !== "Collides") {
          feed(world, { _tag: "PeerOffered", sdp: message.sdp, callId: call?.id ?? "", ...aware })
          return
        }
        const origin = originIn(message.sdp)
        if (ours.ended.includes(origin)) return
        ours.ended.push(origin)
        ours.taken++
        const callId = `x${ours.taken}`
        if (way._tag === "Rings") begin(world, callId)
        feed(world, { _tag: "PeerOffered", sdp: message.sdp, callId, ...aware })
        // What belongs to the call that was given up is no more.
        ours.onceMore.length = 0
        ours.isHeard = true
        for (const early of ours.early.splice(0)) receive(world, early)
        return
      }
      case "answer":
        if (way._tag !== "ToCall") return
        hear(world)
        feed(world, { _tag: "PeerAnswered", sdp: message.sdp, ...aware })
        return
      case "ice_candidate":
      case "hangup":
        if (way._tag === "Early") {
          if (fault.keepsNothing !== true && (message.type === "ice_candidate" || !ours.hasHadCall)) ours.early.push(message)
          return
        }
        hear(world)
        feed(
          world,
          message.type === "hangup"
            ? { _tag: "PeerHungUp", reason: "normal", ...aware }
            : { _tag: "PeerTrickled", candidate: candidateOf(message), ...aware }
        )
    }
  }
  const actions = ({ left, ours: { call, isHeard, onceMore }, toCrate }: World): Array<Action> => {
    const list: Array<Action> = []
    const add = (label: string, isOptional: boolean, act: Act) => list.push({ label: `ours.${label}`, isOptional, act })
    // A caller sends them once more when it hears of its peer, and a callee after a while.
    const isDescribed = !toCrate.some(({ isDue, message }) => isDue && "sdp" in message)
    if (isHeard && isDescribed && onceMore.length > 0) {
      add("candidates once more", false, (world) => {
        for (const message of world.ours.onceMore.splice(0)) put(world, message)
      })
    }
    if (call === undefined) {
      if (left.calls[0] > 0) {
        add("calls", true, (world) => {
          world.left.calls[0]--
          world.ours.made++
          const callId = `a${world.ours.made}`
          begin(world, callId)
          feed(world, { _tag: "UserCalled", callId, line: "a.0", media: {} })
        })
      }
      return list
    }
    if (call.closing) {
      add("closed", false, (world) => {
        feed(world, { _tag: "EngineClosed" })
      })
      return list
    }
    if (call.state._tag === "IncomingOffer" && call.state.phase._tag === "Ringing") {
      add("accepts", true, (world) => {
        feed(world, { _tag: "UserAccepted", media: {} })
      })
    }
    if (left.hangups[0] > 0) {
      add("hangs up", true, (world) => {
        world.left.hangups[0]--
        world.excused = true
        feed(world, { _tag: "UserHungUp", reason: "normal" })
      })
    }
    if (call.late.length > 0) {
      add("late result", false, (world) => {
        const operation = world.ours.call?.late.shift()
        if (operation !== undefined) feed(world, { _tag: "EngineOffered", operation, sdp: "v=0" })
      })
    }
    const { engine } = call
    const [asked] = engine?.asked ?? []
    if (asked !== undefined) {
      add(asked.kind, false, (world) => {
        const done = doNext(world.ours.call?.engine as ModelEngine)
        if (done._tag === "Wrong") world.wrong = done.what
        else if (done._tag !== "Added") {
          // The tags differ by their first word only, and the fields are the same.
          feed(world, { ...done, _tag: `Engine${done._tag}` } as InputOf<"EngineOffered">)
        }
      })
    }
    const [ufrag] = engine?.found ?? []
    if (ufrag !== undefined) {
      add("trickles", false, (world) => {
        world.ours.call?.engine?.found.shift()
        feed(world, { _tag: "EngineTrickled", ufrag, candidate: { candidate: ufrag } })
      })
    }
    return list
  }
  return { receive, actions }
}

/** The crate's end: an app with one session after another, which ignores what a session refuses. */
const crateEnd = (budget: CrateBudget) => {
  const put = (world: World, message: CallMessage) => {
    world.toOurs.push({ message, isDue: true, again: budget.repeats })
  }
  const isFree = ({ tag }: Crate) => tag === "Idle" || tag === "Ended"
  const trickle = (world: World) => {
    for (const ufrag of world.crate.engine?.found.splice(0) ?? []) put(world, { type: "ice_candidate", candidate: ufrag })
  }
  const receive = (world: World, message: CallMessage): void => {
    const { crate } = world
    switch (message.type) {
      case "offer":
        if (!isFree(crate)) return
        crate.tag = "IncomingOffer"
        crate.offer = message.sdp
        return
      case "answer": {
        const { engine } = crate
        if (crate.tag !== "WaitingAnswer" || engine === undefined) return
        engine.asked.push({ kind: "applyAnswer", operation: 0, sdp: message.sdp })
        if (doNext(engine)._tag === "Wrong") world.wrong = "the crate is sent an answer to another offer"
        crate.tag = "Connected"
        return
      }
      case "ice_candidate":
        // Its engine refuses a candidate before the description, and the app does not keep it.
        if (crate.engine !== undefined && crate.engine.remote !== "") crate.engine.held.push(message.candidate)
        return
      case "hangup":
        if (isFree(crate)) return
        crate.tag = "Ended"
        delete crate.engine
    }
  }
  const actions = ({ crate, left }: World): Array<Action> => {
    const list: Array<Action> = []
    const add = (label: string, act: Act) => list.push({ label: `crate.${label}`, isOptional: true, act })
    if (isFree(crate) && left.calls[1] > 0) {
      add("calls", (world) => {
        world.left.calls[1]--
        world.crate.made++
        const engine = modelEngine(900 + world.crate.made, false)
        world.crate.engine = engine
        world.crate.tag = "WaitingAnswer"
        engine.asked.push({ kind: "createOffer", operation: 0, iceRestart: false })
        const done = doNext(engine)
        if ("sdp" in done) put(world, { type: "offer", sdp: done.sdp })
        trickle(world)
      })
    }
    if (crate.tag === "IncomingOffer") {
      add("accepts", (world) => {
        world.crate.made++
        const engine = modelEngine(900 + world.crate.made, false)
        world.crate.engine = engine
        world.crate.tag = "Connected"
        engine.asked.push({ kind: "createAnswer", operation: 0, sdp: world.crate.offer })
        const done = doNext(engine)
        if ("sdp" in done) put(world, { type: "answer", sdp: done.sdp })
        trickle(world)
      })
    }
    if (!isFree(crate) && left.hangups[1] > 0) {
      add("hangs up", (world) => {
        world.left.hangups[1]--
        world.excused = true
        put(world, { type: "hangup" })
        world.crate.tag = "Ended"
        delete world.crate.engine
      })
    }
    return list
  }
  return { receive, actions }
}

/** What is wrong with a world in which everything has come to rest. */
const disagreement = ({ crate, excused, left, ours: { call, made } }: World): string | undefined => {
  const isOurs = call !== undefined
  const isTheirs = crate.tag !== "Idle" && crate.tag !== "Ended"
  if (!isOurs && !isTheirs) {
    return made + crate.made > 0 && !excused && left.calls[0] + left.calls[1] < 2 ? "all calls are lost" : undefined
  }
  if (!isOurs || !isTheirs) return `one end is in a call, ${call?.state._tag ?? crate.tag}, and the other is not`
  const tags = `${call.state._tag} and ${crate.tag}`
  if (tags === "WaitingAnswer and IncomingOffer" || tags === "IncomingOffer and WaitingAnswer") return undefined
  if (tags !== "Connected and Connected") return `the ends are in ${tags}`
  const [one, other] = [call.engine, crate.engine]
  if (originIn(one?.local ?? "") !== originIn(other?.remote ?? "")) return "the descriptions differ"
  const ufrag = `${one?.session}g1`
  return other?.held.includes(ufrag) === true ? undefined : "the crate lacks a candidate"
}

/** Visits everything that can happen within the budget. */
export const exploreCrate = (
  budget: CrateBudget,
  { fault = {}, ...options }: { readonly maxStates?: number; readonly stopAtFirst?: boolean; readonly fault?: CrateFault } = {}
): Explored => {
  const ours = ourEnd(budget, fault)
  const crate = crateEnd(budget)
  const initial = JSON.stringify({
    ours: { made: 0, taken: 0, early: [], ended: [], onceMore: [], isHeard: false, hasHadCall: false },
    crate: { tag: "Idle", offer: "", made: 0 },
    toOurs: [],
    toCrate: [],
    left: { calls: [...budget.calls], hangups: [...(budget.hangups ?? [0, 0])] },
    excused: false
  } satisfies World)
  const parse = (text: string) => JSON.parse(text) as World

  const deliveries = (world: World, to: "toOurs" | "toCrate"): Array<Action> => {
    const sent = world[to]
    const first = sent.findIndex(({ isDue }) => isDue)
    return sent.flatMap(({ again, isDue, message }, index) => {
      if (isDue && !budget.reorders && index !== first) return []
      if (!isDue && again === 0) return []
      const act: Act = (next) => {
        const one = next[to][index] as Sent
        if (one.isDue) one.isDue = false
        else one.again--
        // What can come no more is forgotten.
        if (!one.isDue && one.again === 0) next[to].splice(index, 1)
        if (to === "toOurs") ours.receive(next, message)
        else crate.receive(next, message)
      }
      return [{ label: `${to === "toOurs" ? "ours" : "crate"}<-${message.type}`, isOptional: !isDue, act }]
    })
  }
  return explore<string>({
    ...options,
    initial,
    key: (text) => text,
    *successors(text): Iterable<Successor<string>> {
      const world = parse(text)
      for (
        const { act, isOptional, label } of [
          ...ours.actions(world),
          ...crate.actions(world),
          ...deliveries(world, "toOurs"),
          ...deliveries(world, "toCrate")
        ]
      ) {
        const next = parse(text)
        act(next)
        yield { label, isOptional, state: JSON.stringify(next) }
      }
    },
    check: (text) => (text.includes(`"wrong":`) ? parse(text).wrong : undefined),
    checkFinal: (text) => disagreement(parse(text))
  })
}
