/** Random calls with something to hide in every message, as traces. Test data for redaction, replay and shrinking. */
import fc from "fast-check"
import { type CallInput, type CallState, step } from "../../src/call/index.ts"
import { type CallTrace, entryOf, type TraceEntry } from "../../src/trace/CallTrace.ts"
import { inputs, situations } from "../call/situations.ts"

/** What must never stand in a redacted trace. The number tells one call's secrets from another's. */
export const secretsOf = (n: number) => ({
  ipv4: `203.0.113.${n % 250}`,
  ipv6: `fd12:3456:789a::${(n % 65_000 + 1).toString(16)}`,
  mdns: `9b36eaac-bb2e-49bb-bb78-${String(n).padStart(12, "0")}.local`,
  ufrag: `hiddenFragment${n}`,
  pwd: `hiddenPasswordOfManyLetters${n}`,
  fingerprint: Array.from({ length: 32 }, (_, i) => ((n + i * 7) % 256).toString(16).padStart(2, "0").toUpperCase()).join(":"),
  cname: `ann@example.org-${n}`,
  user: `hiddenUser${n}`,
  key: `inline:hiddenKey${n}`
})

export const secretCandidate = (n: number) => {
  const { ipv4, ipv6, mdns, ufrag } = secretsOf(n)
  const host = [ipv4, ipv6, mdns][n % 3]
  return {
    candidate: `candidate:${n} 1 udp 2122260223 ${host} ${40_000 + n % 20_000} typ srflx raddr ${ipv4} rport 5000 generation 0 ufrag ${ufrag} network-cost 999`,
    sdpMid: "0",
    sdpMLineIndex: 0
  }
}

/** A description as an engine writes it, session id and version from outside, with secrets wherever there may be any. */
export const secretSdp = (n: number, session = 41, version = 1): string => {
  const { cname, fingerprint, ipv4, ipv6, key, pwd, ufrag, user } = secretsOf(n)
  return [
    "v=0",
    `o=${user} ${session} ${version} IN IP4 ${ipv4}`,
    `s=a call of ${user}`,
    `i=${user} at ${ipv4}`,
    `e=${cname}`,
    `c=IN IP6 ${ipv6}`,
    "t=0 0",
    "a=group:BUNDLE 0 1",
    `a=x-session:${user}`,
    `m=audio ${n % 2 === 0 ? 9 : 50_000} UDP/TLS/RTP/SAVPF 111 0`,
    `c=IN IP4 ${ipv4}`,
    `a=rtcp:9 IN IP4 ${ipv4}`,
    "a=mid:0",
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    "a=setup:actpass",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 minptime=10;useinbandfec=1",
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 ${key}`,
    `a=ssrc:1234 cname:${cname}`,
    `a=msid:${user} ${user}-track`,
    `a=${secretCandidate(n).candidate}`,
    `a=remote-candidates:1 ${ipv4} 5000 2 ${ipv6} 5001`,
    `a=fmtp:0 server=${ipv4}`,
    "m=video 0 UDP/TLS/RTP/SAVPF 96",
    "a=mid:1",
    ...(n % 3 === 0 ? ["a=bundle-only"] : []),
    ""
  ].join("\r\n")
}

/** One moment of a story: which of the inputs, and a number for its details. */
interface Moment {
  readonly what: number
  readonly detail: number
}

const all: ReadonlyArray<CallInput> = Object.values(inputs)

/** The input with secrets in every text that comes from outside, and, mostly, with the numbers that are waited for. */
const dressed = (input: CallInput, state: CallState, detail: number): CallInput => {
  // Few, so that the same one comes again.
  const n = detail % 7
  const waited = "call" in state && detail % 4 !== 0 ? state.call.serial : undefined
  const changes = {
    ...("sdp" in input ? { sdp: secretSdp(n, 41 + (detail % 2), 1 + (detail % 3)) } : {}),
    ...("candidate" in input && input.candidate.candidate !== "" ? { candidate: secretCandidate(n) } : {}),
    ...("ufrag" in input ? { ufrag: secretsOf(n).ufrag } : {}),
    ...("reason" in input && detail % 2 === 0 ? { reason: `because of ${secretsOf(detail).user}` } : {}),
    ...("failure" in input
      ? { failure: { ...input.failure, reason: detail % 3 === 0 ? "IceFailed" : "Refused", message: `no ${secretsOf(detail).ipv4}` } }
      : {}),
    ...("operation" in input && waited !== undefined ? { operation: waited } : {}),
    ...("token" in input && waited !== undefined ? { token: waited } : {})
  }
  return { ...input, ...changes }
}

/** Half of the time what leads the call on, whatever the machine's states and inputs are; else anything at all. */
const choose = (state: CallState, { detail, what }: Moment): CallInput => {
  const possible = all.map((input) => dressed(input, state, detail))
  const forward = possible.filter((input) => {
    const verdict = step(state, input)
    return verdict._tag === "Moved" && verdict.state._tag !== state._tag && !("by" in verdict.state)
  })
  const among = what % 2 === 0 && forward.length > 0 ? forward : possible
  return among[Math.floor(what / 2) % among.length] ?? inputs.engineUp
}

/** The trace of a call to which this happens, an eighth of a second each. */
const tell = <A>(initial: CallState, moments: ReadonlyArray<A>, inputOf: (state: CallState, moment: A) => CallInput): CallTrace => {
  let state = initial
  const entries = moments.map((moment, i): TraceEntry => {
    const input = inputOf(state, moment)
    const verdict = step(state, input)
    if (verdict._tag === "Moved") state = verdict.state
    return entryOf(i * 125, input, verdict, state)
  })
  return { callId: "call-1", engine: "test", initial, entries }
}

const moments = fc.array(fc.record({ what: fc.nat(10_000), detail: fc.nat(10_000) }), { maxLength: 40, size: "max" })

/** Traces of calls from their beginning, or from any situation on. */
export const traces: fc.Arbitrary<CallTrace> = fc.tuple(
  fc.oneof({ weight: 3, arbitrary: fc.constant<CallState>(situations.idle) }, fc.constantFrom<CallState>(...Object.values(situations))),
  moments
).map(([initial, story]) => tell(initial, story, choose))

/** A call from its offer to its end, with a few words too many. */
export const wholeCall: CallTrace = tell<CallInput>(situations.idle, [
  inputs.userMutes,
  inputs.userCalls,
  { ...inputs.engineOffered, operation: 1, sdp: secretSdp(2) },
  inputs.userAccepts,
  { ...inputs.engineTrickled, candidate: secretCandidate(2) },
  { ...inputs.peerAnswers, sdp: secretSdp(4) },
  inputs.peerTricklesOther,
  { ...inputs.engineApplied, operation: 3 },
  inputs.engineUp,
  inputs.peerHangsUp,
  inputs.engineClosed
], (_, input) => input)
