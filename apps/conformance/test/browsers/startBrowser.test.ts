/** A browser's engine says of itself what plays are chosen by, and a browser that is over leaves nothing behind. */
import { readdirSync, readFileSync } from "node:fs"
import { initialIntent, makeConfig, RtcEngine } from "@enigma-rtc/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { allCapabilities } from "../../src/allCapabilities.ts"
import { startBrowser } from "../../src/browsers/startBrowser.ts"
import { remoteEngine } from "../../src/remote/remoteEngine.ts"

const config = Result.getOrThrow(makeConfig({ enableData: true }))

/** The processes that come from this one, with their names. */
const descendants = (of = process.pid): ReadonlyArray<string> =>
  readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).flatMap((pid) => {
    try {
      // pid (name) state parent
      const [, name = "", parent] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? []
      return Number(parent) === of ? [name, ...descendants(Number(pid))] : []
    } catch {
      // It ended meanwhile.
      return []
    }
  })
const browsers = () => descendants().filter((name) => /chrom|firefox/i.test(name))

describe.skipIf(process.platform !== "linux").each(["chromium", "firefox"] as const)("%s", (name) => {
  it("can what it is said to, and leaves no process when it is closed, nor does what was open then hang", { timeout: 60_000 }, async () => {
    const { close, transport } = await startBrowser(name)
    expect(browsers().length).toBeGreaterThan(0)
    const { left } = remoteEngine(() => Promise.resolve(transport), { capabilities: allCapabilities })
    await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
      const engine = Context.get(yield* Layer.build(left), RtcEngine)
      expect(engine.capabilities).toEqual(allCapabilities)
      const peer = yield* engine.open(config, initialIntent(config))
      expect(yield* peer.createOffer()).toMatch(/^v=0/)
      yield* Effect.promise(close)
      expect(yield* Effect.flip(peer.createOffer())).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "Closed" } })
    })))
    expect(browsers()).toEqual([])
  })
})
