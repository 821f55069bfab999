/** Which kept messages are done with, and which of the others somebody still needs: the rules SIG-5 to SIG-8. */
import { type Delivery, DeliveryLimits, type KeptMessage } from "./DeliveryState.ts"

/** Who needs what, at one moment. */
export interface Owed {
  /**
   * The one line that a message is for. Who won a call is told to all, and above all to the others; the end of a call
   * whose line is no more to whoever is there instead, and may ring for it.
   */
  readonly addresseeOf: (kept: KeptMessage) => string | undefined
  /** Nobody will be given it, unless to reach a later one. */
  readonly isDone: (kept: KeptMessage) => boolean
  /** Somebody needs another copy. */
  readonly isWanted: (kept: KeptMessage) => boolean
}

/** Works out, for this state and time, who needs what. */
export const owed = <A>(delivery: Delivery<A>, nowMs: number): Owed => {
  const calls = new Map(delivery.calls.map((call) => [call.id, call]))
  const all = new Map(delivery.lines.map((line) => [line.line, line]))
  const isLive = delivery.calls.some(({ overMs }) => overMs === undefined)
  const isPast = (sinceMs: number) => nowMs - sinceMs >= DeliveryLimits.lingerMs

  const addresseeOf = ({ message }: KeptMessage): string | undefined => {
    const line = calls.get(message.call_id)?.bound?.line
    if (message.type !== "hangup" || line === undefined) return line
    return all.get(line)?.isSuperseded === true || message.answered_by !== undefined ? undefined : line
  }

  /** A superseded line takes nothing any more: it has all that it will ever have. */
  const hasAll = (name: string, seq: number): boolean => {
    const line = all.get(name)
    return line !== undefined && (line.isSuperseded || line.acked > seq)
  }

  const isDone = (kept: KeptMessage): boolean => {
    const call = calls.get(kept.message.call_id)
    if (call === undefined) return true
    const { bound, overMs } = call
    if (overMs !== undefined && isPast(overMs)) return true
    // Before it is bound a call is for whoever may still be heard, and so is its end (SIG-8).
    if (bound === undefined) return false
    // With a peer that has no delivery fields, whoever else rang can be told nothing that this peer would not take too.
    if (bound.line === undefined) return true
    if (addresseeOf(kept) !== undefined) return hasAll(bound.line, kept.seq)
    // A device whose acknowledgement of the offer is still on its way rings, though all others know who answered.
    return overMs === undefined && isPast(bound.sinceMs) && hasAll(bound.line, kept.seq)
  }

  const done = new Set(delivery.kept.filter(isDone))
  const owing = delivery.kept.filter((kept) => !done.has(kept) && calls.get(kept.message.call_id)?.isHeard === true)
  /**
   * For each line the numbers that it has not acknowledged, up to the last that it is owed, as far as it can hold them.
   * What is not for it is among them: it waits for each number, whomever the message is for.
   */
  const gaps = delivery.lines
    .filter(({ isSuperseded }) => !isSuperseded)
    .map(({ acked, line }) => {
      const last = owing.findLast((kept) => (addresseeOf(kept) ?? line) === line)
      return { from: acked, to: Math.min(last?.seq ?? -1, acked + DeliveryLimits.ahead) }
    })

  /**
   * For who has not been heard: a device that comes late, and says nothing until it rings, or whose acknowledgements are
   * lost; or a peer that has no delivery fields. It gets what a call depends on, whatever others have acknowledged: the
   * offer for as long as nobody has answered, and then what ends the ringing. After that the offer would ring again; and
   * the hangup of a call that is over would, where no call has a name, end the one that is on now.
   */
  const isForUnheard = (kept: KeptMessage): boolean => {
    const { type } = kept.message
    if (done.has(kept)) return false
    const call = calls.get(kept.message.call_id)
    if (type === "hangup" && addresseeOf(kept) === undefined) return call?.overMs === undefined || !isLive
    return type === "offer" && call?.overMs === undefined && call?.bound === undefined
  }

  return {
    addresseeOf,
    isDone: (kept) => done.has(kept),
    isWanted: (kept) => isForUnheard(kept) || gaps.some(({ from, to }) => from <= kept.seq && kept.seq <= to)
  }
}
