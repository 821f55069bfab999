/** Header extensions have one number each in a bundle. */
import { expect, it } from "vitest"
import { evenExtensions } from "../src/evenExtensions.ts"

const sdp = (...lines: ReadonlyArray<string>) => lines.map((line) => `${line}\r\n`).join("")

it("leaves an offer without a collision as it is", () => {
  const offer = sdp("m=audio 9", "a=extmap:1 urn:level", "a=extmap:4/sendonly urn:mid", "m=video 9", "a=extmap:2 urn:time", "a=extmap:4/sendonly urn:mid")
  expect(evenExtensions(offer)).toBe(offer)
})

it("gives a number that an earlier section has to that section's extension alone", () => {
  const offer = sdp("m=audio 9", "a=extmap:1 urn:level", "a=extmap:3 urn:cc", "m=video 9", "a=extmap:1 urn:offset", "a=extmap:3/recvonly urn:turn", "a=extmap:4 urn:cc x")
  expect(evenExtensions(offer)).toBe(sdp("m=audio 9", "a=extmap:1 urn:level", "a=extmap:3 urn:cc", "m=video 9", "a=extmap:2 urn:offset", "a=extmap:4/recvonly urn:turn", "a=extmap:3 urn:cc x"))
})
