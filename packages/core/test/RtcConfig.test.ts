import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { initialIntent, makeConfig, type RtcConfigInput } from "../src/RtcConfig.ts"

const made = (input?: RtcConfigInput) => Result.getOrThrow(makeConfig(input))
const refusedField = (input: unknown) => {
  // What a JavaScript app may write.
  const config = makeConfig(input as RtcConfigInput)
  if (Result.isSuccess(config)) return "accepted"
  const { _tag, engine, operation, reason } = config.failure
  expect([_tag, engine, operation, reason._tag]).toEqual(["WebRtcError", "core", "configure", "InvalidConfig"])
  return reason._tag === "InvalidConfig" ? reason.field : reason._tag
}

describe("a configuration", () => {
  it("has defaults, and names no server of its own", () => {
    expect(made()).toEqual({
      iceServers: [],
      enableAudio: true,
      enableVideo: true,
      enableData: false,
      ringTimeoutMs: 60_000,
      connectTimeoutMs: 30_000,
      reconnectTimeoutMs: 30_000,
      negotiationTimeoutMs: 60_000,
      disconnectedGraceMs: 2_000,
      operationTimeoutMs: 10_000
    })
    expect(made({})).toEqual(made())
  })
  it("takes ICE servers as texts and as objects", () => {
    const turn = { urls: ["turn:turn.example.org:3478?transport=tcp", "turns:turn.example.org"], username: "ann", credential: "secret" }
    const { iceServers } = made({
      iceServers: ["stun:stun.example.org", { urls: "stuns:stun.example.org:5349" }, { urls: "stun:[2001:db8::1]:3478" }, turn]
    })
    expect(iceServers).toEqual([
      { urls: ["stun:stun.example.org"] },
      { urls: ["stuns:stun.example.org:5349"] },
      { urls: ["stun:[2001:db8::1]:3478"] },
      turn
    ])
  })
  it("takes a function that gives ICE servers, and does not ask it yet", () => {
    const ask = () => {
      throw new Error("too early")
    }
    expect(made({ iceServers: ask })).toMatchObject({ iceServers: [], askIceServers: ask })
    expect(made({ iceServers: [] })).not.toHaveProperty("askIceServers")
  })
  it("keeps what is given, and counts undefined as left out", () => {
    expect(made({ preferCodec: "VP8", enableVideo: false, ringTimeoutMs: 1 })).toMatchObject({ preferCodec: "VP8", enableVideo: false, ringTimeoutMs: 1 })
    expect(made({ preferCodec: ["PCMU", "VP9"], operationTimeoutMs: 2 ** 31 - 1 })).toMatchObject({ preferCodec: ["PCMU", "VP9"], operationTimeoutMs: 2 ** 31 - 1 })
    const left = { enableAudio: undefined, ringTimeoutMs: undefined, iceServers: undefined } as unknown as RtcConfigInput
    expect(made(left)).toEqual(made())
  })
})

describe("a field that no engine could use is an error that names it:", () => {
  it.each(["http://example.org", "stun", "stun:", "stun://example.org", "", "turn:turn.example.org", "stun:a b", "stun:a?transport=sctp"])(
    "the ICE server %j",
    (url) => {
      expect(refusedField({ iceServers: ["stun:stun.example.org", url] })).toBe("iceServers[1]")
    }
  )
  it.each([
    [{ urls: [] }],
    [{ urls: "turn:turn.example.org", username: "ann" }],
    [{ urls: "turn:turn.example.org", credential: "secret" }],
    [{ urls: ["stun:stun.example.org", "gopher:x"] }],
    [{}],
    [null],
    [7],
    [{ urls: 7 }],
    [{ urls: [7] }]
  ])("the ICE server %j", (server) => {
    expect(refusedField({ iceServers: [server] })).toBe("iceServers[0]")
  })
  it.each(["stun:stun.example.org", {}, 7])("ICE servers of %j", (iceServers) => {
    expect(refusedField({ iceServers })).toBe("iceServers")
  })
  const limits = ["ringTimeoutMs", "connectTimeoutMs", "reconnectTimeoutMs", "operationTimeoutMs"]
  const odd: ReadonlyArray<unknown> = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 0.5, 1.5, "50", "soon", [5000], true, {}, null]
  it.each(limits.flatMap((field) => odd.map((value) => [field, value] as const)))(
    "%s of %j",
    (field, value) => {
      expect(refusedField({ [field]: value })).toBe(field)
    }
  )
  it.each(["enableAudio", "enableVideo", "enableData"])("%s that is neither true nor false", (field) => {
    expect(refusedField({ [field]: "no" })).toBe(field)
    expect(refusedField({ [field]: null })).toBe(field)
  })
  it.each([[7], [null], [""], [[7]], [["PCMU", ""]], [{}]])("a codec of %j", (preferCodec) => {
    expect(refusedField({ preferCodec })).toBe("preferCodec")
  })
  it.each(["ringTimeoutMS", "iceServer", "toString", "__proto__"])("a field that there is not: %s", (field) => {
    // As JSON gives it: `__proto__` is then a field like any other.
    expect(refusedField(JSON.parse(`{"enableData":true,"${field}":5000}`))).toBe(field)
  })
  it("a misspelt field, and told which there are", () => {
    const config = makeConfig({ ringTimeoutMS: 5000 } as RtcConfigInput)
    expect(Result.isFailure(config) && config.failure.message).toMatch(/ringTimeoutMS: expected one of .*ringTimeoutMs/)
  })
  it("nothing to offer at all", () => {
    expect(refusedField({ enableAudio: false, enableVideo: false })).toBe("enableAudio")
    const config = makeConfig({ enableAudio: false, enableVideo: false, enableData: false })
    expect(Result.isFailure(config) && config.failure.message).toContain("at least one of enableAudio, enableVideo and enableData")
    expect(refusedField({ enableAudio: false, enableVideo: false, enableData: true })).toBe("accepted")
  })
  it.each([[null], [7], ["stun:stun.example.org"], [true], [[]], [() => ({})]])("a configuration that is %s, as a whole", (input) => {
    expect(refusedField(input)).toBe("config")
  })
  it("and never tells a credential", () => {
    const config = makeConfig({ iceServers: [{ urls: "gopher:Sw0rdf1sh", username: "Sw0rdf1sh", credential: "Sw0rdf1sh" }] })
    expect(JSON.stringify(config) + String(Result.isFailure(config) && config.failure.message)).not.toContain("Sw0rdf1sh")
  })
})

it("a list of codecs is the configuration's own: what the app does to its list later changes nothing", () => {
  const codecs = ["PCMU"]
  const { preferCodec } = made({ preferCodec: codecs })
  codecs.push("VP9")
  expect(preferCodec).toEqual(["PCMU"])
})

describe("the first intent of a call", () => {
  it("sends and takes what is enabled, and no screen", () => {
    expect(initialIntent(made())).toEqual({
      hold: false,
      data: false,
      send: { microphone: "on", camera: "on", screen: "off" },
      receive: { microphone: true, camera: true, screen: false }
    })
  })
  it("leaves out what is not enabled, and has the codec and the data section that are asked for", () => {
    expect(initialIntent(made({ enableAudio: false, enableVideo: false, enableData: true, preferCodec: "VP8" }))).toEqual({
      hold: false,
      data: true,
      preferCodec: "VP8",
      send: { microphone: "off", camera: "off", screen: "off" },
      receive: { microphone: false, camera: false, screen: false }
    })
    expect(initialIntent(made({ preferCodec: ["PCMU", "VP9"] }))).toMatchObject({ preferCodec: ["PCMU", "VP9"] })
  })
})
