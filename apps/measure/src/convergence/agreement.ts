/** When two ends have converged: one criterion for both contestants, on every stack. Pure, for the trials and their tests. */

/** One transceiver, as W3C WebRTC section 5.4 has it. */
export interface TransceiverLook {
  readonly mid: string | null
  readonly kind: string
  readonly currentDirection: string | null
}

/** One end as it is now. */
export interface EndLook {
  /** ICE and DTLS are connected. */
  readonly isUp: boolean
  readonly signalingState: string
  readonly transceivers: ReadonlyArray<TransceiverLook>
  /** The kinds of media that this end wants to send. */
  readonly wants: ReadonlyArray<string>
}

const mirrored: Readonly<Record<string, string>> = {
  sendrecv: "sendrecv",
  sendonly: "recvonly",
  recvonly: "sendonly",
  inactive: "inactive"
}

/** What one end lacks by itself. */
const missingAt = ({ isUp, signalingState, transceivers, wants }: EndLook): string | undefined => {
  if (!isUp) return `not connected (${signalingState})`
  if (signalingState !== "stable") return signalingState
  const raw = transceivers.find(({ currentDirection, mid }) => mid === null || currentDirection === null)
  if (raw !== undefined) return `${raw.kind} not negotiated`
  const sent = transceivers.filter(({ currentDirection }) => currentDirection?.startsWith("send") === true)
  const unsent = wants.find((kind) => !sent.some((one) => one.kind === kind))
  return unsent === undefined ? undefined : `${unsent} not sent`
}

/** What is missing, or nothing: connected, stable, every transceiver negotiated, and both ends say the same of it. */
export const missing = (ends: ReadonlyArray<EndLook>): string | undefined => {
  const [a, b] = ends
  if (a === undefined || b === undefined || ends.length !== 2) return `${ends.length} connections`
  const lack = missingAt(a) ?? missingAt(b)
  if (lack !== undefined) return lack
  if (a.transceivers.length !== b.transceivers.length) return "different sections"
  for (const one of a.transceivers) {
    const other = b.transceivers.find(({ mid }) => mid === one.mid)
    if (other === undefined || other.kind !== one.kind) return "different sections"
    if (other.currentDirection !== mirrored[one.currentDirection ?? ""]) return "different directions"
  }
  return undefined
}
