/** Visits every state that can be reached, the nearest first, and tells the shortest way to one that is wrong. */

/** A state that can follow, and what leads to it. */
export interface Successor<S> {
  readonly label: string
  readonly state: S
  /** It may happen, and need not: nobody may rely on it. A state from which only such lead elsewhere is final. */
  readonly isOptional?: boolean
}

/** What to search. */
export interface Space<S> {
  readonly initial: S
  /** All that can follow, in an order that depends on the state alone. */
  readonly successors: (state: S) => Iterable<Successor<S>>
  /** Equal for states that are the same. The default is the state's JSON. */
  readonly key?: (state: S) => string
  /** What is wrong with a state, if anything is. What follows a wrong state is not searched. */
  readonly check?: (state: S) => string | undefined
  /** What is wrong with a state in which everything has come to rest. */
  readonly checkFinal?: (state: S) => string | undefined
  /** The search ends after so many states. The default is 10 million. */
  readonly maxStates?: number
  /** The search ends with the first wrong state. */
  readonly stopAtFirst?: boolean
}

/** Something that was found wrong, and the shortest way there. */
export interface FoundWrong {
  readonly what: string
  /** In how many states. */
  readonly count: number
  /** The labels from the initial state to the first of them. */
  readonly trace: ReadonlyArray<string>
}

/** What a search has seen. */
export interface Explored {
  readonly states: number
  readonly transitions: number
  readonly finals: number
  /** The one with the shortest way first. */
  readonly violations: ReadonlyArray<FoundWrong>
  /** Was everything seen? */
  readonly complete: boolean
}

/** Four numbers that differ for different texts, as far as 128 bits can. After cyrb128 and MurmurHash3's last step. */
const hash = (text: string, into: Uint32Array): void => {
  let a = 1_779_033_703
  let b = 3_144_134_277
  let c = 1_013_904_242
  let d = 2_773_480_762
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ code, 597_399_067)
    b = c ^ Math.imul(b ^ code, 2_869_860_233)
    c = d ^ Math.imul(c ^ code, 951_274_213)
    d = a ^ Math.imul(d ^ code, 2_716_044_179)
  }
  const last = (x: number, y: number, factor: number) => Math.imul(x ^ (y >>> 15), factor) ^ (x >>> 13)
  into[0] = last(a, b, 2_246_822_507)
  into[1] = last(b, c, 3_266_489_909)
  into[2] = last(c, d, 2_246_822_507)
  into[3] = last(d, a, 3_266_489_909)
}

const grown = (given: Uint32Array, length: number) => {
  const larger = new Uint32Array(length)
  larger.set(given)
  return larger
}

/**
 * The states that have been seen: 16 bytes of hash and 4 of parent each, and a table of their numbers, in order to hold
 * tens of millions. Numbers are given in the order of discovery.
 */
const makeSeen = () => {
  const current = new Uint32Array(4)
  let hashes = new Uint32Array(4 * 1024)
  let parents = new Uint32Array(1024)
  let table = new Uint32Array(4096)
  let size = 0
  /** Where the current hash stands in the table, or would. A slot holds a state's number and one. */
  const slotOf = (): number => {
    const mask = table.length - 1
    let slot = (current[0] ?? 0) & mask
    for (;;) {
      const found = table[slot] ?? 0
      if (found === 0) return slot
      const at = 4 * (found - 1)
      if (
        hashes[at] === current[0] && hashes[at + 1] === current[1] && hashes[at + 2] === current[2] &&
        hashes[at + 3] === current[3]
      ) return slot
      slot = (slot + 1) & mask
    }
  }
  const rehash = () => {
    table = new Uint32Array(2 * table.length)
    for (let n = 0; n < size; n++) {
      current.set(hashes.subarray(4 * n, 4 * n + 4))
      table[slotOf()] = n + 1
    }
  }
  return {
    size: () => size,
    parentOf: (n: number) => parents[n] ?? 0,
    /** The state's number, if it has been seen. */
    find: (key: string): number | undefined => {
      hash(key, current)
      const found = table[slotOf()] ?? 0
      return found === 0 ? undefined : found - 1
    },
    /** Adds the state that was looked for last and not found. */
    add: (parent: number): number => {
      if (size === parents.length) {
        parents = grown(parents, 2 * size)
        hashes = grown(hashes, 8 * size)
      }
      hashes.set(current, 4 * size)
      parents[size] = parent
      table[slotOf()] = size + 1
      size++
      if (2 * size > table.length) rehash()
      return size - 1
    }
  }
}

/** Visits every state, breadth first. Only hashes are kept of states that have been visited. */
export const explore = <S>(space: Space<S>): Explored => {
  const { check, checkFinal, maxStates = 10_000_000, stopAtFirst = false, successors } = space
  const key = space.key ?? ((state: S) => JSON.stringify(state))
  const seen = makeSeen()
  const found = new Map<string, { count: number; readonly trace: ReadonlyArray<string> }>()
  let transitions = 0
  let finals = 0
  let complete = true
  const isStopped = () => stopAtFirst && found.size > 0

  /** Goes from the initial state by the parents to the state of this number: labels need not be kept. */
  const traceOf = (number: number): ReadonlyArray<string> => {
    const path = [number]
    for (let n = number; n !== 0; n = path.at(-1) ?? 0) path.push(seen.parentOf(n))
    const labels: Array<string> = []
    let state = space.initial
    for (const next of path.toReversed().slice(1)) {
      for (const successor of successors(state)) {
        if (seen.find(key(successor.state)) !== next) continue
        labels.push(successor.label)
        state = successor.state
        break
      }
    }
    return labels
  }
  const blame = (number: number, what: string | undefined): boolean => {
    if (what === undefined) return false
    const known = found.get(what)
    if (known === undefined) found.set(what, { count: 1, trace: traceOf(number) })
    else known.count++
    return true
  }

  seen.find(key(space.initial))
  /** States of one distance, in the order of their numbers; a wrong one is absent. */
  let layer: Array<S | undefined> = []
  let first = seen.add(0)
  layer.push(blame(first, check?.(space.initial)) ? undefined : space.initial)
  while (layer.length > 0 && !isStopped()) {
    const following: Array<S | undefined> = []
    const firstFollowing = seen.size()
    for (let i = 0; i < layer.length && !isStopped(); i++) {
      const state = layer[i]
      if (state === undefined) continue
      let isFinal = true
      for (const { isOptional = false, state: next } of successors(state)) {
        transitions++
        let number = seen.find(key(next))
        if (number === undefined && seen.size() < maxStates) {
          number = seen.add(first + i)
          following.push(blame(number, check?.(next)) ? undefined : next)
        }
        if (number === undefined) complete = false
        if (!isOptional && number !== first + i) isFinal = false
        if (isStopped()) break
      }
      if (isFinal && !isStopped()) {
        finals++
        blame(first + i, checkFinal?.(state))
      }
      // What has been visited is not needed any more.
      layer[i] = undefined
    }
    layer = following
    first = firstFollowing
  }
  const violations = [...found].map(([what, { count, trace }]) => ({ what, count, trace }))
  return {
    states: seen.size(),
    transitions,
    finals,
    violations: violations.toSorted((a, b) => a.trace.length - b.trace.length),
    complete: complete && !isStopped()
  }
}
