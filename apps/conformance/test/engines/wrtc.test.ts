/** The wrtc engine against itself, over real connections. */
import { expect, it } from "vitest"
import { arrived, wrtcEngine } from "../../src/engines/WrtcEngine.ts"
import { claims } from "./claims.ts"
import { negotiate, openPair, run, until, untilUp, wanting } from "./pair.ts"

claims("the wrtc engine", wrtcEngine, arrived)

it("restarts ICE with new credentials, and media goes on", async () => {
  const pair = await openPair(wrtcEngine(), wrtcEngine(), [wanting({ send: { microphone: "on" } }), wanting({ receive: { microphone: true } })])
  const first = await negotiate(pair.a, pair.b)
  await untilUp(pair)
  const { answer, offer } = await negotiate(pair.a, pair.b, { iceRestart: true, iceServers: [] })
  const ufrag = (sdp: string) => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1]
  expect(ufrag(offer)).not.toBe(ufrag(first.offer))
  expect(ufrag(answer)).not.toBe(ufrag(first.answer))
  await until("the new candidates' end", () =>
    pair.a.events.some((event) => event._tag === "LocalCandidate" && event.ufrag === ufrag(offer) && event.candidate.candidate === ""))
  const count = async () => run(arrived(await pair.b.track("microphone")))
  const before = await count()
  await until("media goes on", async () => await count() > before + 30)
  expect(pair.a.link()).toBe("up")
  await pair.close()
})
