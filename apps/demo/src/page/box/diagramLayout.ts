/** Where the seven states stand, and how the arrows between them run: by hand, since no algorithm draws it as calmly. */
import type { StateTag } from "@enigma-rtc/core/call"

export const size = { width: 440, height: 372 } as const
export const node = { width: 122, height: 38 } as const

/** Each state's middle. */
export const places: { readonly [S in StateTag]: readonly [x: number, y: number] } = {
  Idle: [220, 30],
  CreatingOffer: [88, 104],
  IncomingOffer: [352, 138],
  WaitingAnswer: [88, 196],
  Connected: [220, 258],
  Ending: [88, 338],
  Ended: [352, 338]
}

const paths: { readonly [edge: string]: string } = {
  "Idle CreatingOffer": "M159 30 C112 30 88 50 88 83",
  "Idle IncomingOffer": "M281 34 C324 38 346 70 350 117",
  "Idle Ended": "M281 24 C386 14 432 70 432 170 L432 270 C432 312 424 330 415 335",
  "CreatingOffer WaitingAnswer": "M88 123 L88 175",
  "CreatingOffer IncomingOffer": "M149 102 C206 100 240 118 289 132",
  "CreatingOffer Ending": "M27 104 C2 128 2 306 25 334",
  "WaitingAnswer IncomingOffer": "M149 190 C210 182 246 164 289 148",
  "WaitingAnswer Connected": "M116 215 C126 244 138 256 157 258",
  "WaitingAnswer Ending": "M72 215 L72 317",
  "IncomingOffer Connected": "M326 157 C322 214 306 252 283 257",
  "IncomingOffer Ending": "M344 157 C344 262 322 300 151 332",
  "IncomingOffer Ended": "M366 157 L366 317",
  "Connected Ending": "M196 277 C182 302 168 318 149 326",
  "Ending Ended": "M149 344 L289 344"
}

/** The way of an arrow; a straight one for an edge that nobody has laid yet. */
export const pathOf = (from: StateTag, to: StateTag): string => {
  const [[x1, y1], [x2, y2]] = [places[from], places[to]]
  return paths[`${from} ${to}`] ?? `M${x1} ${y1} L${x2} ${y2}`
}
