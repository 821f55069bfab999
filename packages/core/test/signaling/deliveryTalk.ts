/** A conversation by hand: what is posted, what goes out, what comes in. For the tests of `Delivery`. */
import * as Delivery from "../../src/signaling/Delivery.ts"
import type { Envelope, SignalingMessage } from "../../src/signaling/index.ts"

export const offer = (call_id: string): Delivery.PostedMessage => ({ type: "offer", sdp: `${call_id}:offer`, call_id })
export const answer = (call_id: string): Delivery.PostedMessage => ({ type: "answer", sdp: `${call_id}:answer`, call_id })
export const candidate = (call_id: string, n = 0): Delivery.PostedMessage => ({ type: "ice_candidate", candidate: `${call_id}:${n}`, call_id })
export const hangup = (call_id: string, answered_by?: string): Delivery.PostedMessage => ({
  type: "hangup",
  reason: `${call_id}:hangup`,
  call_id,
  ...(answered_by === undefined ? {} : { answered_by })
})

/** What tells a message from others in these tests: `offer a`, `ice_candidate a 1`. */
export const nameOf = (message: Envelope): string => {
  // Messages of these tests only.
  const { candidate } = message as { readonly candidate?: string }
  return [message.type, message.call_id, candidate?.split(":")[1]].filter((part) => part !== undefined).join(" ")
}

/** One end, which remembers what it has seen. Time stands still until it is told to pass. */
export const makeEnd = (line: string, startMs = 0, nextSeq = 0) => {
  let delivery: Delivery.Delivery<string> = Delivery.delivery(line, nextSeq)
  let nowMs = startMs
  const out: Array<SignalingMessage> = []
  const arrived: Array<string> = []
  const superseded: Array<string> = []
  let wakeMs: number | undefined
  const poll = (): ReadonlyArray<SignalingMessage> => {
    const polled = Delivery.poll(delivery, nowMs)
    delivery = polled.delivery
    wakeMs = polled.wakeMs
    if (wakeMs !== undefined && wakeMs <= nowMs) throw new Error("due, and not given out")
    out.push(...polled.out)
    return polled.out
  }
  const wakesBefore = (untilMs: number) => wakeMs !== undefined && wakeMs <= untilMs
  const end = {
    line,
    out,
    arrived,
    superseded,
    poll,
    get delivery() {
      return delivery
    },
    get nowMs() {
      return nowMs
    },
    get wakeMs() {
      return wakeMs
    },
    /** Posts, and gives what goes out. */
    post: (...messages: ReadonlyArray<Delivery.PostedMessage>) => {
      for (const message of messages) delivery = Delivery.post(delivery, message, nowMs)
      return poll()
    },
    bind: (callId: string, to?: string) => {
      delivery = Delivery.bind(delivery, callId, to, nowMs)
      return poll()
    },
    over: (callId: string) => {
      delivery = Delivery.over(delivery, callId, nowMs)
      return poll()
    },
    /** Takes a message in, and tells its fate. Polls only when told. */
    take: (envelope: Envelope, size = 1, body = nameOf(envelope)): string => {
      const received = Delivery.receive(delivery, { envelope, body, size }, nowMs)
      delivery = received.delivery
      arrived.push(...received.arrived.map((one) => one.body))
      superseded.push(...received.superseded)
      return received.fate._tag
    },
    /** Time passes; gives everything that went out meanwhile, polled whenever it was due. */
    pass: (ms: number): ReadonlyArray<SignalingMessage> => {
      const untilMs = nowMs + ms
      const all = [...poll()]
      while (wakesBefore(untilMs)) {
        nowMs = wakeMs ?? nowMs
        all.push(...poll())
      }
      // Nothing was due since, so that nobody would have asked.
      nowMs = untilMs
      return all
    },
    /** The channel has taken this copy only now. */
    taken: (message: SignalingMessage) => {
      delivery = Delivery.taken(delivery, message, nowMs)
      return poll()
    },
    channelReturned: () => {
      delivery = Delivery.channelReturned(delivery, nowMs)
      return poll()
    }
  }
  return end
}

/** One end. */
export type End = ReturnType<typeof makeEnd>

/** Is it the offer of a call that is with no line yet? That goes out for as long as nobody has answered. */
const isOpenOffer = ({ delivery }: End, { call_id, type }: Envelope): boolean =>
  type === "offer" && delivery.calls.some(({ bound, id, overMs }) => id === call_id && bound === undefined && overMs === undefined)

/** What an end has said besides the offers of its calls that nobody has answered. */
export const besidesOffers = (end: End, said: ReadonlyArray<SignalingMessage>): ReadonlyArray<SignalingMessage> =>
  said.filter((message) => !isOpenOffer(end, message))

/**
 * The channel loses nothing of what goes out from now on, until nobody has had anything to say for 8 s, but for offers
 * that nobody has answered and that have arrived, and their acknowledgements.
 */
export const talk = (...ends: ReadonlyArray<End>): void => {
  let quiet = 0
  for (let round = 0; round < 50 && quiet < 2; round++) {
    const said = ends.map((end) => end.pass(4_000))
    const others = ends.flatMap((end, i) => besidesOffers(end, said[i] ?? []))
    const isRinging = others.length < said.flat().length
    let isQuiet = others.every(({ type }) => isRinging && type === "ack")
    for (const [i, messages] of said.entries()) {
      for (const message of messages) {
        for (const [j, end] of ends.entries()) if (i !== j && end.take(message) === "Arrived") isQuiet = false
      }
    }
    quiet = isQuiet ? quiet + 1 : 0
  }
  if (quiet < 2) throw new Error("messages never end")
}

/** An acknowledgement, as it is on the channel. */
export const ackOf = (from: string, to: string, ack: number): SignalingMessage => ({ type: "ack", from, to, ack })
