/** What became of a message that was received. */
import type { EnigmaRtcError } from "../EnigmaRtcError.ts"

/** What became of a message that was received. */
export type Receipt =
  /** It did what it is for. */
  | { readonly _tag: "Delivered" }
  /** It has come before. Lines tell of it; a session that stands alone calls a repeat stale. */
  | { readonly _tag: "Repeated" }
  /** Legal, and meaningless by now, such as one that came too late. */
  | { readonly _tag: "Stale"; readonly why: string }
  /** Not yet of use: another has to come first. Kept until then, and told of again. */
  | { readonly _tag: "Held"; readonly why: string }
  /** Wrong; nothing was done with it. */
  | { readonly _tag: "Refused"; readonly error: EnigmaRtcError }

/** What became of one text that came over a line's channel. */
export interface LineReceipt {
  readonly peer: string
  readonly callId?: string
  readonly receipt: Receipt
}
