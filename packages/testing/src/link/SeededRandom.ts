/** Random numbers that one seed decides, for links, engines and users that a failing run can be had again of. */

/** Random numbers that one seed decides. */
export interface SeededRandom {
  /** At least 0, and less than 1. */
  readonly next: () => number
  /** A whole number from `min` to `max`, both included. */
  readonly int: (min: number, max: number) => number
  /** True with this probability, from 0 to 1. */
  readonly chance: (probability: number) => boolean
  /** One of the list, which must not be empty. */
  readonly pick: <A>(list: ReadonlyArray<A>) => A
  /**
   * Numbers of their own for a named matter. They depend on the seed and the name alone, not on what was drawn before:
   * one decision more or less changes no other.
   */
  readonly of: (name: string) => SeededRandom
}

/** FNV-1a over the name's UTF-16 units, with the basis mixed in, so that two bases give two independent hashes. */
const hash = (name: string, basis: number): number => {
  let h = (0x811c9dc5 ^ basis) >>> 0
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** Makes random numbers of a seed: any whole number that JavaScript holds exactly. */
export const seededRandom = (seed: number): SeededRandom => {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`A seed is a whole number, not ${seed}.`)
  return ofWords(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9)
}

/** sfc32, "small fast counting", of Chris Doty-Humphrey's PractRand, which is in the public domain. */
function ofWords(x: number, y: number, z: number): SeededRandom {
  let [a, b, c, counter] = [x | 0, y | 0, z | 0, 1]
  const word = () => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  // As PractRand does: the first numbers of two near seeds would be near, too.
  for (let i = 0; i < 12; i++) word()
  const next = () => word() / 2 ** 32
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError("There is nothing to pick from.")
      // The list is not empty, and the index lies within it.
      return list[int(0, list.length - 1)] as (typeof list)[number]
    },
    of: (name) => ofWords(x ^ hash(name, 0), y ^ hash(name, 0x5bd1e995), z ^ name.length)
  }
}
