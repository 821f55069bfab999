/** The tab's title says who calls, or whom one is with. */
import { useSignalEffect } from "@preact/signals"
import { ringing, shownCalls } from "../model/store.ts"

export const useTitle = (): void =>
  useSignalEffect(() => {
    const [first] = shownCalls.value
    const words = ringing.value !== undefined
      ? `${ringing.value.peer} is calling`
      : first === undefined ? undefined : `Call with ${shownCalls.value.map(({ peer }) => peer).join(", ")}`
    document.title = words === undefined ? "enigma-rtc" : `${words} · enigma-rtc`
  })
