/** What comes and goes in the call, over time. */
import type { Sample } from "../model/figures.ts"
import { sfu } from "../model/engines.ts"
import { shownCalls } from "../model/store.ts"
import { Plot } from "./Plot.tsx"

const bits = (value: number): string => (value < 1e6 ? `${Math.round(value / 1e3)} kbit/s` : `${(value / 1e6).toFixed(1)} Mbit/s`)
const ms = (value: number): string => (value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`)
const percent = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} %`

const none: ReadonlyArray<Sample> = []

export const Plots = () => {
  const call = shownCalls.value[0]
  const samples = call?.samples.value ?? none
  const path = call?.stats.value?.path
  const values = (of: (sample: Sample) => number | undefined) => samples.map(of)
  return (
    <>
      <div class="plots">
        <Plot title="Bit rate" least={64_000} write={bits} series={[{ name: "in", values: values((s) => s.inBits) }, { name: "out", values: values((s) => s.outBits) }]} />
        <Plot title="Round trip" least={20} write={ms} series={[{ name: "round trip", values: values((s) => s.roundTripMs) }]} />
        <Plot title="Loss" least={5} write={percent} series={[{ name: "loss", values: values((s) => s.lossPercent) }]} />
        <Plot title="Jitter" least={10} write={ms} series={[{ name: "jitter", values: values((s) => s.jitterMs) }]} />
      </div>
      {path === undefined
        ? <p class="faint">{call === undefined ? "Once media flows, its figures are drawn here, a point a second." : "Waiting for the first figures…"}</p>
        : <p class="faint">With {call?.peer}, {call?.engine.value === sfu ? "through the SFU, " : ""}over {path.local.protocol.toUpperCase()}, {path.local.type} ↔ {path.remote.type}</p>}
    </>
  )
}
