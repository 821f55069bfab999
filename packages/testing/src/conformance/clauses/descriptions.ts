/** ENG-200 to 299: what an offer and an answer say. */
import { checkSdp, type Direction, type MediaChange, readSections, type Section, type Slot } from "@enigma-rtc/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Bench } from "../Bench.ts"
import type { Clause } from "../Clause.ts"
import { connect, negotiate, openPair, ufragOf, untilUp } from "../Pair.ts"
import { insist, neverDuring } from "../until.ts"

const words = (sections: ReadonlyArray<Section>) =>
  sections.map(({ direction, kind, slot }) => `${slot ?? kind} ${direction}`).join(", ") || "none"

/** What the left offers, with this change of what it wants. */
const offerWith = (bench: Bench, change?: MediaChange) =>
  Effect.flatMap(openPair(bench, change === undefined ? {} : { left: change }), ({ left }) => left.peer.createOffer())

/** What a round says, with these changes of what both want. */
const roundWith = (bench: Bench, left: MediaChange, right: MediaChange) =>
  Effect.flatMap(openPair(bench, { left, right }), (pair) => negotiate(pair, pair.left, pair.right))

const directionIn = (sdp: string, slot: Slot): Direction => readSections(sdp).find((section) => section.slot === slot)?.direction ?? "inactive"
const insistDirection = (what: string, sdp: string, slot: Slot, ...allowed: ReadonlyArray<Direction>) =>
  insist(
    allowed.includes(directionIn(sdp, slot)),
    `${what} to say ${allowed.join(" or ")} for the ${slot}`,
    () => (readSections(sdp).some((section) => section.slot === slot) ? directionIn(sdp, slot) : `no section of it: ${words(readSections(sdp))}`)
  )

const setupsIn = (sdp: string): ReadonlyArray<string> => [...sdp.matchAll(/^a=setup:(\w+)/gm)].map(([, role = ""]) => role)

export const descriptions: ReadonlyArray<Clause> = [
  {
    id: "ENG-200",
    level: "must",
    needs: [],
    says: "an offer is SDP that any engine can be given, with one section for each thing that is wanted",
    check: (bench) =>
      Effect.gen(function*() {
        const offer = yield* offerWith(bench)
        const checked = checkSdp(offer)
        yield* insist(Result.isSuccess(checked), "SDP as RFC 8866 has it", () => (Result.isFailure(checked) ? checked.failure.message : ""))
        const wanted = [
          ...(bench.capabilities.media ? ["microphone", "camera"] : []),
          ...(bench.capabilities.data ? ["application"] : [])
        ]
        const found = readSections(offer)
        yield* insist(
          found.map(({ kind, slot }) => slot ?? kind).toSorted().join() === wanted.toSorted().join(),
          `sections for ${wanted.join(", ")}`,
          () => words(found)
        )
        yield* insist(new Set(found.map(({ mid }) => mid)).size === found.length, "each section to have a mid of its own (RFC 5888)", () => found.map(({ mid }) => `"${mid}"`).join())
      })
  },
  {
    id: "ENG-201",
    level: "should",
    needs: [],
    says: "an offer leaves it to the answer who begins DTLS (RFC 9429 section 5.2.1)",
    check: (bench) =>
      Effect.flatMap(offerWith(bench), (offer) =>
        insist(setupsIn(offer).length > 0 && setupsIn(offer).every((role) => role === "actpass"), "a=setup:actpass", () => setupsIn(offer).join() || "none"))
  },
  {
    id: "ENG-202",
    level: "must",
    needs: ["media"],
    says: "what is neither sent nor taken has no section in an offer",
    check: (bench) =>
      Effect.gen(function*() {
        const offer = yield* offerWith(bench, { data: false, send: { camera: "off" }, receive: { camera: false } })
        const found = readSections(offer)
        yield* insist(found.length === 1 && found[0]?.slot === "microphone", "one section, for the microphone", () => words(found))
      })
  },
  {
    id: "ENG-203",
    level: "must",
    needs: ["media"],
    says: "a slot that is only sent is offered sendonly, and one that is only taken recvonly",
    check: (bench) =>
      Effect.gen(function*() {
        const offer = yield* offerWith(bench, { send: { camera: "off" }, receive: { microphone: false } })
        yield* insistDirection("the offer", offer, "microphone", "sendonly")
        yield* insistDirection("the offer", offer, "camera", "recvonly")
      })
  },
  {
    id: "ENG-204",
    level: "must",
    needs: ["media"],
    says: "a muted slot is offered like one that is sent",
    check: (bench) =>
      Effect.flatMap(offerWith(bench, { send: { microphone: "muted" } }), (offer) => insistDirection("the offer", offer, "microphone", "sendrecv"))
  },
  {
    id: "ENG-205",
    level: "must",
    needs: ["media"],
    says: "the screen is offered as the screen, with a camera and without",
    check: (bench) =>
      Effect.gen(function*() {
        yield* insistDirection("the offer", yield* offerWith(bench, { send: { screen: "on" } }), "screen", "sendonly")
        const alone = yield* offerWith(bench, { send: { screen: "on", camera: "off" }, receive: { camera: false } })
        yield* insistDirection("the offer without a camera", alone, "screen", "sendonly")
      })
  },
  {
    id: "ENG-206",
    level: "must",
    needs: [],
    says: "an answer has its offer's sections: kinds and mids, in order (RFC 3264 section 6)",
    check: (bench) =>
      Effect.gen(function*() {
        const { answer, offer } = yield* roundWith(bench, {}, {})
        const shape = (sdp: string) => readSections(sdp).map(({ kind, mid }) => `${kind} ${mid}`).join(", ")
        yield* insist(shape(answer) === shape(offer), shape(offer), () => shape(answer))
      })
  },
  {
    id: "ENG-207",
    level: "must",
    needs: [],
    says: "an answer says who begins DTLS: active or passive (RFC 8842 section 5.3)",
    check: (bench) =>
      Effect.flatMap(roundWith(bench, {}, {}), ({ answer }) =>
        insist(/^(active|passive)(,\1)*$/.test(setupsIn(answer).join()), "a=setup:active or passive, one for all sections", () => setupsIn(answer).join() || "none"))
  },
  {
    id: "ENG-208",
    level: "must",
    needs: ["media"],
    says: "an answer takes and gives no more than the offer allows, nor than its own end wants",
    check: (bench) =>
      Effect.gen(function*() {
        const { answer } = yield* roundWith(bench, { receive: { microphone: false } }, { send: { camera: "off" } })
        yield* insistDirection("the answer to sendonly", answer, "microphone", "recvonly")
        yield* insistDirection("the answer of who does not send", answer, "camera", "recvonly")
      })
  },
  {
    id: "ENG-209",
    level: "must",
    needs: ["media"],
    says: "a slot that the answering end neither sends nor takes is answered inactive, or refused",
    check: (bench) =>
      Effect.flatMap(roundWith(bench, {}, { send: { camera: "off" }, receive: { camera: false } }), ({ answer }) =>
        insistDirection("the answer", answer, "camera", "inactive"))
  },
  {
    id: "ENG-210",
    level: "must",
    needs: ["data", "media"],
    says: "an offered section for data is taken, also by an end that would offer none",
    check: (bench) =>
      Effect.flatMap(roundWith(bench, {}, { data: false }), ({ answer }) => {
        const data = readSections(answer).find(({ kind }) => kind === "application")
        return insist(data?.direction === "sendrecv", "the section for data to be taken", () => (data === undefined ? "no section" : "a refused one"))
      })
  },
  {
    id: "ENG-211",
    level: "must",
    needs: [],
    says: "each connection has ICE credentials of its own",
    check: (bench) =>
      Effect.gen(function*() {
        const [one, two] = [yield* offerWith(bench), yield* offerWith(bench)]
        yield* insist(ufragOf(one) !== ufragOf(two), "two connections to have different user name fragments", () => `${ufragOf(one)} twice`)
      })
  },
  {
    id: "ENG-212",
    level: "must",
    needs: [],
    says: "an offer does not wait for an ICE server that does not answer",
    check: (bench) =>
      Effect.gen(function*() {
        // Nobody is there; a port that browsers block would be refused at once.
        const { left } = yield* openPair(bench, { config: { iceServers: ["stun:127.0.0.1:34789"] } })
        const start = yield* Clock.currentTimeMillis
        yield* left.peer.createOffer()
        const took = (yield* Clock.currentTimeMillis) - start
        yield* insist(took <= 3_000, "the offer within 3 s", () => `${took} ms`)
      })
  },
  {
    id: "ENG-213",
    level: "must",
    needs: [],
    says: "descriptions are taken with either line ending, and with unknown attributes (RFC 8866 section 5)",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* openPair(bench)
        const changed = (sdp: string) => sdp.replace(/^(m=)/m, "a=x-unknown:1\r\n$1").replaceAll("\r\n", "\n")
        const answer = yield* Effect.flatMap(pair.left.peer.createOffer(), (offer) => pair.answer(pair.right, changed(offer)))
        yield* pair.apply(pair.left, changed(answer))
        yield* untilUp(pair)
      })
  },
  {
    id: "ENG-214",
    level: "must",
    needs: [],
    says: "to want again what is wanted already changes nothing",
    check: (bench) =>
      Effect.gen(function*() {
        const pair = yield* connect(bench)
        const before = new Set([...pair.left.events, ...pair.right.events])
        for (let i = 0; i < 3; i++) yield* pair.left.peer.setMedia(bench.intent())
        yield* neverDuring(
          "no event",
          Effect.sync(() =>
            [...pair.left.events, ...pair.right.events].find((event) => event._tag !== "LocalCandidate" && !before.has(event))?._tag)
        )
      })
  }
]
