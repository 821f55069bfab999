/** Devices that a test makes up behind navigator.mediaDevices, which it has back afterwards. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** What was asked for, and the tracks that were given and are not stopped. */
export interface FakeDevices {
  readonly asked: Array<MediaStreamConstraints | DisplayMediaStreamOptions | undefined>
  readonly given: ReadonlyArray<MediaStreamTrack>
  readonly open: () => ReadonlyArray<MediaStreamTrack>
}

/** `time` counts from 1. */
type Give = (constraints: MediaStreamConstraints, time: number) => ReadonlyArray<MediaStreamTrack> | Promise<ReadonlyArray<MediaStreamTrack>>

/** `give` stands for getUserMedia, and for getDisplayMedia; it throws what a browser would reject with. */
export const withDevices = (give: Give): Effect.Effect<FakeDevices, never, Scope.Scope> =>
  Effect.gen(function*() {
    const asked: FakeDevices["asked"] = []
    const given: Array<MediaStreamTrack> = []
    const ask = async (constraints?: MediaStreamConstraints) => {
      asked.push(constraints)
      const tracks = await give(constraints ?? {}, asked.length)
      given.push(...tracks)
      return new MediaStream([...tracks])
    }
    const names = ["getUserMedia", "getDisplayMedia"] as const
    for (const name of names) Object.defineProperty(navigator.mediaDevices, name, { configurable: true, value: ask })
    // What is beneath an own property is the browser's.
    yield* Effect.addFinalizer(() => Effect.sync(() => names.forEach((name) => Reflect.deleteProperty(navigator.mediaDevices, name))))
    return { asked, given, open: () => given.filter(({ readyState }) => readyState === "live") }
  })
