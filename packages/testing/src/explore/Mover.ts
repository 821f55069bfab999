/** One step of the search: the real machine's verdict on an input, and what it asks for, done to the model. */
import {
  type CallCommand,
  type CallInput,
  type CallState,
  idle,
  isKnownToPeer,
  notReplacing,
  partnerOf,
  type ReplaceInput,
  replaceStep,
  route,
  step,
  type Verdict
} from "@enigma-rtc/core/call"
import { type CallMessage, candidateOf, toMessage } from "@enigma-rtc/core/signaling"
import { beforeOf, type CallFault, deviceOf, type End, lineOf, type ModelCall, nextOf, openCallOf, peersOf, put, type World } from "./CallWorld.ts"
import { type Asked, modelEngine } from "./ModelEngine.ts"
import { modelIntent } from "./modelIntent.ts"

const isOver = ({ _tag }: CallState) => _tag === "Ending" || _tag === "Ended"
const isUp = (state: CallState) => state._tag === "Connected" && state.media._tag === "Up"

export class Mover {
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
    const before = call.state
    call.state = verdict.state
    if ("call" in call.state && call.state.call.id !== call.id) {
      end.ended.push(call.id)
      const replaced = beforeOf(end, call)
      call.id = call.state.call.id
      if (replaced !== undefined) replaced.next = call.id
    }
    this.#look(end, call, before)
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
    const call: ModelCall = { id, state: idle(modelIntent), late: [], timers: {}, closing: false, established: false, replacing: notReplacing }
    end.calls.push(call)
    return call
  }

  /** A call that is to take the place of this one, which is connected. */
  replace(end: End, before: ModelCall, id: string): ModelCall {
    const call = this.open(end, id)
    if ("call" in before.state) call.state = idle(before.state.call.intent)
    call.replaces = before.id
    // What is sent of it is for the line that the call is with.
    const line = lineOf(before.state)
    if (line !== undefined) call.line = line
    before.next = id
    this.#decide(end, before, { _tag: "Begun" })
    return call
  }

  /** Ends a call that another has taken the place of, as the peer does. */
  letGo(end: End, call: ModelCall): void {
    const line = lineOf(call.state)
    this.feed(end, call, { _tag: "PeerHungUp", reason: "replaced", aware: true, ...(line === undefined ? {} : { line }) })
  }

  /** What a session does when one of its connections has moved. */
  #look(end: End, call: ModelCall, before: CallState): void {
    const ends = isOver(call.state) && !isOver(before)
    const comesUp = isUp(call.state) && call.up === undefined
    if (comesUp) call.up = true
    const replaced = beforeOf(end, call)
    if (replaced !== undefined) {
      if (ends) {
        this.#decide(end, replaced, { _tag: "NextOver" })
        delete replaced.next
      } else if (comesUp) this.#decide(end, replaced, { _tag: "NextUp" })
    } else if (ends && call.next !== undefined) this.#decide(end, call, { _tag: "CurrentOver" })
  }

  #decide(end: End, call: ModelCall, input: ReplaceInput): void {
    const next = nextOf(end, call)
    const given = [call.replacing, input, next && { id: next.id, isKnown: isKnownToPeer(next.state) }] as const
    const [after, actions] = this.#fault.replaceStep?.(replaceStep, ...given) ?? replaceStep(...given)
    call.replacing = after
    for (const action of actions) {
      switch (action) {
        case "TellPeer":
          if (next !== undefined) this.#send(end, call, { type: "hangup", reason: "replaced", call_id: call.id, replaced_by: next.id })
          break
        case "Move":
          delete call.next
          call.leaving = true
          break
        case "Carry":
          delete call.next
          break
        case "EndCurrent":
          this.letGo(end, call)
          break
        case "EndNext":
          delete call.next
          if (next !== undefined) this.feed(end, next, { _tag: "UserHungUp", reason: "normal" })
      }
    }
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
    const replaces = message.type === "offer" ? message.replaces : undefined
    const given = [
      { type: message.type, line, ...(callId === undefined ? {} : { callId }), ...(replaces === undefined ? {} : { replaces }) },
      end.calls.map(openCallOf),
      (id: string) => end.ended.includes(id)
    ] as const
    const way = this.#fault.route?.(route, ...given) ?? route(...given)
    switch (way._tag) {
      case "ToCall":
      case "Collides": {
        const call = end.calls.find(({ id }) => id === way.id)
        if (call === undefined) return
        const by = message.type === "hangup" ? message.replaced_by : undefined
        const isCurrent = call.leaving === undefined && beforeOf(end, call) === undefined && partnerOf(call.state) === line
        if (by !== undefined && isCurrent) return this.#decide(end, call, { _tag: "PeerUp", by })
        const verdict = this.feed(end, call, this.#inputOf(end, line, message))
        if (way._tag === "Collides" && verdict._tag !== "Moved" && callId !== undefined) end.ended.push(callId)
        return
      }
      case "Rings":
        if (replaces !== undefined) this.#world.wrong = "a call rings that is to replace another"
        this.feed(end, this.open(end, callId ?? "nameless"), this.#inputOf(end, line, message))
        return
      case "Replaces": {
        const before = end.calls.find(({ id }) => id === way.id)
        if (before === undefined || callId === undefined) return
        const next = this.replace(end, before, callId)
        this.feed(end, next, this.#inputOf(end, line, message))
        this.feed(end, next, { _tag: "UserAccepted", media: {} })
        return
      }
      case "ReplacesNone": {
        if (callId === undefined) return
        end.ended.push(callId)
        const to = peersOf(this.#world, end).find((peer) => peer.line === line)
        if (to !== undefined) put(to, end.line, { type: "hangup", reason: "replaced_unknown", call_id: callId })
        return
      }
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

  /** A message of a call that is with one line is for that line; `Delivery` sees to it. */
  #send(end: End, call: ModelCall, message: CallMessage): void {
    const isForAll = message.type === "hangup" && message.answered_by !== undefined
    const last = lineOf(call.state) ?? call.line
    const bound = last !== undefined && (end.heard[deviceOf(last)] ?? last) === last ? last : undefined
    for (const peer of peersOf(this.#world, end)) {
      if (isForAll || bound === undefined || bound === peer.line) put(peer, end.line, message)
    }
    if (bound === undefined) end.owed.push(message)
  }

  #perform(end: End, call: ModelCall, command: CallCommand): void {
    const send = (message: CallMessage) => {
      if (call.replaces === undefined) this.#send(end, call, message)
      else if (message.type === "offer" && message.negotiation === 0) this.#send(end, call, { ...message, replaces: call.replaces })
      // Nobody else has heard of it.
      else if (!(message.type === "hangup" && message.answered_by !== undefined)) this.#send(end, call, message)
    }
    switch (command._tag) {
      case "ReopenPeer":
        // What was asked of the one that is given up may still be answered.
        for (const asked of call.engine?.asked ?? []) if ("operation" in asked) call.late.push(asked)
        call.engine = modelEngine(this.#session(end), command.intent.hold, this.#world.isQuiet)
        return
      case "OpenPeer":
        if (call.engine !== undefined) this.#world.wrong = "an engine is opened twice"
        call.engine = modelEngine(this.#session(end), command.intent.hold, this.#world.isQuiet)
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
