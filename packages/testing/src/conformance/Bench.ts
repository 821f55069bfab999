/** What a clause works with: the engine's two ends and all that its author gave, for engines as able as this one. */
import { type Capabilities, changeIntent, initialIntent, makeConfig, type MediaChange, type MediaIntent, type RtcConfig, type RtcConfigInput, RtcEngine } from "@enigma-rtc/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { SetUpFault } from "./Clause.ts"
import type { BreakablePath, EngineUnderTest, MediaUnderTest } from "./EngineUnderTest.ts"

/** One of the two ends of an engine under test. */
export type Side = "left" | "right"

/** What a clause's check works with. */
export interface Bench {
  readonly engines: { readonly [S in Side]: RtcEngine["Service"] }
  readonly capabilities: Capabilities
  readonly media: Effect.Effect<MediaUnderTest, SetUpFault>
  /** An engine whose microphone ends by itself. */
  readonly ending: Effect.Effect<RtcEngine["Service"], SetUpFault, Scope.Scope>
  readonly path: Effect.Effect<BreakablePath, SetUpFault, Scope.Scope>
  readonly resources: Effect.Effect<number, SetUpFault>
  /** A configuration for all that the engine can do. */
  readonly config: (input?: RtcConfigInput) => RtcConfig
  /** Microphone and camera both ways and a section for data, as far as the engine can, with this change. */
  readonly intent: (change?: MediaChange) => MediaIntent
}

const missing = (field: string, because: string) =>
  new SetUpFault({ expected: `\`${field}\`, since ${because}`, found: "none" })
const given = <A>(value: A | undefined, field: string, because: string): Effect.Effect<A, SetUpFault> =>
  value === undefined ? Effect.fail(missing(field, because)) : Effect.succeed(value)

const buildEngine = (layer: Layer.Layer<RtcEngine, unknown>, name: string) =>
  Effect.mapBoth(Layer.build(layer), {
    onFailure: (error) => new SetUpFault({ expected: `the layer \`${name}\``, found: `its failure: ${String(error)}` }),
    onSuccess: Context.get(RtcEngine)
  })

/** Opens both engines in the scope. */
export const makeBench = (engine: EngineUnderTest): Effect.Effect<Bench, SetUpFault, Scope.Scope> =>
  Effect.gen(function*() {
    const { capabilities, media, path, resources } = engine
    const left = yield* buildEngine(engine.left, "left")
    const right = yield* buildEngine(engine.right, "right")
    const config = (input: RtcConfigInput = {}) =>
      Result.getOrThrow(
        makeConfig({ enableAudio: capabilities.media, enableVideo: capabilities.media, enableData: capabilities.data, ...input })
      )
    const theMedia = given(media, "media", "`capabilities.media` is true")
    return {
      engines: { left, right },
      capabilities,
      media: theMedia,
      ending: Effect.flatMap(theMedia, ({ ending }) => buildEngine(ending, "media.ending")),
      path: Effect.flatMap(given(path, "path", "an engine must tell of a broken path"), (make) =>
        Effect.mapError(make(left, right), (error) => new SetUpFault({ expected: "`path`", found: `its failure: ${String(error)}` }))),
      resources: Effect.flatten(given(resources, "resources", "what is left open must be counted")),
      config,
      intent: (change) => changeIntent(initialIntent(config()), change ?? {})
    }
  })
