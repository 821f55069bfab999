/** Whether both ends called each other in a call, and which call went on. For the glass box. */
import type { Step } from "./Step.ts"

export interface Collision {
  /** Our call went on; or we gave it up for the peer's. */
  readonly isOurs: boolean
  /** After so many steps. */
  readonly at: number
}

const wentOn = ({ input, verdict, why }: Step): boolean =>
  input._tag === "PeerOffered" && verdict === "Ignored" && why?.startsWith("both call") === true
const gaveUp = ({ from, input, verdict }: Step): boolean =>
  input._tag === "PeerOffered" && verdict === "Moved" && (from === "CreatingOffer" || from === "WaitingAnswer")

export const collisionIn = (steps: ReadonlyArray<Step>): Collision | undefined => {
  const index = steps.findIndex((step) => wentOn(step) || gaveUp(step))
  const step = steps[index]
  return step === undefined ? undefined : { isOurs: wentOn(step), at: index + 1 }
}
