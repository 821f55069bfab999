/** The node-datachannel engine against itself, over real connections. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { arrived, dataChannelEngine } from "../../src/engines/DataChannelEngine.ts"
import { claims } from "./claims.ts"
import { negotiate, openPair, run, untilUp, wanting } from "./pair.ts"

claims("the node-datachannel engine", dataChannelEngine, arrived)

it("refuses an offer of nothing, which would end the process", async () => {
  const pair = await openPair(dataChannelEngine(), dataChannelEngine(), [wanting({ data: false }), wanting({})])
  expect(await run(Effect.flip(pair.a.peer.createOffer()))).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "Refused" } })
  await pair.close()
})

it("refuses data that a call begins without, which would end the connection, and goes on", async () => {
  const media = { send: { microphone: "on" }, receive: { microphone: true } } as const
  const without = wanting({ data: false, ...media })
  const pair = await openPair(dataChannelEngine(), dataChannelEngine(), [without, without])
  await negotiate(pair.a, pair.b)
  await untilUp(pair)
  await run(pair.a.peer.setMedia(wanting(media)))
  const offer = await run(pair.a.peer.createOffer())
  const error = await run(Effect.flip(pair.b.peer.createAnswer(offer)))
  expect(error).toMatchObject({ _tag: "WebRtcError", reason: { _tag: "Unsupported", capability: "data" } })
  await run(pair.a.peer.rollback)
  await negotiate(pair.b, pair.a)
  expect([pair.a.link(), pair.b.link()]).toEqual(["up", "up"])
  await pair.close()
})
