import { expect, test } from "vitest"
import { type EndLook, missing, type TransceiverLook } from "../src/convergence/agreement.ts"

const audio = (currentDirection: string | null, mid: string | null = "0"): TransceiverLook => ({ mid, kind: "audio", currentDirection })
const end = (change: Partial<EndLook> = {}): EndLook => ({
  isUp: true,
  signalingState: "stable",
  transceivers: [audio("sendrecv")],
  wants: ["audio"],
  ...change
})
const listener = end({ transceivers: [audio("recvonly")], wants: [] })

test("two ends that are connected, stable and say the same have converged", () => {
  expect(missing([end(), end()])).toBeUndefined()
  expect(missing([end({ transceivers: [audio("sendonly")] }), listener])).toBeUndefined()
})

test.each([
  ["a connection", [end()], "1 connections"],
  ["ICE or DTLS", [end(), end({ isUp: false })], "not connected (stable)"],
  ["an answer", [end({ signalingState: "have-local-offer" }), end()], "have-local-offer"],
  ["the negotiation of a transceiver", [end({ transceivers: [audio("sendrecv"), audio(null, null)] }), end()], "audio not negotiated"],
  ["what an end wants to send", [end({ wants: ["audio", "video"] }), end()], "video not sent"],
  ["what an end may not send", [listener, end()], "different directions"],
  ["a section at the other end", [end({ transceivers: [audio("sendrecv"), audio("inactive", "1")] }), end()], "different sections"],
  ["the same section at the other end", [end({ transceivers: [audio("sendrecv", "1")] }), end()], "different sections"]
])("without %s they have not", (_, ends, lack) => {
  expect(missing(ends)).toBe(lack)
})
