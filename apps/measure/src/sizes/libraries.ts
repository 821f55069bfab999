/** What is weighed: ours and what else there is, each as a page imports it, everything included. */
export interface Library {
  readonly title: string
  readonly code: string
  readonly note?: string
}

export const libraries: ReadonlyArray<Library> = [
  {
    title: "enigma-rtc",
    code: `export { openLine } from "@enigma-rtc/core/promise"
           export { BrowserEngine } from "@enigma-rtc/engine-browser"
           export { openMedia, remoteStream } from "@enigma-rtc/engine-browser/promise"`,
    note: "openLine, engine-browser, openMedia, Effect"
  },
  {
    title: "enigma-rtc, every export",
    code: `export * from "@enigma-rtc/core"
           export * as promise from "@enigma-rtc/core/promise"
           export * as browser from "@enigma-rtc/engine-browser"
           export * as media from "@enigma-rtc/engine-browser/promise"`,
    note: "both APIs, Effect"
  },
  { title: "PeerJS", code: `export { Peer } from "peerjs"` },
  // Its own build for browsers: its source asks for Node's modules.
  { title: "simple-peer", code: `export { default } from "simple-peer/simplepeer.min.js"`, note: "its own build for browsers" },
  { title: "mediasoup-client", code: `export { Device } from "mediasoup-client"` },
  { title: "SIP.js", code: `import { Web } from "sip.js"; export const { SimpleUser } = Web`, note: "SimpleUser" },
  { title: "livekit-client", code: `export { Room } from "livekit-client"` }
]

export const ours = "enigma-rtc"
export const budgetKib = 23
