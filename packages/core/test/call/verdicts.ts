/** What must happen in every situation on every input, written by hand: the test's own copy of the machine's law. */
import { inputIn, type InputName, inputs, type Situation, situations, timersOf, wordsOf } from "./situations.ts"

/*
 * Each cell says where an input leads, in the words of `wordsOf`: `.` is ignored, `x` is rejected, and `=` stays, in the
 * same words. Of a call that is connected a cell names only what becomes different: its media or its round. A row with
 * one cell says the same of every situation.
 */

/** Until the call is connected, and after it. */
const firstRound = `
                      idle     creating  waiting   applying          applyingUp  ringing   answering         answeringUp ending ended
userCalls             creating x         x         x                 x           x         x                 x           x      x
userAccepts           x        x         x         x                 x           answering x                 x           x      x
userDeclines          x        x         x         x                 x           ended     x                 x           x      x
userHangsUp           ended    ending    ending    ending            ending      ended     ending            ending      x      x
userMutes             =        =         =         =                 =           =         =                 =           x      x
userSharesScreen      =        =         =         =                 =           =         =                 =           x      x
userHolds             =        =         =         =                 =           =         =                 =           x      x
userRestartsIce       x

peerOffers            ringing  answering .         .                 .           .         .                 .           .      .
peerOffersAnew        ringing  answering .         .                 .           x         x                 x           .      .
peerCallsLower        ringing  answering answering .                 .           .         .                 .           .      .
peerCallsHigher       ringing  answering .         .                 .           .         .                 .           .      .
peerCallsPlainly      ringing  answering answering .                 .           .         .                 .           .      .
peerOffersRound       .        .         .         applying+         applyingUp+ x         x                 x           .      .
peerOffersRestart     .        .         .         applying+         applyingUp+ x         x                 x           .      .
peerOffersPast        .        .         .         applying+         applyingUp+ x         x                 x           .      .
peerOffersLater       .        .         .         applying+         applyingUp+ x         x                 x           .      .
peerOffersNoRound     ringing  answering .         .                 .           x         x                 x           .      .
otherLineOffersRound  .        .         .         .                 .           .         .                 .           .      .
peerEchoes            ringing  answering .         .                 .           x         x                 x           .      .

peerAnswers           x        x         applying  .                 .           x         x                 x           .      .
peerAnswersNameless   x        x         applying  .                 .           x         x                 x           .      .
peerAnswersOther      x        x         .         .                 .           x         x                 x           .      .
otherLineAnswers      x        x         applying  .                 .           x         x                 x           .      .
peerAnswersRound      x        x         .         .                 .           x         x                 x           .      .
peerAnswersPast       x        x         .         .                 .           x         x                 x           .      .
otherLineAnswersRound x        x         .         .                 .           x         x                 x           .      .

peerTricklesFirst     =        .         =         =                 =           =         =                 =           .      .
peerTricklesCurrent   =        .         .         =                 =           .         .                 .           .      .
peerTricklesAhead     =        .         .         =                 =           .         .                 .           .      .
peerTricklesOther     =        .         .         .                 .           .         .                 .           .      .
otherLineTrickles     =        .         =         .                 .           .         .                 .           .      .
namelessTrickles      =        =         =         .                 .           .         .                 .           .      .

peerHangsUp           =        .         ending    ending            ending      ended     ending            ending      .      .
peerHangsUpOther      =        .         .         .                 .           .         .                 .           .      .
otherLineHangsUp      =        .         ending    .                 .           .         .                 .           .      .
peerHasOurAnswer      =        .         ending    ending            ending      .         .                 .           .      .
namelessHangsUp       .        .         ending    .                 .           .         .                 .           .      .
peerRestarts          .        .         .         ending            ending      ended     ending            ending      .      .
otherLineRestarts     .
peerGarbles           .        .         ending    ending            ending      ended     ending            ending      .      .
peerGarblesOther      .
otherLineGarbles      .        .         ending    .                 .           .         .                 .           .      .
namelessGarbles       .        .         ending    .                 .           .         .                 .           .      .

engineOffered         .        waiting   .         .                 .           .         .                 .           .      .
engineOfferedLate     .
engineAnswered        .        .         .         .                 .           .         connecting/stable up/stable   .      .
engineAnsweredLate    .
engineApplied         .        .         .         connecting/stable up/stable   .         .                 .           .      .
engineAppliedLate     .
engineRolledBack      .
engineRolledBackLate  .
engineRefused         .        ending    .         ending            ending      .         ending            ending      .      .
engineRefusedLate     .
engineTookTooLong     .        ending    .         ending            ending      .         ending            ending      .      .
engineTrickled        .        =         =         =                 =           .         =                 =           .      .
engineTrickledAhead   .        =         =         =                 =           .         =                 =           .      .
engineNeedsRound      .
engineUp              .        .         .         applyingUp        =           .         answeringUp       =           .      .
engineInterrupted     .        .         .         =                 applying    .         =                 answering   .      .
engineLost            .        ending    ending    ending            ending      .         ending            ending      .      .
engineFailed          .        ending    ending    ending            ending      .         ending            ending      .      .
engineClosed          .        .         .         .                 .           .         .                 .           ended  .

ringFires             .        .         ending    .                 .           ended     .                 .           .      .
connectFires          .
reconnectFires        .
negotiationFires      .
retryFires            .
callerGraceFires      .
calleeGraceFires      .
ringFiresLate         .
connectFiresLate      .
reconnectFiresLate    .
negotiationFiresLate  .
retryFiresLate        .
callerGraceFiresLate  .
calleeGraceFiresLate  .
`

/** Connected, and media flows: what a round of offer and answer makes of each input. */
const inRounds = `
                      callerStable calleeStable callerCreating calleeCreating callerQueued calleeQueued callerOut calleeOut callerApplies calleeApplies rollingBack callerAnswers calleeAnswers callerRetries calleeRetries plain       callerPlain unable      withoutRestart
userCalls             x
userAccepts           x
userDeclines          x
userHangsUp           ending
userMutes             =
userSharesScreen      creating     creating     creating*      creating*      creating+*   creating+*   out*      out*      applying*     applying*     =           answering*    answering*    creating      creating      x           x           x           creating
userHolds             creating     creating     creating*      creating*      creating+*   creating+*   out*      out*      applying*     applying*     =           answering*    answering*    creating      creating      x           x           x           creating
userRestartsIce       creating     creating     creating!      creating!      creating+!   creating+!   out!      out!      applying!     applying!     rolling+*!  answering!    answering!    creating      creating      x           x           x           x

peerOffers            .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             .           x           .           .
peerOffersAnew        .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             x           x           .           .
peerCallsLower        .
peerCallsHigher       .
peerCallsPlainly      .
peerOffersRound       answering    answering    creating+      creating+      .            .            =         rolling+* applying+     .             .           .             .             answering*    answering*    x           x           answering   answering
peerOffersRestart     answering    answering    creating+      creating+      .            .            =         rolling+* applying+     .             .           .             .             answering*    answering*    x           x           answering   answering
peerOffersPast        .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             x           x           .           .
peerOffersLater       answering    answering    creating+      creating+      =            =            =         rolling+* applying+     applying+     =           answering+    answering+    answering*    answering*    x           x           answering   answering
peerOffersNoRound     x
otherLineOffersRound  .
peerEchoes            .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             x           x           .           .

peerAnswers           .
peerAnswersNameless   .
peerAnswersOther      .
otherLineAnswers      .
peerAnswersRound      .            .            .              .              .            .            applying  applying  .             .             .           .             .             .             .             .           .           .           .
peerAnswersPast       .
otherLineAnswersRound .

peerTricklesFirst     .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             =           =           .           .
peerTricklesCurrent   =
peerTricklesAhead     =            =            =              =              =            =            =         =         =             .             =           .             .             =             =             =           =           =           =
peerTricklesOther     .
otherLineTrickles     .
namelessTrickles      .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             =           =           .           .

peerHangsUp           ending
peerHangsUpOther      .
otherLineHangsUp      .
peerHasOurAnswer      .
namelessHangsUp       .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             ending      ending      .           .
peerRestarts          ending       ending       ending         ending         ending       ending       ending    ending    ending        ending        ending      ending        ending        ending        ending        .           .           ending      ending
otherLineRestarts     .
peerGarbles           ending
peerGarblesOther      .
otherLineGarbles      .
namelessGarbles       .            .            .              .              .            .            .         .         .             .             .           .             .             .             .             ending      ending      .           .

engineOffered         .            .            out            out            out          rolling+*    .         .         .             .             .           .             .             .             .             .           .           .           .
engineOfferedLate     .
engineAnswered        .            .            .              .              .            .            .         .         .             .             .           stable        stable        .             .             .           .           .           .
engineAnsweredLate    .
engineApplied         .            .            .              .              .            .            .         .         stable        stable        .           .             .             .             .             .           .           .           .
engineAppliedLate     .
engineRolledBack      .            .            .              .              .            .            .         .         .             .             answering*  .             .             .             .             .           .           .           .
engineRolledBackLate  .
engineRefused         .            .            retry*         retry*         answering*   answering*   .         .         ending        ending        ending      ending        ending        .             .             .           .           .           .
engineRefusedLate     .
engineTookTooLong     .            .            ending         ending         ending       ending       .         .         ending        ending        ending      ending        ending        .             .             .           .           .           .
engineTrickled        =
engineTrickledAhead   .            .            =              =              =            =            .         .         .             .             .           =             =             .             .             .           .           .           .
engineNeedsRound      creating     creating     .              .              .            .            out*      out*      applying*     applying*     =           answering*    answering*    creating      creating      .           .           .           creating
engineUp              .
engineInterrupted     grace        grace        grace          grace          grace        grace        grace     grace     grace         grace         grace       grace         grace         grace         grace         interrupted interrupted interrupted interrupted
engineLost            interrupted/creating grace interrupted/creating! grace interrupted/creating+! grace interrupted/out! grace interrupted/applying! grace grace interrupted/answering! grace interrupted/creating grace ending ending ending ending
engineFailed          ending
engineClosed          .

ringFires             .
connectFires          .
reconnectFires        .
negotiationFires      .            .            .              .              .            .            ending    ending    .             .             .           .             .             .             .             .           .           .           .
retryFires            .            .            .              .              .            .            .         .         .             .             .           .             .             creating      creating      .           .           .           .
callerGraceFires      .
calleeGraceFires      .
ringFiresLate         .
connectFiresLate      .
reconnectFiresLate    .
negotiationFiresLate  .
retryFiresLate        .
callerGraceFiresLate  .
calleeGraceFiresLate  .
`

/** Connected, and no round is under way: what media that do not flow make of each input. */
const withoutMedia = `
                      callerConnecting calleeConnecting callerInterrupted calleeInterrupted callerGrace           calleeGrace           plainConnecting plainInterrupted
userCalls             x
userAccepts           x
userDeclines          x
userHangsUp           ending
userMutes             =
userSharesScreen      creating         creating         creating          creating          creating              creating              x               x
userHolds             creating         creating         creating          creating          creating              creating              x               x
userRestartsIce       creating         creating         creating          creating          creating              creating              x               x

peerOffers            .
peerOffersAnew        .                .                .                 .                 .                     .                     x               x
peerCallsLower        .
peerCallsHigher       .
peerCallsPlainly      .
peerOffersRound       answering        answering        answering         answering         answering             answering             x               x
peerOffersRestart     answering        answering        answering         answering         interrupted/answering interrupted/answering x               x
peerOffersPast        .                .                .                 .                 .                     .                     x               x
peerOffersLater       answering        answering        answering         answering         answering             answering             x               x
peerOffersNoRound     x
otherLineOffersRound  .
peerEchoes            .                .                .                 .                 .                     .                     x               x

peerAnswers           .
peerAnswersNameless   .
peerAnswersOther      .
otherLineAnswers      .
peerAnswersRound      .
peerAnswersPast       .
otherLineAnswersRound .

peerTricklesFirst     .                .                .                 .                 .                     .                     =               =
peerTricklesCurrent   =
peerTricklesAhead     =
peerTricklesOther     .
otherLineTrickles     .
namelessTrickles      .                .                .                 .                 .                     .                     =               =

peerHangsUp           ending
peerHangsUpOther      .
otherLineHangsUp      .
peerHasOurAnswer      .
namelessHangsUp       .                .                .                 .                 .                     .                     ending          ending
peerRestarts          ending           ending           ending            ending            ending                ending                .               .
otherLineRestarts     .
peerGarbles           ending
peerGarblesOther      .
otherLineGarbles      .
namelessGarbles       .                .                .                 .                 .                     .                     ending          ending

engineOffered         .
engineOfferedLate     .
engineAnswered        .
engineAnsweredLate    .
engineApplied         .
engineAppliedLate     .
engineRolledBack      .
engineRolledBackLate  .
engineRefused         .
engineRefusedLate     .
engineTookTooLong     .
engineTrickled        =
engineTrickledAhead   .
engineNeedsRound      creating         creating         creating          creating          creating              creating              .               .
engineUp              up
engineInterrupted     .
engineLost            creating         .                creating          grace             interrupted/creating  .                     ending          ending
engineFailed          ending
engineClosed          .

ringFires             .
connectFires          ending           ending           .                 .                 .                     .                     ending          .
reconnectFires        .                .                ending            ending            ending                ending                .               ending
negotiationFires      .
retryFires            .
callerGraceFires      .                .                .                 .                 interrupted/creating  .                     .               .
calleeGraceFires      .                .                .                 .                 .                     interrupted/creating  .               .
ringFiresLate         .
connectFiresLate      .
reconnectFiresLate    .
negotiationFiresLate  .
retryFiresLate        .
callerGraceFiresLate  .
calleeGraceFiresLate  .
`

/**
 * What moves ask of the world, in order: the input, `|`, where, `|`, the commands. A later line goes before an earlier
 * one. `everywhere` is every situation that this input moves, and `{stops}` the end of every timer that runs there.
 * A move that is not here asks nothing.
 */
const asked = `
userCalls           | everywhere | OpenPeer CreateOffer
userAccepts         | everywhere | {stops} OpenPeer CreateAnswer AddCandidates
userDeclines        | everywhere | {stops} SendHangup ConnectionClosed
userHangsUp         | everywhere | SendHangup {stops} ClosePeer
userHangsUp         | idle | ConnectionClosed
userHangsUp         | creating | ClosePeer
userHangsUp         | ringing | {stops} SendHangup ConnectionClosed
userMutes           | everywhere | ApplyIntent
userSharesScreen    | everywhere | ApplyIntent
userHolds           | everywhere | ApplyIntent
userMutes           | idle ringing | none
userSharesScreen    | idle ringing | none
userHolds           | idle ringing | none
userSharesScreen    | callerStable calleeStable withoutRestart | ApplyIntent CreateOffer
userHolds           | callerStable calleeStable withoutRestart | ApplyIntent CreateOffer
userSharesScreen    | callerConnecting calleeConnecting callerInterrupted calleeInterrupted callerGrace calleeGrace | ApplyIntent CreateOffer
userHolds           | callerConnecting calleeConnecting callerInterrupted calleeInterrupted callerGrace calleeGrace | ApplyIntent CreateOffer
userRestartsIce     | callerStable calleeStable | CreateOffer
userSharesScreen    | callerRetries calleeRetries | ApplyIntent StopTimer:retry CreateOffer
userHolds           | callerRetries calleeRetries | ApplyIntent StopTimer:retry CreateOffer
userRestartsIce     | callerRetries calleeRetries | StopTimer:retry CreateOffer
userRestartsIce     | callerConnecting calleeConnecting callerInterrupted calleeInterrupted callerGrace calleeGrace | CreateOffer

peerOffers          | idle | StartTimer:ring
peerOffersAnew      | idle | StartTimer:ring
peerOffersNoRound   | idle | StartTimer:ring
peerCallsLower      | idle | StartTimer:ring
peerCallsHigher     | idle | StartTimer:ring
peerCallsPlainly    | idle | StartTimer:ring
peerEchoes          | idle | StartTimer:ring
peerOffers          | creating | ReopenPeer CreateAnswer
peerOffersAnew      | creating | ReopenPeer CreateAnswer
peerOffersNoRound   | creating | ReopenPeer CreateAnswer
peerEchoes          | creating | ReopenPeer CreateAnswer
peerCallsLower      | creating | ReopenPeer CreateAnswer
peerCallsHigher     | creating | ReopenPeer CreateAnswer
peerCallsPlainly    | creating | ReopenPeer CreateAnswer AddCandidates
peerCallsLower      | waiting | SendHangup:withdrawn StopTimer:ring ReopenPeer CreateAnswer
peerCallsPlainly    | waiting | StopTimer:ring ReopenPeer CreateAnswer AddCandidates
peerOffersRound     | callerStable calleeStable unable withoutRestart | CreateAnswer
peerOffersRound     | callerRetries calleeRetries | StopTimer:retry CreateAnswer
peerOffersRestart   | callerRetries calleeRetries | StopTimer:retry CreateAnswer
peerOffersLater     | callerRetries calleeRetries | StopTimer:retry CreateAnswer
peerOffersRestart   | callerStable calleeStable unable withoutRestart | CreateAnswer
peerOffersLater     | callerStable calleeStable unable withoutRestart | CreateAnswer
peerOffersRound     | callerConnecting calleeConnecting callerInterrupted calleeInterrupted callerGrace calleeGrace | CreateAnswer
peerOffersLater     | callerConnecting calleeConnecting callerInterrupted calleeInterrupted callerGrace calleeGrace | CreateAnswer
peerOffersRestart   | callerConnecting calleeConnecting callerInterrupted calleeInterrupted | CreateAnswer
peerOffersRestart   | callerGrace | StopTimer:callerGrace CreateAnswer
peerOffersRestart   | calleeGrace | StopTimer:calleeGrace CreateAnswer
peerOffersRound     | calleeOut | StopTimer:negotiation RollBack
peerOffersRestart   | calleeOut | StopTimer:negotiation RollBack
peerOffersLater     | calleeOut | StopTimer:negotiation RollBack

peerAnswers         | waiting | StopTimer:ring SendHangup:answered ApplyAnswer AddCandidates
otherLineAnswers    | waiting | StopTimer:ring SendHangup:answered ApplyAnswer AddCandidates
peerAnswersNameless | waiting | StopTimer:ring ApplyAnswer AddCandidates
peerAnswersRound    | callerOut calleeOut | StopTimer:negotiation ApplyAnswer

peerTricklesFirst   | everywhere | AddCandidates
peerTricklesFirst   | idle waiting ringing | none
namelessTrickles    | everywhere | AddCandidates
namelessTrickles    | idle creating waiting | none
peerTricklesCurrent | everywhere | AddCandidates
peerTricklesCurrent | idle applying applyingUp | none
peerTricklesAhead   | plain callerPlain plainConnecting plainInterrupted | AddCandidates

peerHangsUp         | everywhere | {stops} ClosePeer
peerHangsUp         | idle | none
peerHangsUp         | waiting | SendHangup {stops} ClosePeer
peerHangsUp         | ringing | {stops} ConnectionClosed
otherLineHangsUp    | waiting | SendHangup {stops} ClosePeer
namelessHangsUp     | everywhere | {stops} ClosePeer
peerHasOurAnswer    | waiting | SendHangup {stops} ClosePeer
peerHasOurAnswer    | applying applyingUp | ClosePeer
peerRestarts        | everywhere | {stops} ClosePeer
peerRestarts        | callerRetries callerStable callerCreating callerQueued callerOut callerApplies callerAnswers unable withoutRestart | SendHangup {stops} ClosePeer
peerRestarts        | applying applyingUp callerConnecting callerInterrupted callerGrace | SendHangup {stops} ClosePeer
peerRestarts        | ringing | {stops} ConnectionClosed
peerGarbles         | everywhere | SendHangup {stops} ClosePeer
otherLineGarbles    | waiting | SendHangup {stops} ClosePeer
namelessGarbles     | everywhere | SendHangup {stops} ClosePeer
peerGarbles         | ringing | {stops} SendHangup ConnectionClosed

engineOffered       | creating | SendOffer SendCandidates StartTimer:ring
engineOffered       | callerCreating calleeCreating callerQueued | SendOffer StartTimer:negotiation
engineOffered       | calleeQueued | RollBack
engineAnswered      | answering | SendAnswer SendCandidates StartTimer:connect
engineAnswered      | answeringUp | SendAnswer SendCandidates ConnectionEstablished
engineAnswered      | callerAnswers calleeAnswers | SendAnswer
engineApplied       | applying | SendCandidates StartTimer:connect
engineApplied       | applyingUp | SendCandidates ConnectionEstablished
engineRolledBack    | rollingBack | CreateAnswer
engineRefused       | everywhere | SendHangup {stops} ClosePeer
engineTookTooLong   | everywhere | SendHangup {stops} ClosePeer
engineLost          | everywhere | SendHangup {stops} ClosePeer
engineFailed        | everywhere | SendHangup {stops} ClosePeer
engineRefused       | creating | ClosePeer
engineTookTooLong   | creating | ClosePeer
engineLost          | creating | ClosePeer
engineFailed        | creating | ClosePeer
engineRefused       | callerCreating calleeCreating | NegotiationFailed StartTimer:retry
engineRefused       | callerQueued calleeQueued | NegotiationFailed CreateAnswer
engineTrickled      | everywhere | SendCandidates
engineTrickled      | creating answering answeringUp | none
engineTrickledAhead | waiting applying applyingUp | SendCandidates
engineNeedsRound    | callerStable calleeStable withoutRestart | CreateOffer
engineNeedsRound    | callerRetries calleeRetries | StopTimer:retry CreateOffer
engineNeedsRound    | callerConnecting calleeConnecting callerInterrupted calleeInterrupted callerGrace calleeGrace | CreateOffer
engineUp            | callerConnecting calleeConnecting plainConnecting | {stops} ConnectionEstablished
engineUp            | callerInterrupted calleeInterrupted plainInterrupted callerGrace calleeGrace | {stops} ConnectionRestored
engineInterrupted   | callerRetries callerStable callerCreating callerQueued callerOut callerApplies callerAnswers | StartTimer:reconnect StartTimer:callerGrace ConnectionInterrupted
engineInterrupted   | calleeRetries calleeStable calleeCreating calleeQueued calleeOut calleeApplies calleeAnswers rollingBack | StartTimer:reconnect StartTimer:calleeGrace ConnectionInterrupted
engineInterrupted   | plain callerPlain unable withoutRestart | StartTimer:reconnect ConnectionInterrupted
engineLost          | callerRetries | StartTimer:reconnect ConnectionInterrupted StopTimer:retry CreateOffer
engineLost          | callerStable | StartTimer:reconnect ConnectionInterrupted CreateOffer
engineLost          | callerCreating callerQueued callerOut callerApplies callerAnswers | StartTimer:reconnect ConnectionInterrupted
engineLost          | calleeRetries calleeStable calleeCreating calleeQueued calleeOut calleeApplies calleeAnswers rollingBack | StartTimer:reconnect StartTimer:calleeGrace ConnectionInterrupted
engineLost          | callerConnecting callerInterrupted | CreateOffer
engineLost          | callerGrace | StopTimer:callerGrace CreateOffer
engineLost          | calleeInterrupted | StartTimer:calleeGrace
engineClosed        | everywhere | ConnectionClosed

ringFires           | waiting | SendHangup ClosePeer
ringFires           | ringing | SendHangup ConnectionClosed
connectFires        | everywhere | SendHangup ClosePeer
negotiationFires    | everywhere | SendHangup ClosePeer
reconnectFires      | everywhere | SendHangup ClosePeer
reconnectFires      | callerGrace | SendHangup StopTimer:callerGrace ClosePeer
reconnectFires      | calleeGrace | SendHangup StopTimer:calleeGrace ClosePeer
retryFires          | everywhere | CreateOffer
callerGraceFires    | everywhere | CreateOffer
calleeGraceFires    | everywhere | CreateOffer
`

export interface Expected {
  readonly situation: Situation
  readonly input: InputName
  /** `ignored`, `rejected`, or the words of the state that follows. */
  readonly verdict: string
  readonly commands: string
}

const situationNamed = (name: string): Situation => {
  if (!(name in situations)) throw new Error(`no such situation: ${name}`)
  // It has just been looked up.
  return name as Situation
}
const inputNamed = (name: string): InputName => {
  if (!(name in inputs)) throw new Error(`no such input: ${name}`)
  // It has just been looked up.
  return name as InputName
}

const verdictOf = (situation: Situation, cell: string): string => {
  if (cell === ".") return "ignored"
  if (cell === "x") return "rejected"
  const now = wordsOf(situations[situation])
  if (cell === "=") return now
  const [link, round] = now.split("/")
  if (round === undefined || cell.includes("/") || cell === "ending") return cell
  return /^(connecting|up|interrupted|grace)$/.test(cell) ? `${cell}/${round}` : `${link}/${cell}`
}
const cellsOf = (matrix: string): ReadonlyArray<Omit<Expected, "commands">> => {
  const [columns = [], ...rows] = matrix.trim().split(/\n+/).map((line) => line.trim().split(/ +/))
  return rows.flatMap(([name = "", ...cells]) => {
    const input = inputNamed(name)
    if (cells.length !== 1 && cells.length !== columns.length) throw new Error(`${name} has ${cells.length} cells of ${columns.length}`)
    return columns.map((column, i) => {
      const situation = situationNamed(column)
      return { situation, input, verdict: verdictOf(situation, (cells.length === 1 ? cells[0] : cells[i]) ?? "") }
    })
  })
}
const moves = ({ verdict }: Pick<Expected, "verdict">) => verdict !== "ignored" && verdict !== "rejected"

const commands = new Map<string, string>()
const cells = [firstRound, inRounds, withoutMedia].flatMap(cellsOf)
for (const line of asked.trim().split(/\n+/)) {
  const [name = "", where = "", what = ""] = line.split("|").map((part) => part.trim())
  const input = inputNamed(name)
  const movedBy = cells.filter((cell) => cell.input === input && moves(cell)).map(({ situation }) => situation)
  for (const situation of where === "everywhere" ? movedBy : where.split(" ").map(situationNamed)) {
    if (!movedBy.includes(situation)) throw new Error(`${name} moves nothing in ${situation}, and asks nothing`)
    const stops = timersOf(situations[situation]).map(([timer]) => `StopTimer:${timer}`).join(" ")
    commands.set(`${situation} ${name}`, what.replace("{stops}", stops).replace(/^none$/, "").trim().replaceAll(/ +/g, " "))
  }
}

/** One for each cell of the matrices. */
export const verdicts: ReadonlyArray<Expected> = cells.map((cell) => ({
  ...cell,
  commands: commands.get(`${cell.situation} ${cell.input}`) ?? ""
}))

/** What a cell feeds. */
export const inputOfCell = ({ input, situation }: Pick<Expected, "input" | "situation">) => inputIn(situation, input)
