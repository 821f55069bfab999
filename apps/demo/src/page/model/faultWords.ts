/** Why there is no microphone or camera, and what to do, in words. */
import type { MediaFault } from "@enigma-rtc/core"

export const faultWords = (slot: "microphone" | "camera", fault: MediaFault): string => {
  switch (fault) {
    case "denied":
      return `This page may not use your ${slot}. Allow it next to the address in the address bar, then try again.`
    case "not-found":
      return `No ${slot} is there. Plug one in, then try again; calls work without.`
    case "in-use":
      return `Another program has your ${slot}. Close it there, then try again.`
    case "unsatisfiable":
      return `That ${slot} is not there any more. Choose another one.`
    case "unsupported":
      return `The browser gives no ${slot} to a page that is not on HTTPS or localhost.`
    case "failed":
      return `The ${slot} could not be opened. Try again, or choose another one.`
  }
}
