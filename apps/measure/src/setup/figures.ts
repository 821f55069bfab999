/** What many set-ups come to: their quantiles, the ratio of two medians, and when each step of them was. Pure. */
import { quantile } from "../convergence/outcomes.ts"
import type { SetUp } from "./setUp.ts"

export const medianOf = (numbers: ReadonlyArray<number>): number => quantile(numbers, 0.5) ?? Number.NaN

/** Ratio of medians, and how sure it is: the middle 95 % of ratios of pairs that are drawn again, as a seed decides. */
export const ratioOf = (
  ours: ReadonlyArray<number>,
  theirs: ReadonlyArray<number>,
  random: { readonly int: (min: number, max: number) => number }
): { readonly ratio: number; readonly from: number; readonly to: number } => {
  const draw = () => {
    const chosen = ours.map(() => random.int(0, ours.length - 1))
    return medianOf(chosen.map((i) => ours[i] ?? 0)) / medianOf(chosen.map((i) => theirs[i] ?? 0))
  }
  const drawn = Array.from({ length: 500 }, draw)
  return { ratio: medianOf(ours) / medianOf(theirs), from: quantile(drawn, 0.025) ?? 0, to: quantile(drawn, 0.975) ?? 0 }
}

export interface Step {
  readonly name: string
  readonly beganMs: number
  readonly tookMs: number
}

/** Each step that most of the set-ups had, in order. */
export const stepsOf = (all: ReadonlyArray<SetUp>): ReadonlyArray<Step> => {
  const names = new Set(all.flatMap(({ marks }) => marks.map(({ name }) => name)))
  return [...names].flatMap((name) => {
    const marks = all.flatMap((one) => one.marks.filter((mark) => mark.name === name))
    if (marks.length * 2 < all.length) return []
    return [{ name, beganMs: medianOf(marks.map(({ beganMs }) => beganMs)), tookMs: medianOf(marks.map(({ beganMs, endedMs }) => endedMs - beganMs)) }]
  }).toSorted((a, b) => a.beganMs - b.beganMs)
}
