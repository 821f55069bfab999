/** Which lines of a peer there are, and which of them take the place of which: for what comes in. */
import { type Delivery, DeliveryLimits, findLine, type PeerLine } from "./DeliveryState.ts"

/** Whether a line may speak, and what it changes that it does. */
export type Admission<A> =
  | {
    readonly _tag: "Admitted"
    /** The lines with this one among them. */
    readonly lines: ReadonlyArray<PeerLine<A>>
    /** It has not spoken before. */
    readonly isNew: boolean
    readonly superseded: ReadonlyArray<string>
  }
  | { readonly _tag: "Stale"; readonly why: string }
  | { readonly _tag: "Refused"; readonly why: string }

/** A line is `device.start`; one without a dot is a device of its own. */
const deviceOf = (line: string): string | undefined =>
  line.includes(".") ? line.slice(0, line.lastIndexOf(".")) : undefined
const startOf = (line: string): string => line.slice(line.lastIndexOf(".") + 1)

/** Is this an earlier line of our own device, one that is there no more? */
export const isEarlierSelf = (own: string, line: string): boolean =>
  deviceOf(own) !== undefined && deviceOf(own) === deviceOf(line) && startOf(line) < startOf(own)

const isInLiveCall = <A>({ calls }: Delivery<A>, line: string): boolean =>
  calls.some(({ bound, overMs }) => overMs === undefined && bound?.line === line)

const supersede = <A>(given: PeerLine<A>): PeerLine<A> => {
  const { received, ...line } = given
  return {
    ...line,
    isSuperseded: true,
    // What it has delivered is remembered, so that it is not delivered again; what is held will not be.
    ...(received === undefined ? {} : { received: { expected: received.expected, ahead: [] } })
  }
}

/** Makes room for one more line: the one that was heard longest ago goes, unless a call is on with it. */
const makeRoom = <A>(delivery: Delivery<A>): ReadonlyArray<PeerLine<A>> => {
  const { lines } = delivery
  if (lines.length < DeliveryLimits.lines) return lines
  const [oldest] = lines
    .filter(({ line }) => !isInLiveCall(delivery, line))
    .toSorted((a, b) => a.heardMs - b.heardMs)
  return lines.filter((line) => line !== oldest)
}

/** A line that is not known: begins with nothing. */
export const newLine = (line: string, heardMs: number): PeerLine<never> => ({ line, acked: 0, heardMs, isSuperseded: false })

/** Adds or replaces a line. */
export const withLine = <A>(delivery: Delivery<A>, line: PeerLine<A>): Delivery<A> => {
  const index = delivery.lines.findIndex((known) => known.line === line.line)
  return { ...delivery, lines: index === -1 ? [...makeRoom(delivery), line] : delivery.lines.with(index, line) }
}

/**
 * Lets a line speak, if it may. Starts begin with the time, so it takes the place of all lines of its device that sort
 * lower: when it is new, and when it acknowledges more than before, which shows that it is there now. One that sorts
 * lower itself takes nobody's place, for it may be a message that is late. It speaks beside the other, since a clock may
 * have been set back, but not in a call that the other is in, or since which the other has been heard.
 */
export const admit = <A>(delivery: Delivery<A>, name: string, acked: number, nowMs: number): Admission<A> => {
  const known = findLine(delivery, name)
  const device = deviceOf(name)
  const siblings = delivery.lines.filter(
    ({ isSuperseded, line }) => !isSuperseded && line !== name && device !== undefined && deviceOf(line) === device
  )
  const isLower = ({ line }: PeerLine<A>) => startOf(line) < startOf(name)
  const isThere = ({ heardMs, line }: PeerLine<A>) =>
    isInLiveCall(delivery, line) || delivery.calls.some(({ overMs, sinceMs }) => overMs === undefined && heardMs >= sinceMs)
  if (known?.isSuperseded === true || siblings.some((line) => !isLower(line) && isThere(line))) {
    return { _tag: "Stale", why: "from an earlier start of this device" }
  }
  const { lines } = withLine(delivery, { ...(known ?? newLine(name, nowMs)), heardMs: nowMs })
  if (lines.length > DeliveryLimits.lines) return { _tag: "Refused", why: "too many lines of this peer" }
  const earlier = known === undefined || acked > known.acked ? siblings.filter(isLower) : []
  return {
    _tag: "Admitted",
    lines: lines.map((line) => (earlier.includes(line) ? supersede(line) : line)),
    isNew: known === undefined,
    superseded: earlier.map(({ line }) => line)
  }
}
