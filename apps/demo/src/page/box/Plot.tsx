/** Some figures over two minutes: a line for each, and the last value in words. */
import { mostSamples } from "../model/figures.ts"

export interface Series {
  readonly name: string
  readonly values: ReadonlyArray<number | undefined>
}
interface PlotProps {
  readonly title: string
  readonly series: ReadonlyArray<Series>
  readonly write: (value: number) => string
  /** The scale reaches at least so far. */
  readonly least: number
}

const [width, height] = [200, 44]

/** Gaps where nothing is known. */
const lineOf = (values: ReadonlyArray<number | undefined>, top: number): string => {
  let pen = "M"
  return values.map((value, i) => {
    if (value === undefined) {
      pen = "M"
      return ""
    }
    const x = width - ((values.length - 1 - i) * width) / (mostSamples - 1)
    const point = `${pen}${x.toFixed(1)} ${(height - 2 - (value / top) * (height - 6)).toFixed(1)}`
    pen = "L"
    return point
  }).join("")
}

export const Plot = ({ least, series, title, write }: PlotProps) => {
  const top = Math.max(least, ...series.flatMap(({ values }) => values.filter((value) => value !== undefined))) * 1.1
  const last = series.map(({ name, values }) => ({ name, value: values.findLast((value) => value !== undefined) }))
  const words = last.map(({ name, value }) => `${name} ${value === undefined ? "unknown" : write(value)}`).join(", ")
  return (
    <figure class="plot">
      <figcaption>
        <span>{title}</span>
        {last.map(({ name, value }, i) => (
          <b key={name} class={`series-${i}`}>{series.length > 1 && <small>{name} </small>}{value === undefined ? "–" : write(value)}</b>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${words}`}>
        <path class="grid" d={`M0 ${height - 2}H${width}M0 4H${width}`} />
        {series.map(({ name, values }, i) => <path key={name} class={`line series-${i}`} d={lineOf(values, top)} />)}
      </svg>
    </figure>
  )
}
