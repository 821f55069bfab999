/** The media of the calls that are searched: one section is enough. */
import type { MediaIntent } from "@enigma-rtc/core/call"

export const modelIntent: MediaIntent = {
  hold: false,
  data: false,
  send: { microphone: "on", camera: "off", screen: "off" },
  receive: { microphone: true, camera: false, screen: false }
}
