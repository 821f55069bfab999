import { describe, expect, it } from "@effect/vitest"
import type { CallState, MediaIntent, RemoteTrack, RtcEvent } from "@enigma-rtc/core"
import {
  alwaysInvariants,
  type LinkEntry,
  MockError,
  mockSdp,
  mockUfrag,
  overInvariants,
  restInvariants,
  sectionsOf,
  type World,
  type WorldCall,
  type WorldEnd,
  type WorldOperation,
  type WorldPeer
} from "../src/index.ts"

const intent: MediaIntent = {
  hold: false,
  data: false,
  send: { microphone: "on", camera: "off", screen: "off" },
  receive: { microphone: true, camera: false, screen: false }
}
const connected: CallState = {
  _tag: "Connected",
  call: { id: "call-1", role: "caller", intent, aware: true, serial: 3, unsentEnds: [] },
  media: { _tag: "Up" }
} as unknown as CallState // Only what the invariants read: the machine may know more of a call.
const ended: CallState = { _tag: "Ended", by: "local", reason: "normal" }
const established: RtcEvent = { _tag: "ConnectionEstablished" }
const isConnected: RtcEvent = { _tag: "StateChanged", state: connected }
const track = (id: string): RemoteTrack => ({ id, slot: "microphone" })
const playing = (id: string, before?: string): RtcEvent => ({ _tag: "RemoteTrack", track: track(id), ...(before === undefined ? {} : { replaces: track(before) }) })
const closed: RtcEvent = { _tag: "ConnectionClosed", by: "local", reason: "normal" }

const offer = mockSdp({ session: 1, sections: sectionsOf(intent) })
const answer = mockSdp({ session: 2, sections: sectionsOf(intent), setup: "active" })
const candidatesOf = (session: number) => [1, 2].map((n) => ({ candidate: `candidate:${n} 1 udp 1 192.0.2.1 5000 typ host ufrag ${mockUfrag(session)}` }))
const peer = (own: 1 | 2, over: boolean): WorldPeer => ({
  intent,
  candidatesFound: [...candidatesOf(own), { candidate: "" }, { candidate: "candidate:3 1 udp 1 192.0.2.1 5000 typ host ufrag old" }],
  candidatesAdded: candidatesOf(3 - own),
  localDescription: own === 1 ? offer : answer,
  remoteDescription: own === 1 ? answer : offer,
  operations: over ? ["createOffer", "close"] : ["createOffer"],
  signalingState: over ? "closed" : "stable",
  timesClosed: over ? 1 : 0
})
const callWith = (name: string, over: boolean): WorldCall => ({
  id: "call-1",
  peer: name,
  state: over ? ended : connected,
  events: over ? [established, closed] : [established]
})
const operation: WorldOperation = { atMs: 0, who: "ann", what: "calls", must: true, outcome: "done", why: "" }
const text: LinkEntry = { atMs: 0, from: "ann", to: "bob", text: "{}", refused: false, arrivals: [] }

const atWork = { namesCalls: true, isGone: false, misfits: [] } as const

/** A world in which nothing is wrong. */
const healthy = (over: boolean): World => ({
  nowMs: 1_000,
  ends: [
    { ...atWork, name: "ann", user: "ann", calls: [callWith("bob", over)], mock: { peers: [peer(1, over)], errors: [] } },
    { ...atWork, name: "bob", user: "bob", calls: [callWith("ann", over)], mock: { peers: [peer(2, over)], errors: [] } }
  ],
  texts: [text],
  operations: [operation],
  rejections: [],
  expects: "connected",
  overMs: over ? 900 : undefined,
  sleeping: 0
})

/** Another device of bob's, where the call has ended. */
const tablet = (reason: string): WorldEnd => ({
  ...atWork,
  name: "bob tablet",
  user: "bob",
  calls: [{ ...callWith("ann", true), state: { _tag: "Ended", by: "remote", reason } }],
  mock: { peers: [], errors: [] }
})

type Change = (world: World) => World
/** With a device more. */
const withEnd = (end: WorldEnd): Change => (world) => ({ ...world, ends: [...world.ends, end] })
const endWith = (change: (end: WorldEnd) => Partial<WorldEnd>): Change => (world) => ({
  ...world,
  ends: world.ends.map((end, i) => (i === 1 ? { ...end, ...change(end) } : end))
})
const callsWith = (change: (call: WorldCall) => Partial<WorldCall>) => endWith(({ calls }) => ({ calls: calls.map((call) => ({ ...call, ...change(call) })) }))
const peersWith = (change: (peer: WorldPeer) => Partial<WorldPeer>) =>
  endWith(({ mock }) => ({ mock: { ...mock, peers: mock.peers.map((one) => ({ ...one, ...change(one) })) } }))
const operations = (change: Partial<WorldOperation>): Change => (world) => ({ ...world, operations: [operation, { ...operation, ...change }] })

/** What breaks each invariant, and part of what is said of it. */
const plants: { readonly [name: string]: ReadonlyArray<readonly [Change, RegExp]> } = {
  "closed once": [[peersWith(() => ({ timesClosed: 2 })), /bob was closed 2 times/]],
  "closed for good": [[peersWith(() => ({ operations: ["createOffer", "close", "stats"] })), /stats after close at bob/]],
  "a browser takes it": [[endWith(({ mock }) => ({ mock: { ...mock, errors: [new MockError("InvalidStateError", "planted")] } })), /InvalidStateError: planted/]],
  "each event once": [
    [callsWith(() => ({ events: [established, established] })), /2 times/],
    [callsWith(() => ({ events: [established, closed, established] })), /times|after ConnectionClosed/],
    [callsWith(() => ({ events: [closed, closed] })), /ConnectionClosed after ConnectionClosed/]
  ],
  "one call": [
    [callsWith(() => ({ events: [isConnected, isConnected] })), /2 times that the call is connected/],
    [callsWith(() => ({ events: [playing("one"), playing("two")] })), /hears microphone twice/],
    [callsWith(() => ({ events: [playing("two", "one")] })), /replaces one, which does not play/],
    [callsWith(() => ({ events: [playing("one"), playing("two", "one"), { _tag: "RemoteTrackEnded", track: track("one") }] })), /end of one, which/]
  ],
  bounded: [[(world) => ({ ...world, texts: Array.from({ length: 500 }, () => text) }), /500 texts for 1 call/]],
  "nothing unhandled": [[(world) => ({ ...world, rejections: [new Error("planted")] }), /planted/]],
  "no operation dies": [[operations({ outcome: "died", why: "planted" }), /calls of ann died of planted/]],
  "no user is refused": [[operations({ outcome: "refused", why: "planted" }), /planted/]],
  "every operation settles": [[operations({ outcome: "pending" }), /does not settle/]],
  "nobody waits": [[callsWith(() => ({ state: { _tag: "Ending", by: "local", reason: "normal" } })), /bob is still Ending/]],
  "same calls": [
    [callsWith(() => ({ state: ended })), /bob is connected in \[\]/],
    [callsWith(() => ({ id: "call-2" })), /call-1.*call-2/],
    [withEnd({ ...tablet("normal"), calls: [callWith("ann", false)] }), /bob is connected in \[call-1, call-1\]/],
    [(world) => endWith(({ calls }) => ({ namesCalls: false, calls: [...calls, ...calls] }))(world), /ann is connected in \[1\], bob is connected in \[2\]/]
  ],
  "as expected": [
    [callsWith(() => ({ state: ended })), /bob is connected in 0 calls.*Ended/],
    [endWith(({ calls }) => ({ calls: [...calls, ...calls] })), /2 calls/],
    [(world) => ({ ...world, expects: "ended" }), /ann is connected in 1 calls/],
    [(world) => ({ ...endWith(() => ({ calls: [] }))(healthy(true)), expects: "ended", texts: world.texts }), /bob.*none/]
  ],
  "answered elsewhere": [
    [withEnd(tablet("normal")), /a call of bob tablet is Ended \(remote: normal\)/],
    [withEnd({ ...tablet("normal"), calls: [{ ...callWith("ann", false), state: { _tag: "Ending", by: "local", reason: "normal" } }] }), /a call of bob tablet is Ending/]
  ],
  "every candidate arrives": [
    [peersWith(() => ({ candidatesAdded: [] })), /lacks 2 candidates of ann/],
    [peersWith(({ candidatesFound }) => ({ candidatesFound: [...candidatesFound, { candidate: `candidate:9 1 udp 1 192.0.2.1 5000 typ host ufrag ${mockUfrag(2)}` }] })), /lacks 1 candidates of bob/]
  ],
  "the crate reads it": [[endWith(() => ({ namesCalls: false, misfits: ["an empty candidate"] })), /bob was sent an empty candidate/]],
  "media flows": [
    [callsWith(() => ({ state: { ...connected, media: { _tag: "Interrupted", timer: 1 } } as CallState })), /Interrupted at bob/],
    // The state of a call that can negotiate again has this field, and perhaps more in it.
    [callsWith(() => ({ state: { ...connected, negotiation: { _tag: "Applying" } } as unknown as CallState })), /still negotiates: Applying/],
    [endWith(({ mock }) => ({ mock: { ...mock, peers: [...mock.peers, ...mock.peers] } })), /2 open connections for 1 connected/],
    [peersWith(() => ({ signalingState: "have-local-offer" })), /have-local-offer/]
  ],
  "same descriptions": [[peersWith(() => ({ localDescription: offer })), /0 connections have the descriptions/]],
  "what both want": [
    [peersWith(() => ({ intent: { ...intent, hold: true } })), /does not know what its user wants/],
    [(world) => {
      const held = { ...intent, hold: true }
      const holds = callsWith(({ state }) => ({ state: { ...state, call: { ...("call" in state ? state.call : {}), intent: held } } as CallState }))
      return peersWith(() => ({ intent: held }))(holds(world))
    }, /microphone is sendrecv at ann, and should be inactive/]
  ],
  "every call ends": [
    [callsWith(() => ({ state: connected })), /bob is still Connected/],
    [callsWith(() => ({ events: [established] })), /closed 0 times|0 times/]
  ],
  "closed exactly once": [[peersWith(() => ({ timesClosed: 0 })), /bob was closed 0 times/]],
  silence: [[(world) => ({ ...world, texts: [{ ...text, atMs: 900 + 120_001, text: "late" }] }), /120001 ms after the last call: late/]],
  "nothing left running": [[(world) => ({ ...world, sleeping: 2 }), /2 fibers/]]
}

describe.each([
  ["always", alwaysInvariants, false],
  ["at rest", restInvariants, false],
  ["when all is over", overInvariants, true]
] as const)("what must hold %s", (_, invariants, over) => {
  it("holds in a healthy world", () => {
    for (const { check, name } of invariants) expect([name, check(healthy(over))]).toEqual([name, undefined])
  })
  it.each(invariants.map((invariant) => [invariant.name, invariant] as const))("can fail: %s", (name, { check, says }) => {
    expect(says).toMatch(/^[A-Z0-9].*\.$/)
    expect(plants[name]).toBeDefined()
    for (const [plant, found] of plants[name] ?? []) expect(check(plant(healthy(over)))).toMatch(found)
  })
})

it("a peer that names no calls is held to what it can know", () => {
  const world = healthy(false)
  const nameless = endWith(({ calls, mock }) => ({
    namesCalls: false,
    calls: calls.map((call) => ({ ...call, id: "another" })),
    mock: { ...mock, errors: [new MockError("OperationError", "planted")] }
  }))(world)
  expect([...alwaysInvariants, ...restInvariants].flatMap(({ check }) => check(nameless) ?? [])).toEqual([])
})

it("a call is answered on one device, and a device that was killed does not count", () => {
  const wrong = (end: WorldEnd) => restInvariants.flatMap(({ check }) => check(withEnd(end)(healthy(false))) ?? [])
  expect(wrong(tablet("answered_elsewhere"))).toEqual([])
  expect(wrong({ ...tablet("normal"), isGone: true })).toEqual([])
  expect(wrong(tablet("normal"))).toHaveLength(1)
})

it("a call may end for users who act at random, as long as both ends agree", () => {
  const all = (world: World) => restInvariants.flatMap(({ check }) => check(world) ?? [])
  const over = healthy(true)
  expect(all({ ...over, expects: "agreement" })).toEqual([])
  expect(all(over)).toHaveLength(1)
})
