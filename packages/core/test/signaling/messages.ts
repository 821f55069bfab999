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
const delivery = fc.tuple(maybe("from", id), maybe("call_id", id)).map(([from, callId]) => ({ ...from, ...callId }))

/** Any message that is right. */
export const messages: fc.Arbitrary<SignalingMessage> = fc.oneof(
  fc.tuple(fc.constantFrom("offer", "answer"), sdp, delivery).map(([type, description, rest]) => ({ type, sdp: description, ...rest })),
  fc.tuple(fc.oneof(line, fc.constant("")), maybe("sdp_mid", id), maybe("sdp_mline_index", integer(65_535)), delivery).map(
    ([candidate, mid, index, rest]) => ({ type: "ice_candidate" as const, candidate, ...mid, ...index, ...rest })
  ),
  fc.tuple(maybe("reason", text), delivery).map(([reason, rest]) => ({ type: "hangup" as const, ...reason, ...rest }))
)

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, "", "offer", "hangup", 0, -0, -1, 65_536, 1.5, true, [], {}, "candidate:", smallSdp, "x".repeat(65), "x".repeat(1_025)),
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  id,
  line,
  sdp
)
const fields = ["type", "sdp", "candidate", "sdp_mid", "sdp_mline_index", "reason", "from", "call_id", "seq", "x"]

/** JSON objects that are almost messages: fields taken away, changed, exchanged and added; no key twice, no `__proto__`. */
export const almostMessages: fc.Arbitrary<{ readonly [field: string]: unknown }> = fc.tuple(
  messages,
  fc.array(fc.tuple(fc.constantFrom(...fields), fc.option(odd, { nil: undefined })), { maxLength: 3 })
).map(([message, changes]) =>
  // A field of `undefined` is left out of the JSON.
  JSON.parse(JSON.stringify({ ...message, ...Object.fromEntries(changes) })) as { readonly [field: string]: unknown }
)
