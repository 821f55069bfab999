/** Faults in what holds for every operation. */
import { WebRtcError } from "@enigma-rtc/core"
import * as Effect from "effect/Effect"
import type { ClauseId } from "../../../src/conformance/index.ts"
import { type Mutant, onOperation, onPeer, type OperationName } from "./Mutant.ts"

const names: ReadonlyArray<OperationName> = [
  "setMedia",
  "createOffer",
  "createAnswer",
  "applyAnswer",
  "rollback",
  "addRemoteCandidate",
  "openDataChannel",
  "stats"
]

const afterClose = names.map((name, at): Mutant => ({
  clause: `ENG-${110 + at}`,
  fault: `${name} succeeds after close`,
  says: new RegExp(`expected ${name} to fail, found it succeeded`),
  plant: onOperation(name, (run, { isClosed }) => Effect.suspend(() => (isClosed() ? Effect.succeed("") : run)))
}))

const whileClosing = names.map((name, at): Mutant => ({
  clause: `ENG-${120 + at}`,
  fault: `${name} never settles when the connection closes meanwhile`,
  says: new RegExp(`expected ${name} to settle within 3000 ms, found it still runs`),
  plant: onOperation(name, (run, { isClosed }) =>
    Effect.suspend(() => {
      const late = isClosed()
      return Effect.catch(run, (error) => (!late && error.reason._tag === "Closed" ? Effect.never : Effect.fail(error)))
    }))
}))

const withinLimit = names.map((name, at): Mutant => ({
  clause: `ENG-${130 + at}`,
  fault: `${name} knows no limit`,
  says: new RegExp(`expected ${name} to settle within 1500 ms, found it still runs`),
  plant: onOperation(name, (run, { config }) => (config.operationTimeoutMs < 1_000 ? Effect.delay(run, 2_500) : run))
}))

const without = (name: OperationName, capability: NonNullable<Mutant["capabilities"]>, clause: ClauseId, lacking: string): Mutant => ({
  clause,
  fault: `without ${lacking}, ${name} fails like anything that the stack refuses`,
  says: new RegExp(`expected the reason Unsupported ${lacking}, found mock ${name}`),
  capabilities: capability,
  plant: onOperation(name, (run) =>
    Effect.mapError(run, (error) =>
      error.reason._tag === "Unsupported" ? new WebRtcError({ engine: "mock", operation: name, reason: { _tag: "Refused" } }) : error))
})

export const traits: ReadonlyArray<Mutant> = [
  ...afterClose,
  {
    clause: "ENG-110",
    fault: "names another operation in an error",
    says: /expected the error to name the engine mock and the operation setMedia, found mock and setDirection/,
    plant: onOperation("setMedia", (run) => Effect.mapError(run, ({ reason }) => new WebRtcError({ engine: "mock", operation: "setDirection", reason })))
  },
  ...whileClosing,
  ...withinLimit,
  {
    clause: "ENG-140",
    fault: "answers text that is no SDP",
    says: /expected createAnswer to fail, found it succeeded/,
    plant: onPeer((peer) => ({ createAnswer: (sdp) => (sdp.startsWith("v=0") ? peer.createAnswer(sdp) : Effect.succeed("")) }))
  },
  {
    clause: "ENG-140",
    fault: "refuses without the cause",
    says: /expected the cause, found none/,
    plant: onOperation("createAnswer", (run) => Effect.mapError(run, ({ engine, operation, reason }) => new WebRtcError({ engine, operation, reason })))
  },
  {
    clause: "ENG-140",
    fault: "is of no use after text that is no SDP",
    says: /mock createOffer/,
    plant: onPeer((peer) => {
      let spoilt = false
      return {
        createAnswer: (sdp) => Effect.tapError(peer.createAnswer(sdp), () => Effect.sync(() => { spoilt = true })),
        createOffer: (options) =>
          Effect.suspend(() =>
            spoilt
              ? Effect.fail(new WebRtcError({ engine: "mock", operation: "createOffer", reason: { _tag: "Refused" } }))
              : peer.createOffer(options))
      }
    })
  },
  {
    clause: "ENG-141",
    fault: "answers an offer without ICE credentials",
    says: /expected createAnswer to fail, found it succeeded/,
    plant: onPeer((peer) => ({
      createAnswer: (sdp) => (sdp.startsWith("v=0") && !sdp.includes("a=ice-ufrag") ? Effect.succeed("") : peer.createAnswer(sdp))
    }))
  },
  {
    clause: "ENG-142",
    fault: "takes text that is no SDP as an answer",
    says: /expected applyAnswer to fail, found it succeeded/,
    plant: onPeer((peer) => ({ applyAnswer: (sdp) => (sdp.startsWith("v=0") ? peer.applyAnswer(sdp) : Effect.void) }))
  },
  {
    clause: "ENG-143",
    fault: "takes text that is no candidate",
    says: /expected addRemoteCandidate to fail, found it succeeded/,
    plant: onPeer((peer) => ({
      addRemoteCandidate: (candidate) => (candidate.candidate.includes(" udp x ") ? Effect.void : peer.addRemoteCandidate(candidate))
    }))
  },
  {
    clause: "ENG-144",
    fault: "takes an answer that lacks a section",
    says: /expected applyAnswer to fail, found it succeeded/,
    plant: onPeer((peer) => {
      let sections = 0
      const count = (sdp: string) => sdp.split("\nm=").length
      return {
        createOffer: (options) => Effect.tap(peer.createOffer(options), (sdp) => Effect.sync(() => { sections = count(sdp) })),
        applyAnswer: (sdp) => Effect.suspend(() => (sdp.startsWith("v=0") && count(sdp) < sections ? Effect.void : peer.applyAnswer(sdp)))
      }
    })
  },
  {
    clause: "ENG-150",
    fault: "offers again while an offer is out",
    says: /expected createOffer to fail, found it succeeded/,
    plant: onPeer((peer) => {
      let out: string | undefined
      return {
        createOffer: (options) =>
          Effect.suspend(() =>
            out !== undefined
              ? Effect.succeed(out)
              : Effect.tap(peer.createOffer(options), (sdp) => Effect.sync(() => { out = sdp }))),
        applyAnswer: (sdp) => Effect.tap(peer.applyAnswer(sdp), () => Effect.sync(() => { out = undefined }))
      }
    })
  },
  {
    clause: "ENG-151",
    fault: "takes its own offer back by itself",
    says: /expected createAnswer to fail, found it succeeded/,
    plant: onPeer((peer) => ({
      createAnswer: (sdp) =>
        Effect.catch(peer.createAnswer(sdp), (error) =>
          error.reason._tag === "WrongState" ? Effect.andThen(peer.rollback, peer.createAnswer(sdp)) : Effect.fail(error))
    }))
  },
  {
    clause: "ENG-152",
    fault: "takes an answer to nothing without a word",
    says: /expected applyAnswer to fail, found it succeeded/,
    plant: onOperation("applyAnswer", (run) => Effect.catch(run, (error) => (error.reason._tag === "WrongState" ? Effect.void : Effect.fail(error))))
  },
  {
    clause: "ENG-153",
    fault: "takes nothing back without a word",
    says: /expected rollback to fail, found it succeeded/,
    plant: onOperation("rollback", (run) => Effect.catch(run, (error) => (error.reason._tag === "WrongState" ? Effect.void : Effect.fail(error))))
  },
  without("rollback", { rollback: false }, "ENG-160", "rollback"),
  without("createOffer", { renegotiation: false }, "ENG-161", "renegotiation"),
  without("createAnswer", { renegotiation: false }, "ENG-162", "renegotiation"),
  without("createOffer", { iceRestart: false }, "ENG-163", "iceRestart"),
  without("openDataChannel", { data: false }, "ENG-164", "data"),
  without("addRemoteCandidate", { remoteCandidates: false }, "ENG-165", "remoteCandidates")
]
