/** Which slot each section of a description carries: what two engines must agree on. For adapters, and for tests. */
import type { Slot } from "../call/MediaIntent.ts"

/** Who sends in a section (RFC 3264 section 5.1), seen from the end whose description it is. */
export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive"

/** One media section of a description. */
export interface Section {
  readonly kind: "audio" | "video" | "application"
  readonly mid: string
  /** `inactive` for a section that was refused (port 0, not bundle-only). A section for data has none: `sendrecv`. */
  readonly direction: Direction
  /** What a section for media carries; none beyond those that there are slots for, and none for data. */
  readonly slot: Slot | undefined
}

const screenMark = "a=content:slides"

const isScreen = (section: string): boolean => /^a=content:slides\r?$/m.test(section)

/**
 * Reads the sections of a description, in order. The first for audio is the microphone's. A section for video that says
 * `a=content:slides` (RFC 4796) is the screen's; of the others the first is the camera's, and the next, if no section
 * says so, the screen's.
 */
export const readSections = (sdp: string): ReadonlyArray<Section> => {
  const texts = sdp.split(/^(?=m=)/m).slice(1)
  const taken = new Set<Slot>()
  if (texts.some(isScreen)) taken.add("screen")
  const firstFree = (...wanted: ReadonlyArray<Slot>): Slot | undefined => {
    const free = wanted.find((slot) => !taken.has(slot))
    if (free !== undefined) taken.add(free)
    return free
  }
  return texts.flatMap((text) => {
    const [, kind, port] = /^m=(audio|video|application) (\d+)/.exec(text) ?? []
    const [, mid = ""] = /^a=mid:(\S+)/m.exec(text) ?? []
    const [, direction = "sendrecv"] = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(text) ?? []
    if (kind === undefined) return []
    // Without a port of its own, and not refused: it goes with the others of its group (RFC 9143 section 6).
    const isBundled = /^a=bundle-only\r?$/m.test(text)
    // The patterns match only these words.
    const of = kind as Section["kind"]
    const slot = of === "application"
      ? undefined
      : of === "audio"
      ? firstFree("microphone")
      : isScreen(text)
      ? "screen"
      : firstFree("camera", "screen")
    return [{ kind: of, mid, direction: port === "0" && !isBundled ? "inactive" : direction as Direction, slot }]
  })
}

/** Marks the sections of the screen, by their mids, in a local description that is about to be handed out. */
export const markScreen = (sdp: string, mids: ReadonlyArray<string>): string =>
  sdp.split(/^(?=m=)/m).map((section) => {
    const [line, mid] = /^a=mid:(\S+)\r?\n/m.exec(section) ?? []
    if (line === undefined || mid === undefined || !mids.includes(mid) || isScreen(section)) return section
    return section.replace(line, `${line}${screenMark}${line.endsWith("\r\n") ? "\r\n" : "\n"}`)
  }).join("")
