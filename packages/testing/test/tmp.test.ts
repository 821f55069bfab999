import { it } from "vitest"
import { openLine } from "@enigma-rtc/core/promise"
import * as Effect from "effect/Effect"
import { MockEngine } from "../src/index.ts"
it("x", async () => {
  const mock = MockEngine.make()
  let rec: any
  const line = await openLine({ device: "a", engine: Effect.succeed(mock.engine), channel: { send: () => {}, subscribe: (r) => { console.log("subscribed"); rec = r; return () => console.log("stopped") } } })
  console.log("open")
  await new Promise((d) => setTimeout(d, 50))
  rec({ peer: "x", text: "nonsense" })
  const it = line.receipts[Symbol.asyncIterator]()
  console.log(await Promise.race([it.next(), new Promise((d) => setTimeout(() => d("none"), 500))]))
  await line.close()
  console.log("closed")
})
