/** The conformance suite, in the browser that runs this file, from one connection of the page to another. */
import { BrowserEngine } from "../src/index.ts"
import type { IceCandidate } from "@enigma-rtc/core"
import { describeEngine } from "@enigma-rtc/testing/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { commands, server } from "vitest/browser"
import { openMortal, openTracks } from "./madeUpMedia.ts"
import { countConnections, isBeingSent, openInPage } from "./openConnections.ts"
import { arrived } from "./arrived.ts"

countConnections()

const layer = Layer.unwrap(Effect.map(openTracks, (media) => BrowserEngine.layer({ media })))

/** An engine whose microphone ends half a second after a connection has begun to send it. */
const ending = Layer.unwrap(Effect.gen(function*() {
  const { camera, microphone: tone, screen } = yield* openTracks
  const { end, track: microphone } = yield* openMortal(tone)
  const clock = setInterval(() => {
    if (!isBeingSent(microphone)) return
    clearInterval(clock)
    setTimeout(end, 500)
  }, 50)
  yield* Effect.addFinalizer(() => Effect.sync(() => clearInterval(clock)))
  return BrowserEngine.layer({ media: { microphone, camera, screen } })
}))

const path = () =>
  Effect.gen(function*() {
    const id = yield* Effect.acquireRelease(
      Effect.promise(() => commands.openPath()),
      (id) => Effect.promise(() => commands.closePath(id))
    )
    return {
      carry: (candidate: IceCandidate) =>
        Effect.map(Effect.promise(() => commands.carryOverPath(id, candidate.candidate)), (carried) => ({ ...candidate, candidate: carried })),
      cut: Effect.promise(() => commands.setPathOpen(id, false)),
      mend: Effect.promise(() => commands.setPathOpen(id, true))
    }
  })

describeEngine(server.browser, {
  left: layer,
  right: layer,
  capabilities: {
    media: true, data: true, codecPreference: true, rollback: true, renegotiation: true, iceRestart: true, remoteCandidates: true
  },
  media: { arrived, ending },
  path,
  resources: Effect.sync(openInPage)
})
