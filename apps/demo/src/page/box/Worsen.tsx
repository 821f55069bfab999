/** Sliders that make this page's signaling as bad as one likes, in both directions. */
import { computed } from "@preact/signals"
import { useNow } from "../view/useNow.ts"
import { type Conditions, conditions, fine } from "../model/worsen.ts"

interface SliderProps {
  readonly label: string
  readonly field: "jitterMs" | "repeats" | "loss"
  readonly max: number
  readonly step: number
  readonly write: (value: number) => string
}
const change = (part: Partial<Conditions>) => (conditions.value = { ...conditions.peek(), ...part })
const percent = (value: number): string => `${Math.round(value * 100)} %`

const Slider = ({ field, label, max, step, write }: SliderProps) => {
  const value = conditions.value[field]
  return (
    <label class="slider">
      <span>{label}</span>
      <input type="range" min={0} max={max} step={step} value={value} aria-valuetext={write(value)} style={{ "--part": `${(100 * value) / max}%` }}
        onInput={(event) => change({ [field]: event.currentTarget.valueAsNumber })} />
      <output>{write(value)}</output>
    </label>
  )
}

const cutMs = 5_000
const isFine = computed(() => conditions.value.jitterMs === 0 && conditions.value.repeats === 0 && conditions.value.loss === 0)

export const Worsen = () => {
  const now = useNow()
  const leftMs = conditions.value.cutUntilMs - Math.max(now.value, conditions.value.cutUntilMs - cutMs)
  return (
    <>
      <p class="faint">This touches the signaling only, in both directions. Picture and sound take another way.</p>
      <Slider label="Jitter" field="jitterMs" max={1_000} step={50} write={(value) => `${value} ms`} />
      <Slider label="Repeats" field="repeats" max={0.8} step={0.05} write={percent} />
      <Slider label="Loss" field="loss" max={0.8} step={0.05} write={percent} />
      <div class="row">
        <button type="button" disabled={leftMs > 0} onClick={() => change({ cutUntilMs: performance.now() + cutMs })}>
          {leftMs > 0 ? `Cut for ${Math.ceil(leftMs / 1_000)} s more` : "Cut for 5 s"}
        </button>
        <button type="button" class="quiet" disabled={isFine.value} onClick={() => (conditions.value = fine)}>Make it fine again</button>
      </div>
    </>
  )
}
