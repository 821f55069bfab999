/** Everything that the machine may ask of the world. The machine does none of it; the session does, in order. */
import type { IceCandidate } from "../signaling/iceCandidate.ts"
import type { TimerName } from "./CallInput.ts"
import type { EndReason } from "./EndReason.ts"
import type { MediaIntent } from "./MediaIntent.ts"
import type { CallEvent } from "./CallEvent.ts"

/** What the machine asks to be done. */
export type CallCommand =
  | { readonly _tag: "OpenPeer"; readonly operation: number; readonly intent: MediaIntent }
  /** Answered by `EngineClosed`, whatever the engine does. */
  | { readonly _tag: "ClosePeer" }
  /** Answered by `EngineOffered` or `EngineRefused`, and so on. */
  | { readonly _tag: "CreateOffer"; readonly operation: number }
  | { readonly _tag: "CreateAnswer"; readonly operation: number; readonly offer: string }
  | { readonly _tag: "ApplyAnswer"; readonly operation: number; readonly answer: string }
  | { readonly _tag: "AddCandidates"; readonly candidates: ReadonlyArray<IceCandidate> }
  | { readonly _tag: "ApplyIntent"; readonly intent: MediaIntent }
  | { readonly _tag: "SendOffer"; readonly sdp: string }
  | { readonly _tag: "SendAnswer"; readonly sdp: string }
  | { readonly _tag: "SendCandidates"; readonly candidates: ReadonlyArray<IceCandidate> }
  | { readonly _tag: "SendHangup"; readonly reason: EndReason }
  | { readonly _tag: "StartTimer"; readonly timer: TimerName; readonly token: number }
  | { readonly _tag: "StopTimer"; readonly timer: TimerName }
  | { readonly _tag: "Emit"; readonly event: CallEvent }
