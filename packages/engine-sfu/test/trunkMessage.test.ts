/** Messages of the trunk: strictly read. */
import { expect, it } from "vitest"
import { readTrunk, type TrunkMessage, writeTrunk } from "../src/trunkMessage.ts"

const messages: ReadonlyArray<TrunkMessage> = [
  { type: "alive", hears: true },
  { type: "open", id: "a", label: "", protocol: "p", ordered: false, maxRetransmits: 0 },
  { type: "opened", id: "a", producer: "b" },
  { type: "refused", id: "a" },
  { type: "ready", id: "a" },
  { type: "got", id: "a", bytes: 5 },
  { type: "close", id: "a", sent: 0 },
  { type: "closed", id: "a" }
]

it("each is read as it was written", () => {
  for (const message of messages) expect(readTrunk(writeTrunk(message))).toEqual(message)
})

it.each([
  new Uint8Array(3), "", "null", "[]", "{", '{"type":"toString"}', '{"type":"alive"}', '{"type":"alive","hears":1}', '{"type":"got","id":"a","bytes":-1}',
  '{"type":"open","id":"a b","label":"","protocol":"","ordered":true}', '{"type":"open","id":"a","label":"","protocol":"","ordered":true,"maxRetransmits":"1"}',
  '{"type":"open","id":"a","label":"","protocol":"","ordered":false,"maxRetransmits":65536}',
  `{"type":"ready","id":"${"a".repeat(65)}"}`
])("%s is none", (text) => {
  expect(readTrunk(text)).toBeUndefined()
})
