/** Searches every way in which a channel may treat one conversation, with the real `Delivery` at each end. */
import * as Delivery from "@enigma-rtc/core/delivery"
import type { DeliveryFields, Envelope, SignalingMessage } from "@enigma-rtc/core/signaling"
import { explore, type Explored, type Successor } from "./explore.ts"

/** The functions under search, so that a fault can be planted in each. A body is the number of its message. */
export interface DeliveryFunctions {
  readonly delivery: (line: string) => Delivery.Delivery<number>
  readonly post: typeof Delivery.post<number>
  readonly bind: typeof Delivery.bind<number>
  readonly over: typeof Delivery.over<number>
  readonly receive: typeof Delivery.receive<number>
  readonly poll: typeof Delivery.poll<number>
  readonly channelReturned: typeof Delivery.channelReturned<number>
}

/** What happens besides the channel: a caller's posts, in their order, and what its peer's devices may do. */
export interface DeliveryScenario {
  /** What the caller posts: a type and a call, such as `offer a`. After its hangup a call is over. */
  readonly posts: ReadonlyArray<string>
  /** How many devices the peer has. The default is 1. */
  readonly devices?: number
  /** The devices that answer an offer, by their numbers. The first answer binds, and the others are told. */
  readonly answer?: ReadonlyArray<number>
  /** How often the first device starts anew. The default is 0. */
  readonly restarts?: number
  /** How often 32 s pass. The default is 0. */
  readonly lapses?: number
  /** The numbers of the posts whose bodies cannot be read. */
  readonly refused?: ReadonlyArray<number>
  readonly maxStates?: number
  /** The search ends with the first wrong state. */
  readonly stopAtFirst?: boolean
  /** A fault that is planted. */
  readonly fault?: DeliveryFault
}

/** What an end knows of a call, independently of `Delivery`. */
interface Call {
  readonly id: string
  readonly bound?: string
  readonly isOver: boolean
  /** 32 s have passed since it was bound, or over. */
  readonly isBoundLong: boolean
  readonly isOverLong: boolean
}

/** What an end knows of a message that it posted. */
interface Posted {
  readonly call: string
  readonly type: string
  /** The line that its call was bound to already. */
  readonly to?: string
}

/** One end: a line, what it posted, and what it was given of whom. */
interface End {
  /** One, unless a fault gives each call its own. */
  readonly deliveries: ReadonlyArray<Delivery.Delivery<number>>
  readonly line: string
  readonly calls: ReadonlyArray<Call>
  readonly posted: ReadonlyArray<Posted>
  readonly got: { readonly [line: string]: ReadonlyArray<number> }
}

interface World {
  readonly caller: End
  readonly devices: ReadonlyArray<End>
  /** How many of the caller's posts are done, and how often the first device started anew and 32 s passed. */
  readonly done: readonly [posts: number, restarts: number, lapses: number]
  /** Every message ever sent, by its number: any may come at any time, any number of times. */
  readonly toDevices: ReadonlyArray<number>
  readonly toCaller: ReadonlyArray<number>
  readonly wrong?: string
}

const { firstWaitMs, lingerMs, ackMs } = Delivery.DeliveryLimits
/** After so many passings of time everything should be at rest. */
const patience = 12
const real: DeliveryFunctions = Delivery

type Receive = DeliveryFunctions["receive"]
type Taken = ReturnType<Receive>
type Line = Taken["delivery"]["lines"][number]

/** Receives something else than what came. */
const instead = (change: (envelope: Envelope, delivery: Taken["delivery"]) => Envelope): DeliveryFunctions => ({
  ...real,
  receive: (delivery, incoming, nowMs) =>
    real.receive(delivery, { ...incoming, envelope: change(incoming.envelope, delivery) }, nowMs)
})
/** Makes something else of what was received. */
const afterwards = (
  change: (received: Taken, before: Parameters<Receive>[0], incoming: Parameters<Receive>[1]) => Taken
): DeliveryFunctions => ({
  ...real,
  receive: (delivery, incoming, nowMs) => change(real.receive(delivery, incoming, nowMs), delivery, incoming)
})
const withLines = (received: Taken, change: (line: Line) => Line): Taken => ({
  ...received,
  delivery: { ...received.delivery, lines: received.delivery.lines.map(change) }
})
const mostAcked = ({ lines }: Taken["delivery"]): number => Math.max(0, ...lines.map(({ acked }) => acked))
const deviceOf = (line: string): string => line.slice(0, line.lastIndexOf("."))

/** Leaves out what all who have been heard have acknowledged, of this type. */
const untilAcknowledged = (type: "hangup" | "offer"): DeliveryFunctions => ({
  ...real,
  poll: (delivery, nowMs) => {
    const polled = real.poll(delivery, nowMs)
    const heard = delivery.lines.filter(({ isSuperseded }) => !isSuperseded)
    const isKnown = (seq: number) => heard.length > 0 && heard.every(({ acked }) => acked > seq)
    return { ...polled, out: polled.out.filter((message) => message.type !== type || !isKnown(message.seq ?? 0)) }
  }
})

/** Gives out what is for this line, or for all, only. */
const deafToEarlierLines = afterwards((received, { line }) => ({
  ...received,
  arrived: received.arrived.filter(({ envelope: { to = line } }) => to === line)
}))

/** What a `Delivery` may get wrong, each one rule broken. The search must find each. */
export const deliveryFaults = {
  /** SIG-1. */
  "the numbers of each call begin anew": real,
  /** SIG-1, SIG-2. */
  "what is ahead is given out at once": afterwards((received, _, incoming) =>
    received.fate._tag === "Held" ? { ...received, arrived: [incoming] } : received),
  /** SIG-2. */
  "what one line acknowledges counts for all": afterwards((received) =>
    withLines(received, (line) => ({ ...line, acked: mostAcked(received.delivery) }))),
  /** SIG-2. */
  "what is for one line is given out to all": instead((envelope, { line }) =>
    envelope.to === undefined ? envelope : { ...envelope, to: line }),
  /** SIG-2. */
  "a body that cannot be read takes no number": afterwards((received, delivery, { body }) =>
    body < 0 ? { ...received, delivery, arrived: [] } : received),
  /** SIG-2. */
  "repeats are not acknowledged": afterwards((received, delivery) =>
    received.fate._tag === "Repeated" ? { ...received, delivery } : received),
  /** SIG-5. */
  "base is not read": instead((envelope) => JSON.parse(JSON.stringify({ ...envelope, base: undefined }))),
  /** SIG-5. */
  "copies never end": {
    ...real,
    channelReturned: (delivery, nowMs) =>
      real.channelReturned({ ...delivery, lines: delivery.lines.map((line) => ({ ...line, acked: 0 })) }, nowMs)
  },
  /** SIG-5. A line waits for the numbers of messages that are for others, too. */
  "what is for one line is sent until that has it": {
    ...real,
    poll: (delivery, nowMs) => {
      const polled = real.poll(delivery, nowMs)
      const hasIt = ({ seq = 0, to }: DeliveryFields) => delivery.lines.some(({ acked, line }) => line === to && acked > seq)
      return { ...polled, out: polled.out.filter((message) => message.type === "ack" || !hasIt(message)) }
    }
  },
  /** SIG-8. */
  "what all have acknowledged is forgotten": {
    ...real,
    poll: (delivery, nowMs) => {
      const acked = Math.min(...delivery.lines.map((line) => (line.isSuperseded ? Infinity : line.acked)))
      const kept = acked === Infinity ? delivery.kept : delivery.kept.filter(({ seq }) => seq >= acked)
      return real.poll({ ...delivery, kept }, nowMs)
    }
  },
  /** SIG-8. */
  "who is heard late gets nothing": afterwards((received, before) =>
    withLines(received, (line) =>
      before.lines.some((known) => known.line === line.line)
        ? line
        : { ...line, acked: Math.max(line.acked, mostAcked(before)) })),
  /** SIG-8. It is silent until it rings, and so is heard only if the offer goes on. */
  "a device that comes late and is silent never rings": untilAcknowledged("offer"),
  /** SIG-8. Its acknowledgement of the offer may be lost. */
  "a device that rings and has not been heard rings on": untilAcknowledged("hangup"),
  /** SIG-8. */
  "the end of a call whose line is gone is for nobody else": {
    ...deafToEarlierLines,
    poll: (delivery, nowMs) => {
      const polled = real.poll(delivery, nowMs)
      const lineOf = (id: string | undefined) => delivery.calls.find((call) => call.id === id)?.bound?.line
      const out = polled.out.map((message) => {
        const line = message.type === "hangup" && message.answered_by === undefined ? lineOf(message.call_id) : undefined
        return line === undefined ? message : { ...message, to: line }
      })
      return { ...polled, out }
    }
  },
  /** SIG-8. A late copy of the offer may have made it ring. */
  "who has started anew takes no notice of the end of an earlier line's call": deafToEarlierLines,
  /** SIG-8. */
  "an earlier line takes the place of a later one": afterwards((received, before, { envelope: { from = "" } }) =>
    before.lines.some(({ line }) => line === from)
      ? received
      : withLines(received, (line) =>
        line.line === from ? line : { ...line, isSuperseded: deviceOf(line.line) === deviceOf(from) })),
  /** SIG-8. */
  "who has started anew does not tell": afterwards((received, delivery, { envelope: { to = "" } }) =>
    to !== delivery.line && deviceOf(to) === deviceOf(delivery.line) ? { ...received, delivery, arrived: [] } : received)
} as const satisfies { readonly [name: string]: DeliveryFunctions }

/** The name of a fault that can be planted. */
export type DeliveryFault = keyof typeof deliveryFaults

/** Times as they are told apart here: now, and 32 s ago. Copies are due with the next passing of time. */
const normal = (delivery: Delivery.Delivery<number>, nowMs: number): Delivery.Delivery<number> => {
  const ago = (atMs: number) => (nowMs - atMs >= lingerMs ? -lingerMs : 0)
  return {
    ...delivery,
    kept: delivery.kept.map(({ message, seq, sentMs }) => ({
      seq,
      message,
      ...(sentMs === undefined ? { dueMs: 0 } : { sentMs: 0, dueMs: firstWaitMs }),
      waitMs: firstWaitMs
    })),
    calls: delivery.calls.map(({ bound, overMs, ...call }) => ({
      ...call,
      sinceMs: 0,
      ...(bound === undefined ? {} : { bound: { ...bound, sinceMs: ago(bound.sinceMs) } }),
      ...(overMs === undefined ? {} : { overMs: ago(overMs) })
    })),
    lines: delivery.lines.map(({ received, ...line }) => ({
      ...line,
      heardMs: 0,
      ...(received === undefined
        ? {}
        : {
          received: {
            expected: received.expected,
            ahead: received.ahead,
            ...(received.ackDueMs === undefined ? {} : { ackDueMs: ackMs })
          }
        })
    }))
  }
}

const keyOfDelivery = ({ calls, kept, lines, nextSeq }: Delivery.Delivery<number>): string => {
  let key = `${nextSeq}`
  for (const { seq, sentMs } of kept) key += sentMs === undefined ? `!${seq}` : `,${seq}`
  for (const { bound, id, isHeard, overMs } of calls) {
    key += `;${id}${isHeard ? "h" : ""}${bound === undefined ? "" : `${bound.line}${bound.sinceMs}`}/${overMs ?? ""}`
  }
  for (const { acked, isSuperseded, line, received } of lines.toSorted((a, b) => (a.line < b.line ? -1 : 1))) {
    key += `|${line}${isSuperseded ? "x" : ""}${acked}`
    if (received === undefined) continue
    key += `<${received.expected}${received.ackDueMs === undefined ? "" : "!"}`
    for (const { arrived, seq } of received.ahead) key += `,${seq}${arrived === undefined ? "-" : ""}`
  }
  return key
}

const keyOfEnd = ({ calls, deliveries, got, line, posted }: End): string => {
  let key = line
  for (const { bound = "", id, isBoundLong, isOver, isOverLong } of calls) {
    key += `;${id}${bound}${isOver ? "o" : ""}${isOverLong ? "O" : ""}${isBoundLong ? "B" : ""}`
  }
  for (const { call, to = "", type } of posted) key += `,${type[0]}${call}${to}`
  for (const from of Object.keys(got).toSorted()) key += `|${from}${got[from]?.join()}`
  for (const delivery of deliveries) key += `#${keyOfDelivery(delivery)}`
  return key
}

const keyOfEnds = ({ caller, devices, done, wrong }: World): string =>
  `${done.join()} ${keyOfEnd(caller)} ${devices.map(keyOfEnd).join(" ")} ${wrong ?? ""}`

/** The number of a message stands in its text. */
const numberOf = (message: SignalingMessage): number => {
  switch (message.type) {
    case "offer":
    case "answer":
      return Number(message.sdp)
    case "ice_candidate":
      return Number(message.candidate)
    case "hangup":
      return Number(message.reason)
    case "ack":
      return 0
  }
}

const messageOf = (type: string, call_id: string, n: number, answered_by?: string): Delivery.PostedMessage => {
  const text = String(n)
  switch (type) {
    case "offer":
    case "answer":
      return { type, sdp: text, call_id }
    case "candidate":
      return { type: "ice_candidate", candidate: text, call_id }
    default:
      return { type: "hangup", reason: text, call_id, ...(answered_by === undefined ? {} : { answered_by }) }
  }
}

/** One step of an end: what it has become, and what it has put on the channel. */
interface Step {
  readonly end: End
  readonly out: ReadonlyArray<SignalingMessage>
  readonly wrong?: string
}

/** A scenario over a channel that treats messages as it will. */
const makeSpace = (scenario: DeliveryScenario) => {
  const { answer = [], devices: deviceCount = 1, fault, lapses = 0, posts, refused = [], restarts = 0 } = scenario
  const functions = fault === undefined ? real : deliveryFaults[fault]
  const isPerCall = fault === "the numbers of each call begin anew"
  const callIds = [...new Set(posts.map((post) => post.split(" ")[1] ?? ""))]

  const start = (line: string): End => ({
    deliveries: isPerCall ? callIds.map((id) => functions.delivery(`${id}:${line}`)) : [functions.delivery(line)],
    line,
    calls: [],
    posted: [],
    got: {}
  })
  const change = (
    end: End,
    call: string,
    f: (delivery: Delivery.Delivery<number>) => Delivery.Delivery<number>
  ): End => {
    const index = isPerCall ? callIds.indexOf(call) : 0
    return { ...end, deliveries: end.deliveries.map((one, i) => (i === index ? f(one) : one)) }
  }
  const settle = (end: End, wrong?: string, nowMs = 0): Step => {
    const polled = end.deliveries.map((delivery) => functions.poll(delivery, nowMs))
    return {
      end: { ...end, deliveries: polled.map(({ delivery }) => normal(delivery, nowMs)) },
      out: polled.flatMap(({ out }) => out),
      ...(wrong === undefined ? {} : { wrong })
    }
  }
  const withCall = (end: End, id: string, changes: Partial<Call>): End => {
    const call = end.calls.find((one) => one.id === id) ?? { id, isOver: false, isBoundLong: false, isOverLong: false }
    return { ...end, calls: [...end.calls.filter((one) => one !== call), { ...call, ...changes }] }
  }
  const post = (end: End, type: string, call: string, answeredBy?: string): End => {
    const message = messageOf(type, call, end.posted.length, answeredBy)
    const posted = change(withCall(end, call, {}), call, (delivery) => functions.post(delivery, message, 0))
    const to = end.calls.find(({ id }) => id === call)?.bound
    const addressed: Posted = { call, type, ...(to === undefined ? {} : { to }) }
    return { ...posted, posted: [...end.posted, answeredBy === undefined ? addressed : { call, type: "told" }] }
  }
  const bind = (end: End, call: string, line: string): End =>
    change(withCall(end, call, { bound: line }), call, (delivery) => functions.bind(delivery, call, line, 0))
  const over = (end: End, call: string): End =>
    change(withCall(end, call, { isOver: true }), call, (delivery) => functions.over(delivery, call, 0))
  /** Has a later line of its device been heard? */
  const isGone = ({ deliveries }: End, name: string | undefined): boolean =>
    deliveries.some(({ lines }) => lines.some(({ isSuperseded, line }) => isSuperseded && line.split(":").at(-1) === name))
  /**
   * What begins and what ends the ringing goes on, whoever has acknowledged it: the offer until its call is with a line,
   * and 32 s long what tells that it is over, or was answered elsewhere.
   */
  const goesOn = (end: End, { call: id, to, type }: Posted): boolean => {
    const call = end.calls.find((one) => one.id === id)
    if (call === undefined) return false
    const { bound, isBoundLong, isOver, isOverLong } = call
    if (type === "offer") return bound === undefined && !isOver
    if (type === "told") return isOver ? !isOverLong : !isBoundLong
    return type === "hangup" && isOver && !isOverLong && (to === undefined || isGone(end, to))
  }
  const isLive = (end: End, id: string) => end.calls.find((call) => call.id === id)?.isOver === false

  /** What a session would do with what arrives. */
  const react = (end: End, { call_id: call = "", from = "", type }: Envelope): End => {
    const known = end.calls.find(({ id }) => id === call)
    if (type === "offer" && known === undefined) return bind(end, call, from)
    if (type === "hangup" && known?.bound === from && !known.isOver) return over(end, call)
    if (type === "answer" && known !== undefined && known.bound === undefined && !known.isOver) {
      const bound = bind(end, call, from)
      return deviceCount > 1 ? post(bound, "hangup", call, from) : bound
    }
    return end
  }
  const receive = (before: End, message: SignalingMessage): Step => {
    const envelope: Envelope = message
    const n = numberOf(message)
    const body = refused.includes(n) && message.type !== "answer" ? -1 - n : n
    let end = before
    let wrong: string | undefined
    for (const [i, delivery] of before.deliveries.entries()) {
      if (isPerCall && !(envelope.from ?? "").startsWith(`${callIds[i]}:`)) continue
      const received = functions.receive(delivery, { envelope, body, size: 1 }, 0)
      end = { ...end, deliveries: end.deliveries.map((one, j) => (j === i ? received.delivery : one)) }
      for (const call of end.calls) {
        if (call.isOver || call.bound === undefined || !received.superseded.includes(call.bound)) continue
        // The device that has started anew may ring for the call.
        end = over(post(end, "hangup", call.id), call.id)
      }
      for (const arrived of received.arrived) {
        const number = arrived.body < 0 ? -1 - arrived.body : arrived.body
        const line = (arrived.envelope.from ?? "").split(":").at(-1) ?? ""
        const got = end.got[line] ?? []
        if (got.includes(number)) wrong = "a message is given out twice"
        else if (number < (got.at(-1) ?? -1)) wrong = "messages are given out in another order than they were posted"
        end = react({ ...end, got: { ...end.got, [line]: [...got, number] } }, arrived.envelope)
      }
    }
    return settle(end, wrong)
  }
  /** Time passes: everything that is due goes out. */
  const flush = (end: End): Step => {
    const returned = end.deliveries.map((delivery) => functions.channelReturned(delivery, ackMs))
    return settle({ ...end, deliveries: returned }, undefined, ackMs)
  }
  const lapse = (end: End): Step => {
    const calls = end.calls.map((call) => ({
      ...call,
      isBoundLong: call.isBoundLong || call.bound !== undefined,
      isOverLong: call.isOverLong || call.isOver
    }))
    return settle({ ...end, calls }, undefined, lingerMs)
  }

  const messages: Array<SignalingMessage> = []
  const numbers = new Map<string, number>()
  const send = (wire: ReadonlyArray<number>, out: ReadonlyArray<SignalingMessage>): ReadonlyArray<number> => {
    const all = new Set(wire)
    for (const message of out) {
      const text = JSON.stringify(message)
      const number = numbers.get(text) ?? messages.push(message) - 1
      numbers.set(text, number)
      all.add(number)
    }
    return all.size === wire.length ? wire : [...all].toSorted((a, b) => a - b)
  }
  const withCaller = (world: World, { end, out, wrong }: Step): World => ({
    ...world,
    caller: end,
    toDevices: send(world.toDevices, out),
    ...(wrong === undefined ? {} : { wrong })
  })
  const withDevice = (world: World, i: number, { end, out, wrong }: Step): World => ({
    ...world,
    devices: world.devices.with(i, end),
    toCaller: send(world.toCaller, out),
    ...(wrong === undefined ? {} : { wrong })
  })

  const misdirected = ({ caller, devices }: World): string | undefined => {
    const isFor = ({ to, type }: Posted, line: string) =>
      to === undefined || to === line || (type === "hangup" && (deviceOf(to) === deviceOf(line) || isGone(caller, to)))
    return devices.some(({ got, line }) => {
        const posted = got[caller.line]?.flatMap((n) => caller.posted[n] ?? []) ?? []
        return posted.some((message) => !isFor(message, line))
      })
      ? "a message is given out to another line than it is for"
      : undefined
  }
  /** Copies that go on would hide that nobody acknowledges them. */
  const hasAcknowledged = ({ deliveries }: End, name: string | undefined, n: number): boolean =>
    isPerCall || deliveries.some(({ lines }) => lines.some(({ acked, line }) => line === name && acked > n))
  /** What is wrong at rest: somebody lacks what it was promised. */
  const lacking = ({ caller, devices }: World): string | undefined => {
    const heard = new Set(caller.deliveries.flatMap(({ lines }) => lines.map(({ line }) => line.split(":").at(-1))))
    const isBusy = caller.calls.some(({ bound, isOver }) => !isOver && bound !== undefined)
    for (const { calls, got, line, posted } of devices) {
      for (const [n, message] of caller.posted.entries()) {
        const { call: id, type } = message
        const call = caller.calls.find((one) => one.id === id)
        if (call === undefined || call.isOverLong) continue
        const isGoingOn = goesOn(caller, message)
        const isRung = calls.some((one) => one.id === id)
        // Who has not been heard gets the offer, and rings; and what ends that, if it could not end another call.
        const isForUnheard = isGoingOn && (type === "offer" || (isRung && (!call.isOver || !isBusy)))
        if (!isForUnheard && heard.size > 0 && !heard.has(line)) continue
        // Once bound, a call is for that line; who won is told to everybody, for 32 s; an end that its line, which is gone,
        // has not acknowledged, to whoever has seen the offer, and may ring.
        const isFor =
          call.bound === undefined ||
          (type === "told" ? !call.isBoundLong : call.bound === line) ||
          (type === "hangup" && isRung && isGone(caller, call.bound) && !hasAcknowledged(caller, call.bound, n))
        if (isFor && got[caller.line]?.includes(n) !== true) return "a device never gets what it is owed"
        if (isFor && isGoingOn && !hasAcknowledged(caller, line, n)) {
          return "the caller never learns what has arrived"
        }
      }
      for (const [n, { call: id }] of posted.entries()) {
        const call = calls.find((one) => one.id === id)
        const hasIt = caller.got[line]?.includes(n) === true
        if (call?.isOverLong === false && !hasIt) return "the caller never gets what it is owed"
      }
    }
    return undefined
  }
  /**
   * Time passes once for everybody, and the channel loses nothing, or only what goes on: what becomes of the ends,
   * and was nothing else said?
   */
  const pass = (world: World, losesWhatGoesOn: boolean): { readonly world: World; readonly isSilent: boolean } => {
    let { caller, devices } = world
    let isSilent = true
    const isTaken = (message: SignalingMessage) => {
      const posted = message.type === "ack" ? undefined : caller.posted[numberOf(message)]
      return !losesWhatGoesOn || posted === undefined || !goesOn(caller, posted)
    }
    const exchange = (said: ReadonlyArray<SignalingMessage>, fromDevices: ReadonlyArray<SignalingMessage>) => {
      let fromCaller = said.filter(isTaken)
      while (fromCaller.length > 0 || fromDevices.length > 0) {
        isSilent = false
        const replies: Array<SignalingMessage> = []
        for (const message of fromDevices) {
          const { end, out } = receive(caller, message)
          caller = end
          replies.push(...out)
        }
        const answers: Array<SignalingMessage> = []
        devices = devices.map((device) =>
          fromCaller.reduce((before, message) => {
            const { end, out } = receive(before, message)
            answers.push(...out)
            return end
          }, device)
        )
        fromCaller = replies.filter(isTaken)
        fromDevices = answers
      }
    }
    const said = flush(caller)
    caller = said.end
    exchange(said.out, [])
    for (const i of devices.keys()) {
      const answered = flush(devices[i] ?? start(""))
      devices = devices.with(i, answered.end)
      exchange([], answered.out)
    }
    return { world: { ...world, caller, devices }, isSilent }
  }
  /** From here on the channel loses nothing: does everything arrive, and does everybody fall silent? */
  const verdicts = new Map<string, string | undefined>()
  const converge = (world: World): string | undefined => {
    const key = keyOfEnds(world)
    if (verdicts.has(key)) return verdicts.get(key)
    const rest = (from: World): { readonly world: World; readonly isSilent: boolean } => {
      let { world } = pass(from, false)
      for (let round = 0; round < patience; round++) {
        const next = pass(world, false).world
        // What goes on changes nothing any more, and nothing else is said.
        if (keyOfEnds(next) === keyOfEnds(world) && pass(world, true).isSilent) return { world, isSilent: true }
        world = next
      }
      return { world, isSilent: false }
    }
    const settled = rest(world)
    let { isSilent } = settled
    const { caller, devices } = settled.world
    const living = new Set(devices.map(({ line }) => line))
    const heard = caller.deliveries.flatMap(({ lines }) => lines.filter(({ isSuperseded }) => !isSuperseded))
    const hasDead = heard.some(({ line }) => !living.has(line))
    const isWithDead = caller.calls.some(({ bound, isOver }) => !isOver && bound !== undefined && !living.has(bound))
    if (!isSilent && hasDead && !isWithDead) {
      // A line that is there no more, which nothing has told, is sent to for as long as the call lasts, and 32 s.
      const ended = caller.calls.reduce((end, { id }) => over(end, id), caller)
      isSilent = rest({ ...settled.world, caller: lapse(ended).end }).isSilent
    }
    const verdict = isSilent ? lacking(settled.world) : "messages never end"
    verdicts.set(key, verdict)
    return verdict
  }

  const initial: World = {
    caller: start("caller.1"),
    devices: Array.from({ length: deviceCount }, (_, i) => start(`device${i}.1`)),
    done: [0, 0, 0],
    toDevices: [],
    toCaller: []
  }
  const successors = function*(world: World): Generator<Successor<World>> {
    const { caller, devices, done } = world
    const [posted, restarted, lapsed] = done
    const next = posts[posted]
    if (next !== undefined) {
      const [type = "", call = ""] = next.split(" ")
      const isPossible = type === "offer" || isLive(caller, call)
      const spoken = isPossible ? post(caller, type, call) : caller
      const after = settle(isPossible && type === "hangup" ? over(spoken, call) : spoken)
      yield { label: `caller posts ${next}`, state: { ...withCaller(world, after), done: [posted + 1, restarted, lapsed] } }
    }
    yield { label: "time passes at caller", state: withCaller(world, flush(caller)) }
    for (const [i, device] of devices.entries()) {
      yield { label: `time passes at ${device.line}`, state: withDevice(world, i, flush(device)) }
      for (const call of device.calls) {
        if (!answer.includes(i) || call.isOver || device.posted.some((one) => one.call === call.id)) continue
        const answered = settle(post(device, "answer", call.id))
        yield { label: `${device.line} answers ${call.id}`, state: withDevice(world, i, answered) }
      }
      for (const number of world.toDevices) {
        const message = messages[number]
        if (message === undefined) continue
        yield { label: `${device.line} < ${JSON.stringify(message)}`, state: withDevice(world, i, receive(device, message)) }
      }
    }
    for (const number of world.toCaller) {
      const message = messages[number]
      if (message === undefined) continue
      yield { label: `caller < ${JSON.stringify(message)}`, state: withCaller(world, receive(caller, message)) }
    }
    if (restarted < restarts) {
      const anew = devices.with(0, start(`device0.${restarted + 2}`))
      yield { label: "device0 starts anew", state: { ...world, devices: anew, done: [posted, restarted + 1, lapsed] } }
    }
    if (lapsed < lapses) {
      let later = withCaller({ ...world, done: [posted, restarted, lapsed + 1] }, lapse(caller))
      for (const [i, device] of devices.entries()) later = withDevice(later, i, lapse(device))
      yield { label: "32 s pass", state: later }
    }
  }
  return {
    initial,
    successors,
    key: (world: World) => `${keyOfEnds(world)} ${world.toDevices.join()} ${world.toCaller.join()}`,
    check: (world: World) => world.wrong ?? misdirected(world) ?? converge(world)
  }
}

/**
 * Searches a scenario. In every state that can be reached, whatever the channel has done: nothing was given out twice
 * or in another order, and, if the channel loses nothing from now on, everybody gets what it is owed and falls silent.
 */
export const exploreDelivery = (scenario: DeliveryScenario): Explored => {
  const { maxStates = 10_000_000, stopAtFirst = false } = scenario
  return explore({ ...makeSpace(scenario), maxStates, stopAtFirst })
}

/** Scenarios that are searched whole within seconds. */
export const deliveryScenarios = {
  "several messages, a refused body, a restart": {
    posts: ["offer a", "candidate a", "hangup a"],
    refused: [1],
    restarts: 1
  },
  "a call that is over, and the next": { posts: ["offer a", "hangup a", "offer b"], lapses: 1 },
  "a call that is over, the next, and a restart": { posts: ["offer a", "hangup a", "offer b"], lapses: 1, restarts: 1 },
  "an answer, and a restart": { posts: ["offer a", "candidate a"], answer: [0], restarts: 1 },
  "an answer, a hangup and the time after": { posts: ["offer a", "hangup a"], answer: [0], lapses: 1, restarts: 1 },
  "two devices": { posts: ["offer a", "candidate a", "hangup a"], devices: 2, refused: [1] },
  "two devices, one answers": { posts: ["offer a", "hangup a"], devices: 2, answer: [0] },
  "two devices, two calls": { posts: ["offer a", "offer b", "candidate b"], devices: 2 }
} as const satisfies { readonly [name: string]: DeliveryScenario }

const oneAnswers: DeliveryScenario = { posts: ["offer a", "candidate a"], devices: 2, answer: [0] }
const several = deliveryScenarios["several messages, a refused body, a restart"]

/** A scenario in which each planted fault is found. */
export const deliveryFaultScenarios = {
  "the numbers of each call begin anew": deliveryScenarios["a call that is over, and the next"],
  "what is ahead is given out at once": several,
  "what one line acknowledges counts for all": several,
  "what is for one line is given out to all": oneAnswers,
  "a body that cannot be read takes no number": several,
  "repeats are not acknowledged": several,
  "base is not read": several,
  "copies never end": several,
  "what is for one line is sent until that has it": { posts: ["offer a", "offer b"], devices: 2, answer: [0] },
  "what all have acknowledged is forgotten": several,
  "who is heard late gets nothing": several,
  "a device that comes late and is silent never rings": { posts: ["offer a"], devices: 2 },
  "a device that rings and has not been heard rings on": { posts: ["offer a", "hangup a"], devices: 2 },
  "the end of a call whose line is gone is for nobody else": deliveryScenarios["an answer, and a restart"],
  "who has started anew takes no notice of the end of an earlier line's call":
    deliveryScenarios["an answer, a hangup and the time after"],
  "an earlier line takes the place of a later one": several,
  "who has started anew does not tell": deliveryScenarios["an answer, and a restart"]
} as const satisfies { readonly [F in DeliveryFault]: DeliveryScenario }

/** Scenarios that take minutes and gigabytes: what `maxStates` leaves of them is searched. */
export const wideDeliveryScenarios = {
  "two devices, one answers": { posts: ["offer a", "candidate a", "hangup a"], devices: 2, answer: [0] },
  "two devices, both answer": { posts: ["offer a", "hangup a"], devices: 2, answer: [0, 1], lapses: 1 },
  "two calls, one unanswered": { posts: ["offer a", "offer b", "candidate a", "hangup b"], devices: 2, answer: [0] },
  "two calls, restarts": { posts: ["offer a", "hangup a", "offer b", "hangup b"], lapses: 1, restarts: 2 },
  "an answer, several restarts": { posts: ["offer a", "candidate a", "hangup a"], answer: [0], lapses: 1, restarts: 2 }
} as const satisfies { readonly [name: string]: DeliveryScenario }
