/** Arbitrary messages, right and almost right, for the properties of the codec. */
import fc from "fast-check"
import { type SignalingMessage, SignalingLimits } from "../../src/signaling/index.ts"
import { chromiumOffer } from "./chromiumOffer.ts"
import { firefoxOffer } from "./firefoxOffer.ts"
import { smallSdp } from "./smallSdp.ts"
import { weriftOffer } from "./weriftOffer.ts"

const samples = [smallSdp, chromiumOffer, firefoxOffer, weriftOffer]
const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
const id = fc.string({ unit: visible, minLength: 1, maxLength: SignalingLimits.id })
const maybe = <A>(name: string, value: fc.Arbitrary<A>) => fc.oneof(fc.constant({}), value.map((given) => ({ [name]: given })))

/** Any text that is short, lone surrogates and control characters included. */
const text = fc.string({ unit: "binary", maxLength: 40 })

const sdp = fc.tuple(fc.constantFrom(...samples), fc.constantFrom("\r\n", "\n"), text.map((x) => x.replaceAll(/(?!\t)\p{Cc}/gu, ""))).map(
  ([sample, ending, odd]) => `${sample.replaceAll("\r\n", ending)}a=x-odd:${odd}${ending}`
)
const integer = (max: number) => fc.integer({ min: 0, max })
const ipv6 = fc.ipV6().filter((address) => !address.includes("%"))
const address = fc.oneof(fc.ipV4(), ipv6, fc.uuid().map((name) => `${name}.local`))
const related = fc.tuple(address, integer(65_535)).map(([raddr, rport]) => ` raddr ${raddr} rport ${rport}`)
const line = fc.tuple(
  integer(2 ** 32 - 1),
  fc.constantFrom("udp", "UDP", "tcp", "TCP"),
  integer(2 ** 32 - 1),
  address,
  integer(65_535),
  fc.constantFrom("host", "srflx", "prflx", "relay"),
  fc.oneof(fc.constant(""), related),
  fc.constantFrom("", " tcptype passive", " generation 0 ufrag aB+/ network-cost 999")
).map(([foundation, protocol, priority, host, port, type, near, more]) =>
  `candidate:${foundation} 1 ${protocol} ${priority} ${host} ${port} typ ${type}${near}${more}`
)
/** A number of a delivery field, its bounds included. */
const count = fc.oneof(integer(SignalingLimits.number), fc.constantFrom(0, 1, SignalingLimits.number))
/** A number of a message: the highest has no next one. */
const seq = fc.oneof(integer(SignalingLimits.number - 1), fc.constantFrom(0, 1, SignalingLimits.number - 1))
/** Some of these fields, each or none. */
const some = (fields: { readonly [name: string]: fc.Arbitrary<string | number> }) =>
  fc.tuple(...Object.entries(fields).map(([name, value]) => maybe(name, value))).map(
    (given): { readonly [name: string]: string | number } => Object.assign({}, ...given)
  )
const delivery = { from: id, to: id, seq, ack: count, base: count, call_id: id }

/** Any message that is right. */
export const messages: fc.Arbitrary<SignalingMessage> = fc.oneof(
  fc.tuple(sdp, some({ ...delivery, negotiation: count, replaces: id })).map(
    ([description, rest]) => ({ type: "offer" as const, sdp: description, ...rest })
  ),
  fc.tuple(sdp, some({ ...delivery, negotiation: count })).map(
    ([description, rest]) => ({ type: "answer" as const, sdp: description, ...rest })
  ),
  fc.tuple(fc.oneof(line, fc.constant("")), some({ sdp_mid: id, sdp_mline_index: integer(65_535), ...delivery, negotiation: count })).map(
    ([candidate, rest]) => ({ type: "ice_candidate" as const, candidate, ...rest })
  ),
  some({ reason: text, ...delivery, answered_by: id, replaced_by: id }).map((rest) => ({ type: "hangup" as const, ...rest })),
  fc.tuple(id, id, count).map(([from, to, ack]) => ({ type: "ack" as const, from, to, ack }))
)

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, "", "offer", "hangup", "ack", 0, -0, -1, 65_536, 4_294_967_295, 4_294_967_296, 1.5, true, [], {}, "candidate:", smallSdp, "x".repeat(65), "x".repeat(1_025)),
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  id,
  line,
  sdp
)
const fields = ["type", "sdp", "candidate", "sdp_mid", "sdp_mline_index", "reason", "from", "to", "seq", "ack", "base", "call_id", "negotiation", "answered_by", "replaces", "replaced_by", "x"]

/** JSON objects that are almost messages: fields taken away, changed, exchanged and added; no key twice, no `__proto__`. */
export const almostMessages: fc.Arbitrary<{ readonly [field: string]: unknown }> = fc.tuple(
  messages,
  fc.array(fc.tuple(fc.constantFrom(...fields), fc.option(odd, { nil: undefined })), { maxLength: 3 })
).map(([message, changes]) =>
  // A field of `undefined` is left out of the JSON.
  JSON.parse(JSON.stringify({ ...message, ...Object.fromEntries(changes) })) as { readonly [field: string]: unknown }
)
