/** What must happen in every situation on every input, written by hand: the test's own copy of the machine's law. */
import { type InputName, inputs, type Situation, situations } from "./situations.ts"

/** The situation that each input leads to; `.` is ignored, `x` is rejected. `=` stays, with a changed or equal state. */
const matrix = `
                    idle      creating waiting  applying   applyingUp ringing   answering   answeringUp connecting  up          interrupted ending ended
userCalls           creating  x        x        x          x          x         x           x           x           x           x           x      x
userAccepts         x         x        x        x          x          answering x           x           x           x           x           x      x
userDeclines        x         x        x        x          x          ended     x           x           x           x           x           x      x
userHangsUp         ended     ending   ending   ending     ending     ended     ending      ending      ending      ending      ending      x      x
userMutes           =         =        =        =          =          =         =           =           =           =           =           x      x
userSharesScreen    =         x        x        x          x          =         x           x           x           x           x           x      x
peerOffers          ringing   .        .        .          .          .         .           .           .           .           .           .      .
peerOffersAnew      ringing   .        .        .          .          x         x           x           x           x           x           .      .
peerOffersOther     ringing   .        .        .          .          .         .           .           .           .           .           .      .
peerAnswers         x         x        applying .          .          x         x           x           .           .           .           .      .
peerAnswersNameless x         x        applying .          .          x         x           x           .           .           .           .      .
peerAnswersOther    x         x        .        .          .          x         x           x           .           .           .           .      .
peerTrickles        =         .        =        =          =          =         =           =           =           =           =           .      .
peerTricklesOther   =         .        .        .          .          .         .           .           .           .           .           .      .
peerHangsUp         .         .        ending   ending     ending     ended     ending      ending      ending      ending      ending      .      .
peerHangsUpOther    .         .        .        .          .          .         .           .           .           .           .           .      .
engineOffered       .         waiting  .        .          .          .         .           .           .           .           .           .      .
engineOfferedLate   .         .        .        .          .          .         .           .           .           .           .           .      .
engineAnswered      .         .        .        .          .          .         connecting  up          .           .           .           .      .
engineAnsweredLate  .         .        .        .          .          .         .           .           .           .           .           .      .
engineApplied       .         .        .        connecting up         .         .           .           .           .           .           .      .
engineAppliedLate   .         .        .        .          .          .         .           .           .           .           .           .      .
engineRefused       .         ending   .        ending     ending     .         ending      ending      .           .           .           .      .
engineRefusedLate   .         .        .        .          .          .         .           .           .           .           .           .      .
engineTrickled      .         =        =        =          =          .         =           =           =           =           =           .      .
engineUp            .         .        .        applyingUp =          .         answeringUp =           up          .           up          .      .
engineInterrupted   .         .        .        =          applying   .         =           answering   .           interrupted .           .      .
engineFailed        .         ending   ending   ending     ending     .         ending      ending      ending      ending      ending      .      .
engineClosed        .         .        .        .          .          .         .           .           .           .           .           ended  .
ringFires           .         .        ending   .          .          ended     .           .           .           .           .           .      .
connectFires        .         .        .        .          .          .         .           .           ending      .           .           .      .
reconnectFires      .         .        .        .          .          .         .           .           .           .           ending      .      .
ringFiresLate       .         .        .        .          .          .         .           .           .           .           .           .      .
connectFiresLate    .         .        .        .          .          .         .           .           .           .           .           .      .
reconnectFiresLate  .         .        .        .          .          .         .           .           .           .           .           .      .
`
/** What each move asks of the world, in order. A move that is not here asks nothing. */
const asked: { readonly [S in Situation]?: { readonly [I in InputName]?: string } } = {
  idle: {
    userCalls: "OpenPeer CreateOffer",
    userHangsUp: "ConnectionClosed",
    peerOffers: "StartTimer:ring",
    peerOffersAnew: "StartTimer:ring",
    peerOffersOther: "StartTimer:ring"
  },
  creating: {
    userHangsUp: "ClosePeer",
    userMutes: "ApplyIntent",
    engineOffered: "SendOffer SendCandidates StartTimer:ring",
    engineRefused: "ClosePeer",
    engineFailed: "ClosePeer"
  },
  waiting: {
    userHangsUp: "SendHangup StopTimer:ring ClosePeer",
    userMutes: "ApplyIntent",
    peerAnswers: "StopTimer:ring ApplyAnswer",
    peerAnswersNameless: "StopTimer:ring ApplyAnswer",
    peerTrickles: "AddCandidates",
    peerHangsUp: "StopTimer:ring ClosePeer",
    engineTrickled: "SendCandidates",
    engineFailed: "SendHangup StopTimer:ring ClosePeer",
    ringFires: "SendHangup ClosePeer"
  },
  applying: {
    userHangsUp: "SendHangup ClosePeer",
    userMutes: "ApplyIntent",
    peerTrickles: "AddCandidates",
    peerHangsUp: "ClosePeer",
    engineApplied: "SendCandidates StartTimer:connect",
    engineRefused: "SendHangup ClosePeer",
    engineTrickled: "SendCandidates",
    engineFailed: "SendHangup ClosePeer"
  },
  applyingUp: {
    userHangsUp: "SendHangup ClosePeer",
    userMutes: "ApplyIntent",
    peerTrickles: "AddCandidates",
    peerHangsUp: "ClosePeer",
    engineApplied: "SendCandidates ConnectionEstablished",
    engineRefused: "SendHangup ClosePeer",
    engineTrickled: "SendCandidates",
    engineFailed: "SendHangup ClosePeer"
  },
  ringing: {
    userAccepts: "StopTimer:ring OpenPeer CreateAnswer AddCandidates",
    userDeclines: "StopTimer:ring SendHangup ConnectionClosed",
    userHangsUp: "StopTimer:ring SendHangup ConnectionClosed",
    peerHangsUp: "StopTimer:ring ConnectionClosed",
    ringFires: "SendHangup ConnectionClosed"
  },
  answering: {
    userHangsUp: "SendHangup ClosePeer",
    userMutes: "ApplyIntent",
    peerTrickles: "AddCandidates",
    peerHangsUp: "ClosePeer",
    engineAnswered: "SendAnswer SendCandidates StartTimer:connect",
    engineRefused: "SendHangup ClosePeer",
    engineFailed: "SendHangup ClosePeer"
  },
  answeringUp: {
    userHangsUp: "SendHangup ClosePeer",
    userMutes: "ApplyIntent",
    peerTrickles: "AddCandidates",
    peerHangsUp: "ClosePeer",
    engineAnswered: "SendAnswer SendCandidates ConnectionEstablished",
    engineRefused: "SendHangup ClosePeer",
    engineFailed: "SendHangup ClosePeer"
  },
  connecting: {
    userHangsUp: "SendHangup StopTimer:connect ClosePeer",
    userMutes: "ApplyIntent",
    peerTrickles: "AddCandidates",
    peerHangsUp: "StopTimer:connect ClosePeer",
    engineTrickled: "SendCandidates",
    engineUp: "StopTimer:connect ConnectionEstablished",
    engineFailed: "SendHangup StopTimer:connect ClosePeer",
    connectFires: "SendHangup ClosePeer"
  },
  up: {
    userHangsUp: "SendHangup ClosePeer",
    userMutes: "ApplyIntent",
    peerTrickles: "AddCandidates",
    peerHangsUp: "ClosePeer",
    engineTrickled: "SendCandidates",
    engineInterrupted: "StartTimer:reconnect ConnectionInterrupted",
    engineFailed: "SendHangup ClosePeer"
  },
  interrupted: {
    userHangsUp: "SendHangup StopTimer:reconnect ClosePeer",
    userMutes: "ApplyIntent",
    peerTrickles: "AddCandidates",
    peerHangsUp: "StopTimer:reconnect ClosePeer",
    engineTrickled: "SendCandidates",
    engineUp: "StopTimer:reconnect ConnectionRestored",
    engineFailed: "SendHangup StopTimer:reconnect ClosePeer",
    reconnectFires: "SendHangup ClosePeer"
  },
  ending: { engineClosed: "ConnectionClosed" }
}

export interface Expected {
  readonly situation: Situation
  readonly input: InputName
  readonly verdict: "ignored" | "rejected" | Situation
  readonly commands: string
}

const [columns = [], ...rows] = matrix.trim().split("\n").map((line) => line.trim().split(/ +/))

const expectation = (input: string, situation: string, cell: string): Expected => {
  if (!(input in inputs) || !(situation in situations)) throw new Error(`no such cell: ${situation} ${input}`)
  // Both names have just been looked up.
  const at = { situation: situation as Situation, input: input as InputName }
  const verdict = cell === "." ? "ignored" : cell === "x" ? "rejected" : cell === "=" ? at.situation : (cell as Situation)
  return { ...at, verdict, commands: asked[at.situation]?.[at.input] ?? "" }
}

/** One for each cell of the matrix. */
export const verdicts: ReadonlyArray<Expected> = rows.flatMap(([input = "", ...cells]) =>
  columns.map((situation, i) => expectation(input, situation, cells[i] ?? ""))
)
