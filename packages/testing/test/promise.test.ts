import type { Incoming } from "@enigma-rtc/core"
import { openLine, openSession, type PromiseCall, type PromiseChannel } from "@enigma-rtc/core/promise"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it } from "vitest"
import { MockEngine, type MockOptions } from "../src/index.ts"
import { theirAnswer, theirDataAnswer, theirOffer, unmarked } from "./session.ts"

const open: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** Two channels that are tied together, without Effect. */
const channels = () => {
  const receivers = new Map<string, (incoming: Incoming) => void>()
  const join = (own: string, far: string) => {
    const hand: (incoming: Incoming) => void = () => {}
    const state = { subscribed: 0, unsubscribed: 0, closed: () => {}, receive: hand }
    const channel: PromiseChannel = {
      send: (text) => {
        queueMicrotask(() => receivers.get(far)?.({ peer: own, text }))
      },
      subscribe: (receive, closed) => {
        state.subscribed++
        state.closed = closed
        state.receive = receive
        receivers.set(own, receive)
        return () => {
          state.unsubscribed++
          receivers.delete(own)
        }
      }
    }
    return { channel, state }
  }
  return { ann: join("ann", "bob"), bob: join("bob", "ann") }
}
interface EndOptions extends MockOptions {
  readonly follows?: () => boolean
}
const openEnd = async (channel: PromiseChannel, device: string, { follows = () => true, ...options }: EndOptions = {}) => {
  const mock = MockEngine.make({ candidates: 1, ...options })
  const relay = MockEngine.make({ candidates: 1, name: "relay", kind: "relay" })
  const engines = [Effect.succeed(relay.engine)]
  const line = await openLine({ device, channel, engine: Effect.succeed(mock.engine), engines, follows, config: { enableData: true } })
  open.push(line.close)
  return { line, mock }
}
const first = async <A>(all: AsyncIterable<A>): Promise<A> => {
  for await (const one of all) return one
  throw new Error("there is none")
}
const until = async (call: PromiseCall, media: string) => {
  for await (const state of call.changes) if (state._tag === "Connected" && state.media._tag === media) return
  throw new Error(`it never was ${media}`)
}

describe("without Effect, two lines", () => {
  it("stay where a call is when the other's app does not follow", async () => {
    const { ann, bob } = channels()
    const [a, b] = [await openEnd(ann.channel, "phone"), await openEnd(bob.channel, "desk", { follows: () => false })]
    const calling = await a.line.call("bob")
    const called = await first(b.line.incoming)
    await called.accept()
    await until(calling, "Up")
    await expect(calling.switchEngine("relay")).rejects.toMatchObject({ _tag: "InvalidState", why: expect.stringContaining("declined") })
    expect([calling.engine(), called.engine()]).toEqual(["mock", "mock"])
  })
  it("move a call to another engine", async () => {
    const { ann, bob } = channels()
    const [a, b] = [await openEnd(ann.channel, "phone"), await openEnd(bob.channel, "desk")]
    const calling = await a.line.call("bob", { engine: "mock" })
    const called = await first(b.line.incoming)
    await called.accept()
    await Promise.all([until(calling, "Up"), until(called, "Up")])
    await calling.switchEngine("relay")
    expect([calling.engine(), calling.state._tag]).toEqual(["relay", "Connected"])
    await expect(calling.switchEngine("none")).rejects.toMatchObject({ _tag: "WebRtcError", reason: { _tag: "InvalidConfig" } })
    for await (const event of called.events) if (event._tag === "EngineSwitched") break
    expect([called.engine(), called.id]).toEqual(["relay", calling.id])
    await called.hangup()
    await expect(calling.switchEngine("mock")).rejects.toMatchObject({ _tag: "InvalidState" })
  })
  it("call, ring, accept, talk and hang up", async () => {
    const { ann, bob } = channels()
    const [a, b] = [await openEnd(ann.channel, "phone"), await openEnd(bob.channel, "desk")]
    const calling = await a.line.call("bob", { media: { send: { microphone: "muted" } } })
    expect([calling.peer, calling.state._tag]).toEqual(["bob", "CreatingOffer"])
    const events = (async () => {
      const tags: Array<string> = []
      for await (const event of calling.events) tags.push(event._tag)
      return tags
    })()
    const called = await first(b.line.incoming)
    expect([called.peer, called.id, called.state._tag]).toEqual(["ann", calling.id, "IncomingOffer"])
    expect((await called.accept()).type).toBe("answer")
    await Promise.all([until(calling, "Up"), until(called, "Up")])
    await called.setMicrophoneEnabled(false)
    await called.setCameraEnabled(false)
    expect(b.mock.peer.intent.send).toEqual({ microphone: "muted", camera: "muted", screen: "off" })
    expect(await called.stats()).toEqual({ sent: [], received: [] })
    const channel = await called.openDataChannel("chat")
    await channel.send("hello")
    expect(b.mock.peer.messagesSent).toEqual([{ label: "chat", data: "hello" }])
    expect(await calling.hangup()).toEqual({ type: "hangup", reason: "normal", call_id: called.id })
    // Every iterable ends with its call.
    expect((await events).at(-1)).toBe("ConnectionClosed")
    for await (const state of called.changes) if (state._tag === "Ended") expect(state.by).toBe("remote")
    for await (const message of channel.messages) throw new Error(`${typeof message} was sent`)
    expect(called.state).toEqual({ _tag: "Ended", by: "remote", reason: "normal" })
    expect([a.mock.peer.timesClosed, b.mock.peer.timesClosed]).toEqual([1, 1])
  })
  it("lose no call to a reader that breaks", async () => {
    const { ann, bob } = channels()
    const [a, b] = [await openEnd(ann.channel, "phone"), await openEnd(bob.channel, "desk")]
    const calling = [await a.line.call("bob"), await a.line.call("bob"), await a.line.call("bob")]
    const called = [await first(b.line.incoming), await first(b.line.incoming), await first(b.line.incoming)]
    expect(called.map(({ id }) => id)).toEqual(calling.map(({ id }) => id))
  })
  it("reject a call over a channel that is closed", async () => {
    const { ann } = channels()
    const a = await openEnd(ann.channel, "phone")
    ann.state.closed()
    await a.line.closed()
    await expect(a.line.call("bob")).rejects.toMatchObject({ _tag: "ChannelClosed", operation: "call" })
    expect(a.mock.peers).toEqual([])
  })
  it("take anything that a channel hands over", async () => {
    const { bob } = channels()
    const b = await openEnd(bob.channel, "desk")
    const things: ReadonlyArray<unknown> = [undefined, {}, { peer: "ann", text: 5 }]
    for (const thing of things) bob.state.receive(thing as Incoming)
    bob.state.receive({ peer: "ann", text: JSON.stringify({ type: "offer", sdp: theirOffer }) })
    const tags: Array<string> = []
    for await (const { receipt } of b.line.receipts) if (tags.push(receipt._tag) === 4) break
    expect(tags).toEqual(["Refused", "Refused", "Refused", "Delivered"])
  })
  it("tell what became of each text", async () => {
    const { ann, bob } = channels()
    const b = await openEnd(bob.channel, "desk")
    await ann.channel.send("nonsense", "bob")
    expect(await first(b.line.receipts)).toMatchObject({ peer: "ann", receipt: { _tag: "Refused" } })
  })
})

describe("without Effect, close", () => {
  it("hangs up, stops listening once, ends every iterable, and may be called twice", async () => {
    const { ann, bob } = channels()
    const [a, b] = [await openEnd(ann.channel, "phone"), await openEnd(bob.channel, "desk")]
    const calling = await a.line.call("bob")
    const called = await first(b.line.incoming)
    await a.line.close()
    await a.line.close()
    expect(calling.state).toMatchObject({ _tag: "Ended", by: "local" })
    expect(ann.state).toMatchObject({ subscribed: 1, unsubscribed: 1 })
    for await (const state of called.changes) if (state._tag === "Ended") expect(state.by).toBe("remote")
    for await (const { peer } of a.line.incoming) throw new Error(`${peer} called`)
    for await (const { receipt } of a.line.receipts) expect(receipt._tag).toBe("Delivered")
    expect(a.mock.peers.every(({ timesClosed }) => timesClosed === 1)).toBe(true)
  })
  it("of the transport ends `incoming`", async () => {
    const { ann } = channels()
    const a = await openEnd(ann.channel, "phone")
    const calls = (async () => {
      for await (const { peer } of a.line.incoming) throw new Error(`${peer} called`)
    })()
    ann.state.closed()
    await calls
  })
  it("of the line, or of the transport, resolves `closed`", async () => {
    const { ann, bob } = channels()
    const [a, b] = [await openEnd(ann.channel, "phone"), await openEnd(bob.channel, "desk")]
    const closed = [a.line.closed(), b.line.closed()]
    expect(await Promise.race([...closed, new Promise((done) => setTimeout(done, 20, "open"))])).toBe("open")
    await a.line.close()
    bob.state.closed()
    expect(await Promise.all(closed)).toEqual([undefined, undefined])
    await a.line.closed()
  })
  it("of a transport that cannot be listened to rejects `closed`", async () => {
    const cause = new Error("no socket")
    const { line } = await openEnd({ send: () => {}, subscribe: () => { throw cause } }, "phone")
    await expect(line.closed()).rejects.toMatchObject({ _tag: "ChannelClosed", operation: "receive", cause })
    await expect(line.call("bob")).rejects.toMatchObject({ _tag: "ChannelClosed" })
    for await (const { peer } of line.incoming) throw new Error(`${peer} called`)
  })
  it("of a session that stands alone hangs it up, and fails whoever waits", async () => {
    const mock = MockEngine.make({ faults: { never: ["createOffer"] } })
    const session = await openSession({ engine: Effect.succeed(mock.engine) })
    const offer = session.createOffer().then(() => "made", (error: { readonly _tag: string }) => error._tag)
    const closed = session.close()
    expect(await offer).toBe("InvalidState")
    await closed
    expect(mock.peers.every(({ timesClosed }) => timesClosed === 1)).toBe(true)
    await expect(session.hangup()).rejects.toMatchObject({ _tag: "InvalidState" })
  })
})

describe("without Effect, a session that stands alone", () => {
  const alone = async (options: MockOptions = {}, send?: (message: { readonly type: string }) => void | Promise<void>) => {
    const mock = MockEngine.make(options)
    const session = await openSession({
      engine: Effect.succeed(mock.engine),
      callId: "c1",
      config: { enableData: true },
      ...(send === undefined ? {} : { send })
    })
    open.push(session.close)
    return { mock, session }
  }
  it("goes through a call, operation by operation", async () => {
    const sent: Array<string> = []
    const { mock, session } = await alone({ candidates: 1 }, async ({ type }) => void sent.push(type))
    expect([session.id, session.state._tag]).toEqual(["c1", "Idle"])
    expect(unmarked((await session.createOffer()).sdp)).toBe(mock.peer.localDescription)
    await session.acceptAnswer(theirDataAnswer)
    await session.addIceCandidate({ candidate: "", sdpMid: "0" })
    expect(session.receive({ type: "answer", sdp: theirAnswer })._tag).toBe("Stale")
    expect((await session.nextEvent())._tag).toBe("StateChanged")
    mock.peer.remoteDataChannel("theirs")("hi")
    for await (const event of session.events) {
      if (event._tag !== "DataChannelOpened") continue
      expect(event.channel.label).toBe("theirs")
      for await (const message of event.channel.messages) {
        expect(message).toBe("hi")
        break
      }
      break
    }
    await session.hangup("busy")
    expect(sent).toEqual(["offer", "ice_candidate", "hangup"])
  })
  it("declines", async () => {
    const { session } = await alone()
    expect(session.receive({ type: "offer", sdp: theirOffer })).toEqual({ _tag: "Delivered" })
    expect(await session.decline()).toEqual({ type: "hangup", reason: "declined", call_id: "c1" })
  })
  it("has its own id until an offer names another", async () => {
    const { session } = await alone()
    expect(session.id).toBe("c1")
    session.receive({ type: "offer", sdp: theirOffer, call_id: "theirs" })
    expect(session.id).toBe("theirs")
    expect((await session.accept()).call_id).toBe("theirs")
    expect(await session.hangup()).toEqual({ type: "hangup", reason: "normal", call_id: "theirs" })
  })
  it("rejects with the tagged error that the effect would fail with", async () => {
    const { session } = await alone({ faults: { fail: { createOffer: new Error("no") } } })
    await expect(session.acceptAnswer(theirAnswer)).rejects.toMatchObject({ _tag: "InvalidState", allowed: expect.any(Array) })
    await expect(session.acceptOffer("")).rejects.toMatchObject({ _tag: "InvalidSdp" })
    await expect(session.addIceCandidate("{")).rejects.toMatchObject({ _tag: "JsonError" })
    const error = await session.createOffer().then(() => undefined, (cause: unknown) => cause)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ _tag: "WebRtcError", operation: "createOffer", cause: expect.any(Error) })
    await expect(session.hangup()).rejects.toMatchObject({ _tag: "InvalidState" })
    for (let n = 0; n < 4; n++) await session.nextEvent()
    await expect(session.nextEvent()).rejects.toMatchObject({ _tag: "ChannelClosed" })
  })
  it("tells an offer whose send throws or rejects, and ends", async () => {
    for (const send of [() => { throw new Error("offline") }, () => Promise.reject(new Error("offline"))]) {
      const { session } = await alone({}, send)
      await session.createOffer()
      const failed: Array<object> = []
      for await (const event of session.events) if (event._tag === "SendFailed") failed.push(event)
      expect(failed).toMatchObject(["offer", "hangup"].map((type) => ({ message: { type, call_id: "c1" }, error: { _tag: "ChannelClosed", operation: "send", cause: expect.any(Error) } })))
      expect(session.state).toEqual({ _tag: "Ended", by: "local", reason: "signaling_failed" })
    }
  })
})

it("without Effect, what cannot be opened rejects, and lets the engine go", async () => {
  let released = 0
  const engine = Effect.acquireRelease(Effect.succeed(MockEngine.make().engine), () => Effect.sync(() => released++))
  const { ann } = channels()
  await expect(openLine({ device: "a.b", channel: ann.channel, engine })).rejects.toMatchObject({ _tag: "WebRtcError", reason: { field: "device" } })
  await expect(openSession({ engine, config: { operationTimeoutMs: -1 } })).rejects.toMatchObject({ reason: { _tag: "InvalidConfig" } })
  expect(released).toBe(2)
  const line = await openLine({ device: "a", channel: ann.channel, engine })
  await line.close()
  expect(released).toBe(3)
})
