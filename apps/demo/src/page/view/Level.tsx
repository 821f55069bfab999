/** A level meter: ten marks, of which as many are lit as it is loud. */
interface LevelProps {
  readonly label: string
  /** From 0 to 1; nothing when it cannot be measured. */
  readonly level: number | undefined
  /** Said instead of a level, such as that sound arrives. */
  readonly instead?: string | undefined
}
const marks = Array.from({ length: 10 }, (_, i) => i)

export const Level = ({ instead, label, level }: LevelProps) => {
  const lit = Math.round((level ?? 0) * marks.length)
  return (
    <div
      class="level"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((level ?? 0) * 100)}
      {...(level === undefined ? { "aria-valuetext": instead ?? "not measured" } : {})}
    >
      {level === undefined && instead !== undefined
        ? <span class="faint">{instead}</span>
        : marks.map((i) => <i key={i} class={i < lit ? (i > 7 ? "lit loud" : "lit") : ""} />)}
    </div>
  )
}
