/** `npm run flood`: what a line in a call holds while a million useless texts come in. Memory is measured, not asserted. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { CallLine, initialIntent, type Incoming, makeConfig } from "@enigma-rtc/core"
import { MockEngine, mockSdp, sectionsOf } from "@enigma-rtc/testing"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { buildPackages } from "./buildPackages.ts"

if (globalThis.gc === undefined) {
  buildPackages()
  const again = ["--expose-gc", fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  process.exit(spawnSync(process.execPath, again, { stdio: "inherit" }).status ?? 1)
}
const collect = globalThis.gc

const total = Number(process.argv[2] ?? 1_000_000)
const sdp = mockSdp({ session: 7, sections: sectionsOf(initialIntent(Result.getOrThrow(makeConfig()))) })
const offer = (n: number, from: string) => ({ type: "offer", sdp, from, seq: n, base: 0, call_id: `o${n}`, negotiation: 0 })

/** What comes, in turn; `n` counts the rounds. */
const kinds: { readonly [name: string]: (n: number, line: string) => object } = {
  "the call's own offer, again": () => ({ ...offer(0, "far.1"), call_id: "c1" }),
  "our own echo": (n, line) => ({ type: "hangup", from: line, seq: n, call_id: "c1" }),
  "for another line": (n) => ({ type: "hangup", from: "other.1", to: "else.1", seq: n + 1, base: 0, call_id: `x${n}` }),
  "of a line without a beginning": (n) => ({ type: "hangup", from: `new${n}.1`, seq: n + 1, call_id: `x${n}` }),
  "ahead, to be held": (n) => ({ type: "hangup", reason: "x".repeat(500), from: "far.1", seq: 3 + (n % 60), base: 0, call_id: "c1" }),
  "too far ahead": (n) => ({ type: "hangup", from: "far.1", seq: 1_000 + n, base: 0, call_id: "c1" }),
  "an acknowledgement of what was never sent": (n, line) => ({ type: "ack", from: "far.1", to: line, ack: 1_000 + n }),
  "of ever new devices": (n) => ({ type: "hangup", from: `dev${n}.1`, seq: 0, base: 0, call_id: `x${n}` }),
  "of ever new starts": (n) => ({ type: "hangup", from: `dev.${String(n).padStart(9, "0")}`, seq: 0, base: 0, call_id: `x${n}` }),
  "of a type of the future": (n) => ({ type: "restart", from: "late.9", seq: n, base: 0, call_id: `x${n}` }),
  "an offer that cannot be read": (n) => ({ type: "offer", sdp: "no", call_id: `x${n}` }),
  "an early candidate": (n) => ({ type: "ice_candidate", candidate: "", call_id: `x${n}` }),
  "a call more": (n) => offer(n, "tab.7")
}
const all = Object.values(kinds)

await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function*() {
      const inbox = yield* Queue.unbounded<Incoming>()
      let sent = 0
      const channel = { send: () => Effect.sync(() => void sent++), incoming: Stream.fromQueue(inbox) }
      const line = yield* CallLine.make({ device: "phone", channel }).pipe(Effect.provide(MockEngine.make().layer))
      const come = (message: object | undefined) => Queue.offerUnsafe(inbox, { peer: "eve", text: JSON.stringify(message) })
      come(all[0]?.(0, line.from))
      const call = yield* Effect.flatMap(Stream.runHead(line.incoming), Effect.fromOption)
      yield* call.accept()

      const since = performance.now()
      const report = (n: number) => {
        collect()
        const megabytes = (process.memoryUsage().heapUsed / 1e6).toFixed(2)
        console.log(`${n.toLocaleString("en").padStart(10)} texts  ${((performance.now() - since) / 1_000).toFixed(1).padStart(6)} s  heap ${megabytes} MB  ${sent} sent`)
      }
      const read = Effect.repeat(Effect.sleep(0), { while: () => Effect.map(Queue.size(inbox), (size) => size > 0) })
      report(0)
      for (let n = 1; n <= total; n++) {
        come(all[n % all.length]?.(Math.floor(n / all.length), line.from))
        if (n % 500 === 0) yield* read
        if (n % Math.ceil(total / 5) === 0) report(n)
      }
      console.log(`the call is ${(yield* call.state)._tag}`)
    })
  )
)
process.exit()
