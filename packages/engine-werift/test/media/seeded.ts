/** Random inputs that can be had again, for the property tests: each prints its seed and takes it back as SEED=n. */

export interface Random {
  /** A whole number from 0 to `below` - 1. */
  readonly below: (below: number) => number
  readonly bytes: (length: number) => Uint8Array<ArrayBuffer>
}

export const seeded = (title: string): Random => {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 32))
  console.log(`${title}: SEED=${seed}`)
  // mulberry32: small, and good enough to choose bytes.
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number) => next() % limit
  return { below, bytes: (length) => Uint8Array.from({ length }, () => below(256)) }
}
