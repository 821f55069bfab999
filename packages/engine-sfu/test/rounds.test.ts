/** Descriptions of calls through an SFU: what they say, and what they keep to themselves. */
import { checkSdp, initialIntent, makeConfig, readSections } from "@enigma-rtc/core"
import * as Result from "effect/Result"
import { expect, it } from "vitest"
import { answeredBy, answerTo, offeredPlaces } from "../src/rounds.ts"
import { makeCredentials, makeSessionId, writeSdp } from "../src/sfuSdp.ts"
import { writeTicket } from "../src/ticket.ts"

const config = Result.getOrThrow(makeConfig({ enableData: true }))
const intent = initialIntent(config)
const screen = { ...intent, send: { ...intent.send, screen: "on" as const } }
const ticket = writeTicket({ room: "r", peer: "p", trunk: "t", producers: {} })
const write = (places: Parameters<typeof writeSdp>[0]["places"], setup: "actpass" | "active" = "actpass") =>
  writeSdp({
    sessionId: makeSessionId(),
    version: 1,
    credentials: makeCredentials(),
    setup,
    ticket,
    places,
    capabilities: {
      codecs: [
        { kind: "audio", mimeType: "audio/opus", clockRate: 48_000, channels: 2, preferredPayloadType: 100 },
        { kind: "video", mimeType: "video/VP8", clockRate: 90_000, preferredPayloadType: 101 },
        { kind: "video", mimeType: "video/rtx", clockRate: 90_000, preferredPayloadType: 102 }
      ]
    }
  })

it("an offer is valid SDP, with the router's codecs, and without a candidate", () => {
  const offer = write(offeredPlaces([], screen))
  expect(Result.isSuccess(checkSdp(offer))).toBe(true)
  expect(offer).toContain("a=rtpmap:100 opus/48000/2")
  expect(offer).not.toMatch(/rtx|a=candidate/)
  expect(readSections(offer).map(({ direction, kind, slot }) => `${slot ?? kind} ${direction}`))
    .toEqual(["microphone sendrecv", "camera sendrecv", "screen sendonly", "application sendrecv"])
})

it("sections keep their places, whatever is wanted later", () => {
  const first = offeredPlaces([], intent)
  const second = offeredPlaces(first, { ...screen, data: false, send: { ...screen.send, microphone: "off" }, receive: { ...screen.receive, microphone: false } })
  expect(second.map(({ direction, mid, slot }) => `${mid} ${slot} ${direction}`))
    .toEqual(["0 microphone inactive", "1 camera sendrecv", "2 undefined sendrecv", "3 screen sendonly"])
})

it("both ends read the same terms out of a round", () => {
  const offered = offeredPlaces([], { ...intent, receive: { ...intent.receive, microphone: false } })
  const answer = answerTo(write(offered), { ...intent, hold: true })
  const answered = answeredBy(write(answer.places, "active"), offered)
  expect([...answer.taken]).toEqual([])
  expect([...answer.sent]).toEqual(["camera"])
  expect([...answered.taken]).toEqual(["camera"])
  expect([...answered.sent]).toEqual([])
  expect(answered.hasData && answer.hasData).toBe(true)
})
