/** People for the cameras: drawn, since a test picture looks like one. Each is a film that Chromium takes for its camera. */
import type { Page } from "playwright"

export interface Look {
  readonly wall: readonly [string, string]
  readonly light: string
  readonly skin: string
  readonly shade: string
  readonly hair: string
  readonly shirt: string
  readonly collar: string
  readonly hasBun: boolean
  readonly hasGlasses: boolean
}

export const alice: Look = {
  wall: ["#f3dcc6", "#dba98a"], light: "#fbeee0", skin: "#e9b594", shade: "#d69a79", hair: "#3a2430", shirt: "#2c7f86", collar: "#23686e",
  hasBun: true, hasGlasses: false
}
export const bob: Look = {
  wall: ["#9fc4cf", "#4c7c93"], light: "#cfe6ea", skin: "#b57f5c", shade: "#9c6a4a", hair: "#1d1a1f", shirt: "#e7b04b", collar: "#cd9531",
  hasBun: false, hasGlasses: true
}

/** Runs in a page: draws somebody who sways, looks and blinks, as JPEG pictures one after another. */
const draw = async ({ look, pictures }: { readonly look: Look; readonly pictures: number }): Promise<Array<string>> => {
  const [width, height] = [960, 720]
  const canvas = Object.assign(document.createElement("canvas"), { width, height })
  const brush = canvas.getContext("2d")
  if (brush === null) throw new Error("This page cannot draw.")
  const fill = (colour: string | CanvasGradient, path: () => void) => {
    brush.fillStyle = colour
    brush.beginPath()
    path()
    brush.fill()
  }
  const films: Array<string> = []
  for (let n = 0; n < pictures; n++) {
    const turn = (2 * Math.PI * n) / pictures
    const wall = brush.createLinearGradient(0, 0, width, height)
    wall.addColorStop(0, look.wall[0])
    wall.addColorStop(1, look.wall[1])
    fill(wall, () => brush.rect(0, 0, width, height))
    // A window's light on the wall.
    brush.globalAlpha = 0.5
    for (const [x, y] of [[90, 80], [216, 80], [90, 236], [216, 236]] as const) fill(look.light, () => brush.roundRect(x, y, 112, 142, 6))
    // A lamp.
    brush.globalAlpha = 0.35
    fill(look.light, () => brush.arc(818, 190, 92, 0, 7))
    brush.globalAlpha = 1
    fill(look.collar, () => brush.roundRect(812, 0, 6, 130, 3))
    fill(look.collar, () => brush.arc(815, 172, 50, Math.PI, 0))
    const x = 480 + 9 * Math.sin(turn)
    const y = 330 + 4 * Math.sin(2 * turn)
    const lean = 0.022 * Math.sin(turn)
    // Hair behind, shoulders, neck.
    if (look.hasBun) fill(look.hair, () => brush.arc(x, y - 176, 56, 0, 7))
    fill(look.shirt, () => {
      brush.moveTo(150, height)
      brush.bezierCurveTo(170, 580, 300, 556, 400, 530)
      brush.lineTo(560, 530)
      brush.bezierCurveTo(660, 556, 790, 580, 810, height)
    })
    fill(look.collar, () => brush.ellipse(480, 532, 96, 46, 0, 0, 7))
    fill(look.shade, () => brush.roundRect(426, 430, 108, 128, 50))
    brush.save()
    brush.translate(x, y)
    brush.rotate(lean)
    if (look.hasBun) fill(look.hair, () => brush.ellipse(0, -14, 146, 168, 0, 0, 7))
    fill(look.skin, () => brush.ellipse(-122, 18, 22, 32, 0, 0, 7))
    fill(look.skin, () => brush.ellipse(122, 18, 22, 32, 0, 0, 7))
    fill(look.skin, () => brush.ellipse(0, 12, 122, 150, 0, 0, 7))
    // Hair in front.
    fill(look.hair, () => {
      if (look.hasBun) {
        brush.moveTo(-132, 10)
        brush.bezierCurveTo(-136, -150, 136, -150, 132, 10)
        brush.bezierCurveTo(110, -50, 60, -84, 20, -92)
        brush.bezierCurveTo(-30, -60, -100, -50, -132, 10)
      } else {
        brush.moveTo(-124, 0)
        brush.bezierCurveTo(-160, -190, 160, -200, 124, 0)
        brush.bezierCurveTo(116, -50, 96, -76, 74, -84)
        brush.bezierCurveTo(20, -70, -60, -70, -92, -76)
        brush.bezierCurveTo(-112, -50, -118, -30, -124, 0)
      }
    })
    const isBlinking = n % 30 === 12 || n % 30 === 13
    const gaze = 5 * Math.sin(turn)
    for (const side of [-1, 1]) {
      fill("#241a1c", () => brush.ellipse(side * 46 + gaze, 6, 9, isBlinking ? 1.5 : 11, 0, 0, 7))
      brush.lineCap = "round"
      brush.strokeStyle = look.hair
      brush.lineWidth = 7
      brush.beginPath()
      brush.arc(side * 46, 6, 40, -Math.PI / 2 - 0.5, -Math.PI / 2 + 0.5)
      brush.stroke()
      if (look.hasGlasses) {
        brush.lineWidth = 5
        brush.beginPath()
        brush.roundRect(side * 48 - 38, -22, 76, 60, 24)
        brush.stroke()
      }
    }
    if (look.hasGlasses) fill(look.hair, () => brush.rect(-10, 0, 20, 5))
    brush.strokeStyle = look.shade
    brush.lineWidth = 6
    brush.beginPath()
    brush.arc(2, 44, 14, 0.2, 2.4)
    brush.stroke()
    // Who talks opens the mouth, more or less.
    const open = 4 + 9 * Math.abs(Math.sin(3 * turn))
    fill("#7c2f33", () => {
      brush.moveTo(-38, 86)
      brush.quadraticCurveTo(0, 96, 38, 86)
      brush.quadraticCurveTo(0, 104 + 2 * open, -38, 86)
    })
    brush.restore()
    films.push(canvas.toDataURL("image/jpeg", 0.92).slice("data:image/jpeg;base64,".length))
  }
  return films
}

/** A film of somebody, of four seconds, as motion JPEG: Chromium plays it for ever, as fast as a camera. */
export const film = async (page: Page, look: Look): Promise<Uint8Array> =>
  Buffer.concat((await page.evaluate(draw, { look, pictures: 120 })).map((picture) => Buffer.from(picture, "base64")))
