/** Text that a hostile client might send in place of a request: made of requests that are right, by a seeded generator. */

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export const seeded = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Random = () => number
const pick = <A>(random: Random, from: ReadonlyArray<A>): A => from[Math.floor(random() * from.length)]!

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`

/** Values that nobody expects, as JSON: some of them cannot be written as a JavaScript value. */
const values = [
  "null", "true", "0", "-1", "1.5", "1e999", "-1e999", "4294967296", "9007199254740993", "255", "256", "65535", "65536",
  '""', '"x"', '"__proto__"', '"constructor"', '"\\u0000"', '"\\ud800"', '"../../etc/passwd"', "{}", "[]", "[null]", "[[]]",
  '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}', '{"toString":1}', '{"length":1000000}',
  `"${"x".repeat(300)}"`, `"${"x".repeat(20_000)}"`, `[${Array.from({ length: 5_000 }, () => 0).join()}]`, nested(5_000),
  `[${Array.from({ length: 200 }, () => "{}").join()}]`
]

type Path = ReadonlyArray<string | number>
const pathsOf = (value: unknown, path: Path = []): ReadonlyArray<Path> =>
  typeof value !== "object" || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]

const marker = "\u0001replaced\u0001"
/** The JSON of a value, with what is at `path` replaced by other JSON; by nothing, when that is undefined. */
const replaced = (value: unknown, path: Path, json: string | undefined): string => {
  const copy = structuredClone(value)
  const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], copy)
  ;(parent as Record<string | number, unknown>)[path.at(-1)!] = json === undefined ? undefined : marker
  return JSON.stringify(copy).replace(JSON.stringify(marker), () => json ?? "")
}

/** One hostile text, made of one of `requests`. */
export const hostileText = (random: Random, requests: ReadonlyArray<object>): string => {
  const request = pick(random, requests)
  const text = JSON.stringify(request)
  const path = pick(random, pathsOf(request).slice(1))
  switch (Math.floor(random() * 10)) {
    case 0:
      return text.slice(0, Math.floor(random() * text.length))
    case 1:
      return Array.from({ length: Math.floor(random() * 200) }, () => String.fromCharCode(random() * 0x10000)).join("")
    case 2:
      return pick(random, values)
    case 3:
      return text.replace(text[Math.floor(random() * text.length)]!, pick(random, ["\\", '"', "{", ",", "\u0000"]))
    case 4:
      return replaced(request, path, undefined)
    case 5:
      return text.replace("{", `{"__proto__":${pick(random, values)},${JSON.stringify(pick(random, ["a", "hasOwnProperty"]))}:1,`)
    case 6:
      return replaced(JSON.parse(replaced(request, path, '"x"')), pick(random, pathsOf(request).slice(1, 4)), pick(random, values))
    default:
      return replaced(request, path, pick(random, values))
  }
}
