import { expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { readRequest } from "../src/requests.ts"
import { opus } from "./rig.ts"

const refusal = (text: string, length = 65_536) => {
  const read = readRequest(text, length)
  return Result.isFailure(read) ? read.failure : undefined
}

it("what is no request is invalid, with the number of the request if it has one", () => {
  expect(refusal("x".repeat(101), 100)).toMatchObject({ id: null, refusal: { code: "invalid", expected: "at most 100 characters" } })
  for (const text of ["", "{", "null", "1", '"join"', "[]", "[".repeat(60_000), `${"[".repeat(30_000)}${"]".repeat(30_000)}`]) {
    expect(refusal(text)).toMatchObject({ id: null, refusal: { code: "invalid", expected: "a JSON object" } })
  }
  for (const id of ["", '"id":"1",', '"id":1.5,', '"id":null,', '"id":1e999,', '"id":{},']) {
    expect(refusal(`{${id}"method":"sync"}`)).toMatchObject({ id: null, refusal: { code: "invalid", at: "id" } })
  }
  for (const method of ["nothing", "__proto__", "constructor", "toString", "hasOwnProperty", ""]) {
    expect(refusal(JSON.stringify({ id: 7, method }))).toMatchObject({ id: 7, refusal: { code: "invalid", at: "method" } })
  }
})

it("a refusal says where the first wrong thing is", () => {
  const produce = { id: 1, method: "produce", transport: "t", slot: "screen", kind: "audio", rtpParameters: opus(), audience: ["bob"] }
  const at = (change: object) => refusal(JSON.stringify({ ...produce, ...change }))?.refusal
  expect(at({})).toBeUndefined()
  expect(at({ slot: "kitchen" })).toMatchObject({ code: "invalid", at: "slot" })
  expect(at({ audience: ["bob", "not a name"] })).toMatchObject({ code: "invalid", at: "audience.1" })
  expect(at({ rtpParameters: { ...opus(), encodings: Array.from({ length: 9 }, () => ({})) } }))
    .toMatchObject({ code: "invalid", at: "rtpParameters.encodings" })
  expect(at({ rtpParameters: { ...opus(), codecs: [{ ...opus().codecs[0], parameters: { "a b": 1 } }] } }))
    .toMatchObject({ code: "invalid", at: expect.stringContaining("rtpParameters.codecs.0.parameters") })
  expect(at({ rtpParameters: { ...opus(), encodings: [{ maxBitrate: 1.5 }] } }))
    .toMatchObject({ code: "invalid", at: "rtpParameters.encodings.0.maxBitrate" })
})

it("what a request has too much is not passed on", () => {
  const read = readRequest('{"id":1,"method":"join","room":"one","__proto__":{"token":"x"},"admin":true}', 1_000)
  expect(Result.isSuccess(read) && read.success).toEqual({ id: 1, method: "join", request: { room: "one" } })
})
