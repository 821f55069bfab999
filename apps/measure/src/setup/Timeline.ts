/** When each call on a stack's connections began and ended, whoever made it: shows where a set-up's time goes. */
import type { Stack } from "../stacks/Stack.ts"

/** Milliseconds from the start of the set-up. */
export interface Mark {
  /** Such as `1 createOffer`: which connection, in the order of their first call, and what was called. */
  readonly name: string
  readonly beganMs: number
  readonly endedMs: number
}

const methods = ["createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription", "addIceCandidate"] as const

let startMs = 0
let marks: Array<Mark> = []
let connections: Array<RTCPeerConnection> = []

/** Patches the stack's connections. Both contestants pay for it alike. */
export const watchCalls = ({ Connection }: Stack): void => {
  // The prototype's own methods, with whatever they are given.
  const prototype = Connection.prototype as unknown as Record<string, (...given: Array<unknown>) => Promise<unknown>>
  for (const method of methods) {
    const own = prototype[method]
    if (own === undefined) continue
    prototype[method] = function(this: RTCPeerConnection, ...given) {
      if (!connections.includes(this)) connections.push(this)
      const name = `${connections.indexOf(this) + 1} ${method}`
      const beganMs = performance.now() - startMs
      const noted = marks
      const done = own.apply(this, given)
      const note = () => void noted.push({ name, beganMs, endedMs: performance.now() - startMs })
      done.then(note, note)
      return done
    }
  }
}

/** Notes something else that takes no time. */
export const noteMoment = (name: string): void => {
  const nowMs = performance.now() - startMs
  marks.push({ name, beganMs: nowMs, endedMs: nowMs })
}

export const startTimeline = (): void => {
  startMs = performance.now()
  marks = []
  connections = []
}

/** Only the first of each: later candidates and rounds are no part of the way to be connected. */
export const readTimeline = (): { readonly ms: number; readonly marks: ReadonlyArray<Mark> } => ({
  ms: performance.now() - startMs,
  marks: marks.filter((mark, i) => marks.findIndex(({ name }) => name === mark.name) === i)
})
