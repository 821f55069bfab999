/** What an app that installed the packages does: one call between two werift peers. Run by `packTest.ts`, outside of here. */
import { CallLine, RtcEngine } from "@enigma-rtc/core"
import { WeriftEngine } from "@enigma-rtc/engine-werift"
import { memoryRelay } from "@enigma-rtc/testing"
import { Effect, Option, Stream } from "effect"

const relay = memoryRelay()
const open = (device) =>
  Effect.gen(function*() {
    const engine = yield* WeriftEngine.make({ localAddresses: { udp4: "127.0.0.1" } })
    const line = CallLine.make({ device, channel: yield* relay.join(device) })
    return yield* Effect.provideService(line, RtcEngine, engine)
  })
const untilUp = ({ changes }) =>
  Stream.runHead(Stream.filter(changes, ({ _tag, media }) => _tag === "Connected" && media._tag === "Up"))

const call = Effect.gen(function*() {
  const alice = yield* open("alice")
  const bob = yield* open("bob")
  const calling = yield* alice.call("bob")
  const ringing = Option.getOrThrow(yield* Stream.runHead(bob.incoming))
  yield* ringing.accept()
  yield* Effect.all([untilUp(calling), untilUp(ringing)], { concurrency: 2 })
  yield* calling.hangup()
  yield* Effect.all([Stream.runDrain(calling.events), Stream.runDrain(ringing.events)], { concurrency: 2 })
  return [yield* calling.state, yield* ringing.state]
})

const ends = await Effect.runPromise(call.pipe(Effect.scoped, Effect.timeout(20_000)))
if (!ends.every(({ _tag, reason }) => _tag === "Ended" && reason === "normal")) throw new Error(JSON.stringify(ends))
