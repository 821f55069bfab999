/** Descriptions as they are handed out: of one session, each newer than the one before, with the screen's sections marked. */
import { randomInt } from "node:crypto"
import { markScreen } from "@enigma-rtc/core"

export class LocalDescriptions {
  /** Any number will do (RFC 9429 section 5.2.1). */
  readonly #sessionId = randomInt(2 ** 47, 2 ** 48 - 1)
  #version = 0

  /** werift names another session in each, and version 0 (`addSDPHeader` in `webrtc/src/sdp.js`; RFC 9429 section 5.2.2). */
  handOut(sdp: string, screenMids: ReadonlyArray<string>): string {
    this.#version += 1
    return markScreen(sdp, screenMids).replace(/^o=\S+ \S+ \S+/m, `o=- ${this.#sessionId} ${this.#version}`)
  }
}
