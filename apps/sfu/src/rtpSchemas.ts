/**
 * What mediasoup is shown of a client's parameters: bounded, of the right types, and without fields that it does not know.
 * mediasoup builds its messages to a worker in one buffer, which an exception in the midst would spoil for everybody: all
 * that it could throw at while it builds is refused here.
 */
import { getSupportedRtpCapabilities } from "mediasoup"
import * as Schema from "effect/Schema"

const text = (length: number) => Schema.String.check(Schema.isMaxLength(length))
const whole = (maximum: number) => Schema.Number.check(Schema.isInt(), Schema.isBetween({ minimum: 0, maximum }))
const list = <S extends Schema.Top>(item: S, length: number) => Schema.Array(item).check(Schema.isMaxLength(length))
const optional = Schema.optionalKey

const Ssrc = whole(0xffff_ffff)
const Kind = Schema.Literals(["audio", "video"])
const MimeType = Schema.String.check(Schema.isPattern(/^(audio|video)\/[A-Za-z0-9.+-]{1,32}$/))
const PayloadType = whole(127)
const ClockRate = whole(1_000_000)
const Channels = whole(8)
const Parameter = Schema.Union([
  text(256),
  Schema.Finite.check(Schema.isBetween({ minimum: -0x8000_0000, maximum: 0x7fff_ffff }))
])
const Parameters = Schema.Record(Schema.String, Parameter).check(
  Schema.isPropertyNames(Schema.String.check(Schema.isPattern(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/))),
  Schema.isMaxProperties(32)
)
const Feedback = list(Schema.Struct({ type: Schema.String.check(Schema.isBetweenLength(1, 64)), parameter: optional(text(64)) }), 16)
const Uri = Schema.String.check(Schema.isBetweenLength(1, 256))
const knownUris = [...new Set((getSupportedRtpCapabilities().headerExtensions ?? []).map(({ uri }) => uri))]

/** `RtpParameters` of a producer. */
export const RtpParameters = Schema.Struct({
  mid: optional(text(8)),
  msid: optional(text(256)),
  codecs: list(
    Schema.Struct({
      mimeType: MimeType,
      payloadType: PayloadType,
      clockRate: ClockRate,
      channels: optional(Channels),
      parameters: optional(Parameters),
      rtcpFeedback: optional(Feedback)
    }),
    16
  ),
  headerExtensions: optional(
    list(
      Schema.Struct({
        uri: Schema.Literals(knownUris),
        id: Schema.Number.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: 255 })),
        encrypt: optional(Schema.Boolean),
        parameters: optional(Parameters)
      }),
      32
    )
  ),
  encodings: optional(
    list(
      Schema.Struct({
        ssrc: optional(Ssrc),
        rid: optional(Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,16}$/))),
        codecPayloadType: optional(PayloadType),
        rtx: optional(Schema.Struct({ ssrc: Ssrc })),
        dtx: optional(Schema.Boolean),
        scalabilityMode: optional(Schema.String.check(Schema.isPattern(/^[LS][1-8]T[1-8](h|_KEY|_KEY_SHIFT)?$/))),
        maxBitrate: optional(whole(0xffff_ffff))
      }),
      8
    )
  ),
  rtcp: optional(Schema.Struct({ cname: optional(text(255)), reducedSize: optional(Schema.Boolean) }))
})

/** `RtpCapabilities` of who wants to consume. */
export const RtpCapabilities = Schema.Struct({
  codecs: optional(
    list(
      Schema.Struct({
        kind: Kind,
        mimeType: MimeType,
        preferredPayloadType: optional(PayloadType),
        clockRate: ClockRate,
        channels: optional(Channels),
        parameters: optional(Parameters),
        rtcpFeedback: optional(Feedback)
      }),
      64
    )
  ),
  headerExtensions: optional(
    list(
      Schema.Struct({
        kind: Kind,
        uri: Uri,
        preferredId: whole(255),
        preferredEncrypt: optional(Schema.Boolean),
        direction: optional(Schema.Literals(["sendrecv", "sendonly", "recvonly", "inactive"]))
      }),
      64
    )
  )
})

const digests = { "sha-1": 20, "sha-224": 28, "sha-256": 32, "sha-384": 48, "sha-512": 64 } as const
const Fingerprint = Schema.Union(
  Object.entries(digests).map(([algorithm, bytes]) =>
    Schema.Struct({
      algorithm: Schema.Literal(algorithm),
      value: Schema.String.check(Schema.isPattern(new RegExp(`^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){${bytes - 1}}$`)))
    })
  )
)

/** `DtlsParameters` of a client's end of a transport. */
export const DtlsParameters = Schema.Struct({
  role: optional(Schema.Literals(["auto", "client", "server"])),
  fingerprints: list(Fingerprint, 8).check(Schema.isNonEmpty())
})

/** `SctpStreamParameters` of a data producer (RFC 8832: what DCEP would say). */
export const SctpStreamParameters = Schema.Struct({
  streamId: whole(65_534),
  ordered: optional(Schema.Boolean),
  maxPacketLifeTime: optional(whole(65_535)),
  maxRetransmits: optional(whole(65_535))
})
