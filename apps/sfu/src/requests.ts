/** From text to a request that a handler may look at, or the refusal that says what is wrong with it. */
import type { SfuMethod, SfuRefusal, SfuRequests } from "@enigma-rtc/engine-sfu"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { DtlsParameters, RtpCapabilities, RtpParameters, SctpStreamParameters } from "./rtpSchemas.ts"

/** A name of a room or a peer. */
export const Name = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._~-]{1,64}$/))
const Id = Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,64}$/))
const Audience = Schema.Array(Name)
const Layer = Schema.Number.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum: 7 }))
const label = Schema.String.check(Schema.isMaxLength(256))
const optional = Schema.optionalKey

const schemas = {
  join: Schema.Struct({
    room: Name,
    token: optional(Schema.String.check(Schema.isMaxLength(16_384))),
    resume: optional(Schema.String.check(Schema.isMaxLength(128)))
  }),
  sync: Schema.Struct({}),
  leave: Schema.Struct({}),
  createTransport: Schema.Struct({ direction: Schema.Literals(["send", "receive"]) }),
  connectTransport: Schema.Struct({ transport: Id, dtlsParameters: DtlsParameters }),
  restartIce: Schema.Struct({ transport: Id }),
  closeTransport: Schema.Struct({ transport: Id }),
  produce: Schema.Struct({
    transport: Id,
    slot: Schema.Literals(["microphone", "camera", "screen"]),
    kind: Schema.Literals(["audio", "video"]),
    rtpParameters: RtpParameters,
    audience: Audience
  }),
  produceData: Schema.Struct({
    transport: Id,
    sctpStreamParameters: SctpStreamParameters,
    label,
    protocol: label,
    audience: Audience
  }),
  setAudience: Schema.Struct({ producer: Id, audience: Audience }),
  closeProducer: Schema.Struct({ producer: Id }),
  consume: Schema.Struct({ transport: Id, producer: Id, rtpCapabilities: RtpCapabilities }),
  consumeData: Schema.Struct({ transport: Id, producer: Id }),
  setConsumer: Schema.Struct({
    consumer: Id,
    paused: optional(Schema.Boolean),
    layers: optional(Schema.Struct({ spatial: Layer, temporal: optional(Layer) }))
  }),
  closeConsumer: Schema.Struct({ consumer: Id })
} satisfies Record<SfuMethod, Schema.Top>

/** A request, with the number that its reply will carry. */
export type Incoming = {
  readonly [M in SfuMethod]: { readonly id: number; readonly method: M; readonly request: SfuRequests[M]["request"] }
}[SfuMethod]

/** What is no request; `id` is `null` when it could not be read. */
export interface Unreadable {
  readonly id: number | null
  readonly refusal: SfuRefusal
}

const decoders = Object.fromEntries(
  Object.entries(schemas).map(([method, schema]) => [method, Schema.decodeUnknownResult(schema as Schema.Codec<unknown>)])
)
const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/** An `invalid` refusal. */
export const invalid = (at: string, expected: string): SfuRefusal => ({
  code: "invalid",
  at: at.slice(0, 128),
  expected: expected.slice(0, 256)
})

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a request of at most `length` UTF-16 code units. Never throws. */
export const readRequest = (text: string, length: number): Result.Result<Incoming, Unreadable> => {
  const unreadable = (id: number | null, at: string, expected: string) => Result.fail({ id, refusal: invalid(at, expected) })
  if (text.length > length) {
    return unreadable(null, "", `at most ${length} characters`)
  }
  const frame = parse(text)
  if (typeof frame !== "object" || frame === null || Array.isArray(frame)) {
    return unreadable(null, "", "a JSON object")
  }
  const { id, method } = frame as { readonly id?: unknown; readonly method?: unknown }
  if (typeof id !== "number" || !Number.isSafeInteger(id)) {
    return unreadable(null, "id", "a whole number")
  }
  const decode = typeof method === "string" && Object.hasOwn(decoders, method) ? decoders[method] : undefined
  if (decode === undefined) {
    return unreadable(id, "method", `one of ${Object.keys(schemas).join(", ")}`)
  }
  const decoded = decode(frame)
  if (Result.isFailure(decoded)) {
    const [issue] = issuesOf(decoded.failure.issue).issues
    return unreadable(id, (issue?.path ?? []).map(String).join("."), issue?.message ?? "another value")
  }
  // The schema of this method is what decoded it.
  return Result.succeed({ id, method, request: decoded.success } as Incoming)
}
