/** Runs in a page: puts the moments of a take side by side, in few colours, and keeps of each picture what has changed. */
import type { Scheme } from "./stage.ts"
import type { Take } from "./take.ts"

export interface Setting {
  readonly scheme: Scheme
  readonly scale: number
  readonly names: readonly [string, string]
  readonly title: string
  readonly channel: string
}

export interface Change {
  readonly atMs: number
  /** Each pixel's place in the palette, 0 for what is as before; deflated, as base64. */
  readonly pixels: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Composed {
  /** Red, green, blue, …; the first colour stands for none. */
  readonly palette: ReadonlyArray<number>
  readonly changes: ReadonlyArray<Change>
}

export const compose = async ([take, setting]: readonly [Take, Setting]): Promise<Composed> => {
  // With more the file grows, and nobody sees it.
  const colours = 128
  const alike = 40
  const { channel, names, scale, scheme, title } = setting
  const [ground, line, ink, faint, good] = scheme === "light" ? ["#ffffff", "#d9dfe1", "#12191c", "#56636a", "#17703d"] : ["#141c20", "#263238", "#e9eff1", "#9fb0b7", "#6fd494"]
  const band = 76 * scale
  const width = 2 * take.width
  const height = band + take.height
  const brush = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })
  if (brush === null) throw new Error("This page cannot draw.")

  const write = (words: string, x: number, y: number, font: string, colour: string, align: CanvasTextAlign = "left") => {
    brush.font = font.replace(/\d+px/, (size) => `${Number.parseInt(size) * scale}px`)
    brush.fillStyle = colour
    brush.textAlign = align
    brush.fillText(words, x * scale, y * scale)
  }
  const sans = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif'
  const mono = 'ui-monospace, "DejaVu Sans Mono", monospace'
  /** A moment's pixels, each a word. */
  const paint = async ({ atMs, boxes }: Take["moments"][number]): Promise<Uint32Array> => {
    const isOver = atMs >= take.convergedMs
    const seconds = `${((isOver ? take.convergedMs : atMs) / 1_000).toFixed(1)} s`
    brush.fillStyle = ground
    brush.fillRect(0, 0, width, height)
    write(title, 25, 30, `600 16px ${sans}`, ink)
    write(channel, width / scale / 2, 30, `400 13px ${sans}`, faint, "center")
    write(isOver ? `one call, after ${seconds}` : seconds, width / scale - 25, 30, `600 14px ${mono}`, isOver ? good : faint, "right")
    for (const [i, box] of boxes.entries()) {
      const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${box}`)).blob())
      brush.drawImage(picture, i * take.width, band)
      write(names[i] ?? "", (i * take.width) / scale + 25, 74, `600 15px ${sans}`, ink)
    }
    brush.fillStyle = line
    brush.fillRect(0, 48 * scale, width, scale)
    brush.fillRect(take.width, 48 * scale, scale, height)
    return new Uint32Array(brush.getImageData(0, 0, width, height).data.buffer)
  }

  // The colours that are met most often, none like another; each becomes the nearest of them.
  const counts = new Map<number, number>()
  for (const moment of take.moments) for (const colour of await paint(moment)) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const channels = (colour: number) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255] as const
  type Channels = ReturnType<typeof channels>
  const distance = (a: Channels, b: Channels) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2
  const palette: Array<Channels> = []
  for (const [colour] of [...counts].toSorted(([, a], [, b]) => b - a)) {
    if (palette.length < colours && palette.every((one) => distance(one, channels(colour)) > alike)) palette.push(channels(colour))
  }
  const places = new Map<number, number>()
  for (const colour of counts.keys()) {
    const distances = palette.map((one) => distance(one, channels(colour)))
    // 0 stands for none.
    places.set(colour, 1 + distances.indexOf(Math.min(...distances)))
  }

  const deflate = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
    const packed = await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"))).bytes()
    let text = ""
    for (const byte of packed) text += String.fromCharCode(byte)
    return btoa(text)
  }
  const changes: Array<Change> = []
  const shown = new Uint8Array(width * height)
  for (const moment of take.moments) {
    const now = await paint(moment)
    const fresh = new Uint8Array(width * height)
    let [left, top, right, bottom] = [width, height, -1, -1]
    for (const [i, colour] of now.entries()) {
      const place = places.get(colour) ?? 0
      if (shown[i] === place) continue
      shown[i] = fresh[i] = place
      const [x, y] = [i % width, Math.floor(i / width)]
      ;[left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)]
    }
    if (right < 0) continue
    const part = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
    const pixels = new Uint8Array(part.width * part.height)
    for (let y = 0; y < part.height; y++) {
      const from = (top + y) * width + left
      pixels.set(fresh.subarray(from, from + part.width), y * part.width)
    }
    changes.push({ atMs: moment.atMs, ...part, pixels: await deflate(pixels) })
  }
  return { palette: [0, 0, 0, ...palette.flat()], changes }
}
