/** What the machine has to tell the app. The session adds what only an engine knows. */
import type { CallEnd, EngineFailure } from "./EndReason.ts"

/** What the machine tells the app. */
export type CallEvent =
  /** Media flows for the first time: ICE and DTLS are connected. */
  | { readonly _tag: "ConnectionEstablished" }
  /** Media flowed, and does not now. */
  | { readonly _tag: "ConnectionInterrupted" }
  /** Media flows again. */
  | { readonly _tag: "ConnectionRestored" }
  /** The engine could not make an offer in the call, which goes on as it was. It is tried again after 5 s. */
  | { readonly _tag: "NegotiationFailed"; readonly failure: EngineFailure }
  /** The last event of every call: who ended it, and why. */
  | ({ readonly _tag: "ConnectionClosed" } & CallEnd)
