/** The simulated app over the Rust crate says and takes what the crate does, and a run with it can fail. */
import { expect, it } from "vitest"
import { channels, crateChannels, crateScenarios, type Simulated, simulate, type SimulateOptions } from "../src/index.ts"
import { seeded } from "./seed.ts"

/** A run of each cell of one seed. */
const runs = async (seed: number, change: Partial<SimulateOptions> = {}): Promise<ReadonlyArray<Simulated>> => {
  const all: Array<Simulated> = []
  for (const channel of crateChannels) {
    for (const scenario of crateScenarios) all.push(await simulate({ seed, channel, scenario, ...change }))
  }
  return all
}
// What is sent is the JSON of an object.
const fieldsOf = (text: string) => JSON.parse(text) as { readonly [field: string]: unknown }

/** The fields that the crate writes, by type. */
const known: { readonly [type: string]: ReadonlyArray<string> } = {
  offer: ["type", "sdp"],
  answer: ["type", "sdp"],
  ice_candidate: ["type", "candidate", "sdp_mid", "sdp_mline_index"],
  hangup: ["type", "reason"]
}

it("it writes the crate's fields only, marks no offer, and tells no end of candidates", async () => {
  const { seed } = seeded("the crate's fields", 1)
  const types = new Set<unknown>()
  for (const { texts } of await runs(seed)) {
    for (const { from, text } of texts) {
      if (from !== "bob") continue
      const fields = fieldsOf(text)
      types.add(fields["type"])
      expect(known[String(fields["type"])]).toEqual(expect.arrayContaining(Object.keys(fields)))
      expect(text).not.toContain("x-enigma-rtc")
      expect(fields["candidate"]).not.toBe("")
    }
  }
  expect(types).toEqual(new Set(["offer", "answer", "ice_candidate", ...types.has("hangup") ? ["hangup"] : []]))
})

it("it never yields: where both call it is ours that answers", async () => {
  let collisions = 0
  for (let seed = 1; seed <= 5; seed++) {
    for (const { scenario, texts, violation } of await runs(seed)) {
      const said = (name: string, type: string) => texts.some(({ from, text }) => from === name && fieldsOf(text)["type"] === type)
      if (scenario !== "ours and the crate call at once" || !said("ann", "offer") || !said("bob", "offer")) continue
      collisions++
      expect(violation).toBeUndefined()
      expect([said("ann", "answer"), said("bob", "answer")]).toEqual([true, false])
    }
  }
  expect(collisions).toBeGreaterThan(0)
})

it("a hangup from either end is taken", async () => {
  const { seed } = seeded("hangups", 1)
  const from = new Set<string>()
  for (let n = 0; n < 5; n++) {
    for (const { texts, violation } of await runs(seed + n)) {
      expect(violation).toBeUndefined()
      for (const one of texts) if (fieldsOf(one.text)["type"] === "hangup" && fieldsOf(one.text)["reason"] === "normal") from.add(one.from)
    }
  }
  expect(from).toEqual(new Set(["ann", "bob"]))
})

it("a channel that loses is too much for it, and that is seen", async () => {
  const broken = new Set<string>()
  for (let seed = 1; seed <= 10; seed++) {
    for (const channel of channels.filter(({ conditions: { lossProbability = 0 } }) => lossProbability > 0)) {
      for (const { violation } of await runs(seed, { channel })) if (violation !== undefined) broken.add(violation.invariant)
    }
  }
  // An answer that is lost, and a candidate.
  expect([...broken]).toEqual(expect.arrayContaining(["nobody waits", "every candidate arrives"]))
})
