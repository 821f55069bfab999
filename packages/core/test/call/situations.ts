/** Every situation that a call can be in, with its phases, and every input with its telling variants. Test data. */
import type { Call, CallInput, CallState, MediaIntent } from "../../src/call/index.ts"
import type { IceCandidate } from "../../src/signaling/index.ts"

export const intent: MediaIntent = {
  hold: false,
  data: false,
  send: { microphone: "on", camera: "on", screen: "off" },
  receive: { microphone: true, camera: true, screen: false }
}

export const candidate = (n: number): IceCandidate => ({
  candidate: `candidate:${n} 1 udp 2122260223 192.0.2.1 ${40_000 + n} typ host`,
  sdpMid: "0",
  sdpMLineIndex: 0
})
export const endOfCandidates: IceCandidate = { candidate: "", sdpMid: "0", sdpMLineIndex: 0 }

/** The number of the operation, or of the timer, that each situation waits for. */
export const live = 7
/** A number that was given to an operation or a timer before. */
export const late = 3

/** An offer's beginning, which is all that the machine reads of it, and its sections. */
export const offerOf = (session: number, version: number, ...sections: ReadonlyArray<string>): string =>
  ["v=0", `o=- ${session} ${version} IN IP4 127.0.0.1`, "s=-", "t=0 0", ...sections, ""].join("\r\n")
export const theirOffer = offerOf(41, 1, "m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=video 0 UDP/TLS/RTP/SAVPF 96")
const offered = { audio: true, video: false, data: false }

const call = (role: Call["role"]): Call => ({
  id: "call-1",
  role,
  intent,
  aware: true,
  serial: live,
  unsentEnds: [],
  ...(role === "callee" ? { remoteOrigin: "41 1" } : {})
})

const applying = (up: boolean): CallState => ({
  _tag: "WaitingAnswer",
  call: { ...call("caller"), unsentEnds: [endOfCandidates] },
  offer: "an offer",
  phase: { _tag: "Applying", operation: live, up }
})
const answering = (up: boolean): CallState => ({
  _tag: "IncomingOffer",
  call: call("callee"),
  offer: theirOffer,
  offered,
  phase: { _tag: "Answering", operation: live, up, local: [candidate(1), endOfCandidates] }
})

export const situations = {
  idle: { _tag: "Idle", intent, early: [] },
  creating: { _tag: "CreatingOffer", call: call("caller"), operation: live, local: [candidate(1)] },
  waiting: { _tag: "WaitingAnswer", call: call("caller"), offer: "an offer", phase: { _tag: "Waiting", timer: live } },
  applying: applying(false),
  applyingUp: applying(true),
  ringing: {
    _tag: "IncomingOffer",
    call: call("callee"),
    offer: theirOffer,
    offered,
    phase: { _tag: "Ringing", timer: live, early: [candidate(1)] }
  },
  answering: answering(false),
  answeringUp: answering(true),
  connecting: { _tag: "Connected", call: call("callee"), media: { _tag: "Connecting", timer: live } },
  up: { _tag: "Connected", call: call("callee"), media: { _tag: "Up" } },
  interrupted: { _tag: "Connected", call: call("callee"), media: { _tag: "Interrupted", timer: live } },
  ending: { _tag: "Ending", by: "local", reason: "normal" },
  ended: { _tag: "Ended", by: "remote", reason: "busy" }
} as const satisfies { readonly [name: string]: CallState }

export type Situation = keyof typeof situations

/** The name of the situation that a state is in. */
export const situationOf = (state: CallState): Situation => {
  switch (state._tag) {
    case "Idle":
      return "idle"
    case "CreatingOffer":
      return "creating"
    case "WaitingAnswer":
      if (state.phase._tag === "Waiting") return "waiting"
      return state.phase.up ? "applyingUp" : "applying"
    case "IncomingOffer":
      if (state.phase._tag === "Ringing") return "ringing"
      return state.phase.up ? "answeringUp" : "answering"
    case "Connected":
      return state.media._tag === "Connecting" ? "connecting" : state.media._tag === "Up" ? "up" : "interrupted"
    case "Ending":
      return "ending"
    case "Ended":
      return "ended"
  }
}

const failure = { engine: "test", operation: "createOffer", reason: "Refused", message: "it broke" }
const own = { callId: "call-1", aware: true }
const other = { callId: "call-2", aware: true }

export const inputs = {
  userCalls: { _tag: "UserCalled", callId: "call-1", media: {} },
  userAccepts: { _tag: "UserAccepted", media: {} },
  userDeclines: { _tag: "UserDeclined", reason: "declined" },
  userHangsUp: { _tag: "UserHungUp", reason: "normal" },
  userMutes: { _tag: "UserChangedMedia", media: { send: { microphone: "muted" } } },
  userSharesScreen: { _tag: "UserChangedMedia", media: { send: { screen: "on" } } },
  peerOffers: { _tag: "PeerOffered", sdp: theirOffer, ...own },
  peerOffersAnew: { _tag: "PeerOffered", sdp: offerOf(41, 2), ...own },
  peerOffersOther: { _tag: "PeerOffered", sdp: offerOf(42, 1), ...other },
  peerAnswers: { _tag: "PeerAnswered", sdp: "their answer", ...own },
  peerAnswersNameless: { _tag: "PeerAnswered", sdp: "their answer", aware: false },
  peerAnswersOther: { _tag: "PeerAnswered", sdp: "their answer", ...other },
  peerTrickles: { _tag: "PeerTrickled", candidate: candidate(9), ...own },
  peerTricklesOther: { _tag: "PeerTrickled", candidate: candidate(9), ...other },
  peerHangsUp: { _tag: "PeerHungUp", reason: "normal", ...own },
  peerHangsUpOther: { _tag: "PeerHungUp", reason: "normal", ...other },
  engineOffered: { _tag: "EngineOffered", operation: live, sdp: "our offer" },
  engineOfferedLate: { _tag: "EngineOffered", operation: late, sdp: "our offer" },
  engineAnswered: { _tag: "EngineAnswered", operation: live, sdp: "our answer" },
  engineAnsweredLate: { _tag: "EngineAnswered", operation: late, sdp: "our answer" },
  engineApplied: { _tag: "EngineApplied", operation: live },
  engineAppliedLate: { _tag: "EngineApplied", operation: late },
  engineRefused: { _tag: "EngineRefused", operation: live, failure },
  engineRefusedLate: { _tag: "EngineRefused", operation: late, failure },
  engineTrickled: { _tag: "EngineTrickled", candidate: candidate(2) },
  engineUp: { _tag: "EngineUp" },
  engineInterrupted: { _tag: "EngineInterrupted" },
  engineFailed: { _tag: "EngineFailed", failure },
  engineClosed: { _tag: "EngineClosed" },
  ringFires: { _tag: "TimerFired", timer: "ring", token: live },
  connectFires: { _tag: "TimerFired", timer: "connect", token: live },
  reconnectFires: { _tag: "TimerFired", timer: "reconnect", token: live },
  ringFiresLate: { _tag: "TimerFired", timer: "ring", token: late },
  connectFiresLate: { _tag: "TimerFired", timer: "connect", token: late },
  reconnectFiresLate: { _tag: "TimerFired", timer: "reconnect", token: late }
} as const satisfies { readonly [name: string]: CallInput }

export type InputName = keyof typeof inputs
