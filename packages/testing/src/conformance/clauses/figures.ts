/** ENG-900 to 909: statistics of a call. */
import type { CallStats, RtpFigures, Slot } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { Clause } from "../Clause.ts"
import type { End } from "../End.ts"
import { untilSilent } from "../flow.ts"
import { connect, openPair } from "../Pair.ts"
import { insist, until } from "../until.ts"

const packetsOf = (figures: ReadonlyArray<RtpFigures>, slot: Slot): number => figures.find((one) => one.slot === slot)?.packets ?? 0

const untilGrows = (end: End, way: "sent" | "received", slot: Slot) =>
  Effect.gen(function*() {
    const before = packetsOf((yield* end.peer.stats)[way], slot)
    yield* until(
      { expected: `more packets ${way} for the ${slot}`, found: () => `${before} still` },
      Effect.map(end.peer.stats, (stats) => (packetsOf(stats[way], slot) > before ? true : undefined))
    )
  })

const plausible = ({ path, received, roundTripTimeMs = 0, sent }: CallStats): string | undefined => {
  const figures = [...sent, ...received]
  if (roundTripTimeMs < 0 || roundTripTimeMs > 2_000) return `a round trip of ${roundTripTimeMs} ms on one machine`
  if (figures.some(({ jitterMs = 0 }) => jitterMs < 0 || jitterMs > 2_000)) return `a jitter of ${figures.map(({ jitterMs }) => jitterMs).join()} ms`
  if (figures.some(({ bytes, packets }) => bytes < packets)) return "fewer bytes than packets"
  if (path !== undefined && !(path.local.port > 0 && path.local.address !== "")) return "a path without an address"
  return undefined
}

export const figures: ReadonlyArray<Clause> = [
  {
    id: "ENG-900",
    level: "must",
    needs: [],
    says: "before anything is negotiated there are figures, and they are empty",
    check: (bench) =>
      Effect.gen(function*() {
        const { left } = yield* openPair(bench)
        const { path, received, sent } = yield* left.peer.stats
        yield* insist(path === undefined && [...sent, ...received].every(({ packets }) => packets === 0), "no path and no packets", () => "some")
      })
  },
  {
    id: "ENG-901",
    level: "must",
    needs: ["remoteCandidates"],
    says: "the path is told while the link is up, from both ends alike",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        const pathOf = (end: End) => Effect.map(end.peer.stats, ({ path }) => path)
        const path = yield* until({ expected: "a path" }, pathOf(left))
        const back = yield* until({ expected: "a path at the far end" }, pathOf(right))
        yield* insist(path.local.port === back.remote.port && path.remote.port === back.local.port, `the ports ${path.local.port} and ${path.remote.port}`, () =>
          `${back.remote.port} and ${back.local.port}`)
      })
  },
  {
    id: "ENG-902",
    level: "must",
    needs: ["media"],
    says: "packets are counted by slot as they are sent and received, with their codec, and in the units that are named",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        for (const slot of ["microphone", "camera"] as const) {
          yield* untilGrows(left, "sent", slot)
          yield* untilGrows(right, "received", slot)
        }
        const [here, there] = [yield* left.peer.stats, yield* right.peer.stats]
        for (const stats of [here, there]) {
          const odd = plausible(stats)
          yield* insist(odd === undefined, "plausible figures", () => odd ?? "")
        }
        const codecs = here.sent.map(({ mimeType, slot }) => `${slot} ${mimeType}`)
        yield* insist(
          here.sent.every(({ mimeType = "", slot }) => mimeType.startsWith(slot === "microphone" ? "audio/" : "video/")),
          "the codec of each slot",
          () => codecs.join(", ")
        )
      })
  },
  {
    id: "ENG-903",
    level: "must",
    needs: ["media"],
    says: "the figures of a muted slot stand still",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        yield* untilGrows(left, "sent", "microphone")
        yield* left.peer.setMedia(bench.intent({ send: { microphone: "muted" } }))
        yield* untilSilent(bench, right, "microphone")
        const before = packetsOf((yield* left.peer.stats).sent, "microphone")
        yield* untilGrows(left, "sent", "camera")
        const after = packetsOf((yield* left.peer.stats).sent, "microphone")
        yield* insist(after === before, `${before} packets`, () => `${after}`)
      })
  }
]
