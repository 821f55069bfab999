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
  // Nothing crosses two processes' stacks within 10 µs: it would be seconds.
  if (roundTripTimeMs < 0 || roundTripTimeMs > 2_000 || (roundTripTimeMs > 0 && roundTripTimeMs < 0.01)) return `a round trip of ${roundTripTimeMs} ms on one machine`
  if (figures.some(({ jitterMs = 0 }) => jitterMs < 0 || jitterMs > 2_000)) return `a jitter of ${figures.map(({ jitterMs }) => jitterMs).join()} ms`
  const odd = received.find(({ packets, packetsLost = 0 }) => packetsLost < 0 || packetsLost > packets)
  if (odd !== undefined) return `${odd.packetsLost} packets lost of ${odd.packets}`
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
    level: "should",
    needs: ["remoteCandidates"],
    says: "the path is told while the link is up, from both ends alike",
    check: (bench) =>
      Effect.gen(function*() {
        const { left, right } = yield* connect(bench)
        const pathOf = (end: End) => Effect.map(end.peer.stats, ({ path }) => path)
        let found = "no path"
        const agree = Effect.gen(function*() {
          const [here, there] = [yield* pathOf(left), yield* pathOf(right)]
          if (here === undefined || there === undefined) return undefined
          found = `${here.local.port} to ${here.remote.port}, and ${there.local.port} to ${there.remote.port}`
          return here.local.port === there.remote.port && here.remote.port === there.local.port ? true : undefined
        })
        // ICE may still change its mind.
        yield* until({ expected: "one path, from both ends", found: () => found }, agree)
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
        // Which codec it is may be left out, and must fit where it is told.
        const coded = [...here.sent, ...there.received].filter(({ mimeType }) => mimeType !== undefined)
        const wrong = coded.find(({ mimeType = "", slot }) => !mimeType.startsWith(slot === "microphone" ? "audio/" : "video/"))
        yield* insist(wrong === undefined, "the codec of each slot to be of its kind", () => `${wrong?.slot} in ${wrong?.mimeType}`)
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
