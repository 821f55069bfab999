/** What the adapters of the conformance suite's own tests can be asked for. */

export interface EngineOptions {
  /** Is there something to send in every slot? Default `true`. */
  readonly sends?: boolean
  /** The microphone ends by itself so long after it began to be sent. */
  readonly endsAfterMs?: number
}
