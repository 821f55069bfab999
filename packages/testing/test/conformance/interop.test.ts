/** Two mocks play every play over every link, and each play notices an engine that does not play along. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { mockUnderTest } from "../../src/conformance/mockUnderTest.ts"
import { openStage } from "../../src/interop/InteropStage.ts"
import { interopLinks } from "../../src/interop/links.ts"
import { type Play, plays } from "../../src/interop/plays.ts"
import { seeded } from "../seed.ts"
import { onIntent, onMessages, onPeer, type Plant } from "./mutants/Mutant.ts"
import { virtually } from "./virtually.ts"

const play = ({ run }: Play, link: (typeof interopLinks)[number], seed: number, plant?: Plant) => {
  // One description for both ends: the two meet on one network.
  const mock = { name: "mock", engine: mockUnderTest({}, plant?.()) }
  return virtually(Effect.scoped(Effect.flatMap(openStage(mock, mock, link.conditions, seed), run)))
}

describe("two mocks", () => {
  for (const link of interopLinks) {
    for (const one of plays) {
      it(`${one.id} over a link ${link.name}: ${one.says}`, async () => {
        const { runs, seed } = seeded(`${one.id} over a link ${link.name}`, 5)
        for (let i = 0; i < runs; i++) await play(one, link, seed + i)
      })
    }
  }
})

const faults: ReadonlyArray<readonly [id: Play["id"], fault: string, says: RegExp, plant: Plant]> = [
  ["INT-1", "does not send its camera", /the camera to arrive/, onIntent((intent) => ({ ...intent, send: { ...intent.send, camera: "muted" } }))],
  ["INT-2", "gives text as bytes", /expected the text and the bytes/, onMessages("far", Stream.map((data) => (typeof data === "string" ? new Uint8Array(2) : data)))],
  ["INT-3", "never comes up", /the call to be connected, with media up/, onPeer((peer) => ({ events: Stream.filter(peer.events, ({ _tag }) => _tag !== "Link") }))],
  ["INT-4", "does not mute", /the microphone to stop/, onIntent((intent) => ({ ...intent, send: { ...intent.send, microphone: "on" } }))],
  ["INT-5", "sends on hold", /to stop/, onIntent((intent) => ({ ...intent, hold: false }))],
  ["INT-6", "keeps its camera off", /the camera to arrive/, onIntent((intent) => ({ ...intent, send: { ...intent.send, camera: "off" } }))],
  ["INT-7", "keeps its ICE credentials", /new ICE credentials at both ends/, onPeer((peer) => ({ createOffer: () => peer.createOffer() }))]
]

describe("a play", () => {
  const [link] = interopLinks
  for (const [id, fault, says, plant] of faults) {
    it(`${id} notices an engine that ${fault}`, async () => {
      const one = plays.find((play) => play.id === id)
      if (one === undefined || link === undefined) throw new Error("There is no such play.")
      const error: unknown = await play(one, link, 1, plant).then(() => undefined, (cause: unknown) => cause)
      expect(String(error)).toMatch(says)
    })
  }
  it("has a fault that it notices, every one of them", () => {
    expect(faults.map(([id]) => id)).toEqual(plays.map(({ id }) => id))
  })
})
