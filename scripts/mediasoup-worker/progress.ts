/** How far a build is: a bar on a terminal, and elsewhere a line for each tenth. */

export interface Screen {
  readonly isTTY: boolean
  readonly write: (text: string) => void
  /** Milliseconds. */
  readonly now: () => number
}

const barWidth = 24

const clock = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}

/** Reads ninja's `[n/m]` lines, and shows them; other lines are nothing to it. */
export const showProgress = ({ isTTY, now, write }: Screen): { readonly onLine: (line: string) => void; readonly end: () => void } => {
  const start = now()
  let shown = 0
  const onLine = (line: string): void => {
    const [, doneText, totalText] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? []
    if (doneText === undefined) return
    const [done, total] = [Number(doneText), Number(totalText)]
    const elapsed = now() - start
    const percent = Math.floor((100 * done) / total)
    // Too early, the first files' luck decides.
    const left = percent >= 3 && done < total ? `, about ${clock((elapsed / done) * (total - done))} left` : ""
    const text = `${String(percent).padStart(3)} %  ${done} of ${total}, ${clock(elapsed)}${left}`
    if (isTTY) {
      const full = Math.round((barWidth * done) / total)
      write(`\r\x1b[K  ${"█".repeat(full)}${"░".repeat(barWidth - full)} ${text}`)
      shown = done
    } else if (Math.floor(percent / 10) > Math.floor(shown / 10)) {
      write(`  ${text}\n`)
      shown = percent
    }
  }
  return { onLine, end: () => (isTTY && shown > 0 ? write("\n") : undefined) }
}
