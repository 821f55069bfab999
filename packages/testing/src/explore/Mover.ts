/** One step of the search: the real machine's verdict on an input, and what it asks for, done to the model. */
import { type CallCommand, type CallInput, idle, route, step, type Verdict } from "@enigma-rtc/core/call"
import { type CallMessage, candidateOf, toMessage } from "@enigma-rtc/core/signaling"
import { type CallFault, deviceOf, type End, lineOf, type ModelCall, peersOf, put, type World } from "./CallWorld.ts"
import { type Asked, modelEngine } from "./ModelEngine.ts"
import { modelIntent } from "./modelIntent.ts"

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
