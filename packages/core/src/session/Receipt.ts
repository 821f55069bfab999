/** What became of a message that was received. */
import type { EnigmaRtcError } from "../EnigmaRtcError.ts"

/** What became of a message that was received. */
export type Receipt =
  /** It did what it is for. */
  | { readonly _tag: "Delivered" }
  /** Legal, and meaningless by now: a repeat, or one that came too late. */
  | { readonly _tag: "Stale"; readonly why: string }
  /** Not yet of use; kept until it is. */
  | { readonly _tag: "Held"; readonly why: string }
  /** Wrong; nothing was done with it. */
  | { readonly _tag: "Refused"; readonly error: EnigmaRtcError }
