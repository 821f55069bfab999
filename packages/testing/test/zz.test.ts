import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { lastRang, openEnd } from "./line.ts"
import { settle } from "./settle.ts"
import { makeWire, pass } from "./wire.ts"
it.effect("dbg", () => Effect.gen(function*() {
    const wire = makeWire()
    const ann = yield* openEnd(wire.join("ann"), "phone")
    const bob = yield* openEnd(wire.join("bob"), "desk")
    const calling = yield* ann.line.call("bob")
    yield* pass(250)
    const called = lastRang(bob)
    yield* Effect.forkScoped(called.accept())
    yield* pass(250, 10)
    wire.pass = () => "hold"
    yield* calling.hold
    yield* called.hold
    yield* settle
    wire.pass = () => true
    wire.release()
    yield* pass(2_000)
    for (const s of wire.log) console.log(s.atMs, s.device, s.message.type, s.message.seq, s.message.negotiation, s.message.ack, s.message.to)
}))
