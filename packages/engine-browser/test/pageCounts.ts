/** What a page holds, counted: timers, listeners on all that lives, tracks that devices and canvases gave. What makes them is wrapped. */
import type { LocalTracks } from "../src/index.ts"

const timers = new Set<unknown>()
const given = new Set<MediaStreamTrack>()
const targets = new Set<WeakRef<EventTarget>>()
const listeners = new WeakMap<EventTarget, Set<string>>()

/** Listeners are told apart as the DOM does (its section 2.7): by type, function and phase. */
const numbers = new WeakMap<object, number>()
let count = 0
const nameOf = ([type, listener, options]: Parameters<EventTarget["addEventListener"]>): string => {
  const number = numbers.get(listener ?? Object) ?? ++count
  numbers.set(listener ?? Object, number)
  return `${type} ${number} ${typeof options === "object" ? options.capture === true : options === true}`
}

/** A method as the browser has it, to be given its `this`. */
const nativeOf = <T extends object, K extends keyof T>(prototype: T, name: K): T[K] => prototype[name]

const wrapTimers = () => {
  for (const [set, clear] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]] as const) {
    const [nativeSet, nativeClear] = [globalThis[set].bind(globalThis), globalThis[clear].bind(globalThis)]
    const counted = (run: () => void, ms?: number, ...args: ReadonlyArray<never>) => {
      const timer = nativeSet(() => {
        if (set === "setTimeout") timers.delete(timer)
        Reflect.apply(run, globalThis, args)
      }, ms)
      timers.add(timer)
      return timer
    }
    // Node's types, which are there for the commands, have more to it.
    Object.assign(globalThis, {
      [set]: counted,
      [clear]: (timer: number | undefined) => {
        timers.delete(timer)
        nativeClear(timer)
      }
    })
  }
}

const wrapListeners = () => {
  const addEventListener = nativeOf(EventTarget.prototype, "addEventListener")
  const removeEventListener = nativeOf(EventTarget.prototype, "removeEventListener")
  EventTarget.prototype.addEventListener = function(this: EventTarget | undefined, ...call) {
    const target = this ?? globalThis.window
    const known = listeners.get(target) ?? new Set()
    if (!listeners.has(target)) targets.add(new WeakRef(target))
    listeners.set(target, known.add(nameOf(call)))
    addEventListener.apply(target, call)
  }
  EventTarget.prototype.removeEventListener = function(this: EventTarget | undefined, ...call) {
    const target = this ?? globalThis.window
    listeners.get(target)?.delete(nameOf(call))
    removeEventListener.apply(target, call)
  }
}

const wrapTracks = () => {
  const note = (stream: MediaStream) => {
    for (const track of stream.getTracks()) given.add(track)
    return stream
  }
  const getUserMedia = nativeOf(MediaDevices.prototype, "getUserMedia")
  MediaDevices.prototype.getUserMedia = async function(constraints) {
    return note(await getUserMedia.call(this, constraints))
  }
  const captureStream = nativeOf(HTMLCanvasElement.prototype, "captureStream")
  HTMLCanvasElement.prototype.captureStream = function(rate) {
    return note(captureStream.call(this, rate))
  }
}

/** From now on all of it is counted. */
export const countPage = (): void => {
  wrapTimers()
  wrapListeners()
  wrapTracks()
}

export const pendingTimers = (): number => timers.size

/** Tracks that devices and canvases gave, and that nobody has stopped. */
export const liveTracks = (): number => {
  for (const track of given) if (track.readyState === "ended") given.delete(track)
  return given.size
}

const handlersOf = (target: EventTarget): number => {
  let set = 0
  for (const name in target) if (name.startsWith("on") && Reflect.get(target, name) !== null) set++
  return set
}

/** Listeners of an object, those in its `on…` included. */
export const listenersOn = (target: EventTarget): number => (listeners.get(target)?.size ?? 0) + handlersOf(target)

/** Listeners of everything that is still in memory. To be read after the garbage is collected. */
export const liveListeners = (): number => {
  let sum = 0
  for (const ref of targets) {
    const target = ref.deref()
    if (target === undefined) targets.delete(ref)
    else sum += listeners.get(target)?.size ?? 0
  }
  return sum
}

/** How many calls these local media tell of their changes. */
export const countSubscribers = (...media: ReadonlyArray<LocalTracks>): () => number => {
  let joined = 0
  for (const one of media) {
    const { join } = one
    const counted: LocalTracks["join"] = (call) => {
      const leave = join(call)
      joined++
      let hasLeft = false
      return () => {
        if (!hasLeft) joined--
        hasLeft = true
        leave()
      }
    }
    Object.assign(one, { join: counted })
  }
  return () => joined
}
