/** Everything that can happen next to the two users: what they do, their engines, time, and what is on its way. */
import type { CallInput, InputOf, TimerName } from "@enigma-rtc/core/call"
import { beforeOf, counterpart, type End, type EndName, endsOf, isMatched, lineOf, type ModelCall, nextOf, put, type World } from "./CallWorld.ts"
import { doNext, type ModelEngine } from "./ModelEngine.ts"
import type { Mover } from "./Mover.ts"

const failure = (reason: string) => ({ engine: "model", operation: "any", reason, message: "" })

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
  if (call.leaving === true) {
    add("lets go", false, (own, mover, _, its) => mover.letGo(its, own))
  }
  // The user, who sees one call, whatever connections it is on.
  const isNext = beforeOf(end, call) !== undefined
  const isSeen = call.leaving === undefined && !isNext
  if (state._tag === "IncomingOffer" && state.phase._tag === "Ringing") {
    feed("accepts", { _tag: "UserAccepted", media: {} })
  }
  if (end.left.hangups > 0 && isSeen) {
    add("hangs up", true, (own, mover, world, its) => {
      its.left.hangups--
      world.excused = true
      const next = nextOf(its, own)
      if (next !== undefined) mover.feed(its, next, { _tag: "UserHungUp", reason: "normal" })
      mover.feed(its, own, { _tag: "UserHungUp", reason: "normal" })
    })
  }
  if (end.left.rounds > 0 && "call" in state && state._tag !== "IncomingOffer" && isSeen) {
    const change = { _tag: "UserChangedMedia", media: { hold: !state.call.intent.hold } } as const
    add("changes media", true, (own, mover, _, its) => {
      its.left.rounds--
      const next = nextOf(its, own)
      mover.feed(its, own, change)
      if (next !== undefined) mover.feed(its, next, change)
    })
  }
  if (end.left.moves > 0 && state._tag === "Connected" && isSeen && call.next === undefined) {
    add("moves", true, (own, mover, _, its) => {
      its.left.moves--
      const callId = `${its.name.toLowerCase()}m${its.left.moves}`
      mover.feed(its, mover.replace(its, own, callId), { _tag: "UserCalled", callId, line: its.line, media: {} })
    })
  }
  if (end.left.restarts > 0 && isSeen && state._tag === "Connected") {
    feed("restarts ICE", { _tag: "UserRestartedIce" }, true, (_, its) => {
      its.left.restarts--
    })
  }
  // What fails before its media are up takes nothing with it of the call that it was to replace.
  const isForgiven = isNext && call.up === undefined
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
        if (!isForgiven) next.excused = true
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
          if (!isForgiven) next.excused = true
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
  const isRelayed = world.relayed && call.replaces !== undefined && engine.local !== "" && engine.remote !== "" && !engine.hasOffer
  const matches = isRelayed || (far !== undefined && isMatched(call, far))
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

export const actionsIn = (world: World): Array<Action & { readonly name: EndName }> =>
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
