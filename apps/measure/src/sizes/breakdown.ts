/** Where the bytes of a bundle come from: rooms and files of ours, modules of Effect. Pure, for the report. */

/** `core/call`, `engine-browser`, `effect/Stream` and the like. */
export const groupOf = (path: string): string => {
  const [, effect] = /node_modules\/effect\/dist\/(.*)\.js$/.exec(path) ?? []
  if (effect !== undefined) return `effect/${effect}`
  const [, name, inside = ""] = /(?:packages|@enigma-rtc)\/([^/]+)\/dist\/(.*)\.js$/.exec(path) ?? []
  if (name === undefined) return "the entry"
  const room = inside.includes("/") ? inside.slice(0, inside.indexOf("/")) : name === "core" ? "(root)" : ""
  return room === "" ? name : `${name}/${room}`
}

export interface Part {
  readonly name: string
  readonly bytes: number
}

/** Each group's part of the gzipped size, by its share of the minified code; the largest first. */
export const breakdown = (inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>, gzipped: number): ReadonlyArray<Part> => {
  const groups = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const group = groupOf(path)
    groups.set(group, (groups.get(group) ?? 0) + bytesInOutput)
  }
  const all = [...groups.values()].reduce((sum, bytes) => sum + bytes, 0)
  return [...groups]
    .map(([name, bytes]) => ({ name, bytes: (bytes / all) * gzipped }))
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes)
}
