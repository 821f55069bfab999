/** A command in a word, as the verdicts name it. Test data. */
import type { CallCommand } from "../../src/call/index.ts"

export const wordOf = (command: CallCommand): string => {
  switch (command._tag) {
    case "Emit":
      return command.event._tag
    case "StartTimer":
    case "StopTimer":
      return `${command._tag}:${command.timer}`
    case "SendHangup":
      // These two do not say that the call has ended.
      if (command.answeredBy !== undefined) return "SendHangup:answered"
      return command.reason === "withdrawn" ? "SendHangup:withdrawn" : "SendHangup"
    default:
      return command._tag
  }
}
