/** Every state and end of a call in words. For whoever looks at the page, or hears it read. */
import { type CallEnd, type CallState, WebRtcError } from "@enigma-rtc/core"
import { sfu } from "../../sfu/lateSfu.ts"
import type { PeerMedia } from "./peerMedia.ts"

export interface Words {
  readonly title: string
  readonly detail?: string
}

/** How a call that is on stands. */
export const stateWords = (state: CallState, peer: string): Words => {
  switch (state._tag) {
    case "Idle":
      return { title: `Calling ${peer}…` }
    case "CreatingOffer":
      return { title: `Calling ${peer}…`, detail: "Preparing the offer" }
    case "WaitingAnswer":
      return state.phase._tag === "Waiting"
        ? { title: `Ringing ${peer}…`, detail: "Waiting for an answer" }
        : { title: `${peer} has answered`, detail: "Taking the answer" }
    case "IncomingOffer":
      return state.phase._tag === "Ringing" ? { title: `${peer} is calling` } : { title: "Answering…", detail: `${peer} is calling` }
    case "Connected":
      switch (state.media._tag) {
        case "Connecting":
          return { title: "Connecting…", detail: "Looking for a path between you" }
        case "Interrupted":
          return { title: "Reconnecting…", detail: "Nothing comes through just now; a new path is looked for" }
        case "Up":
          return state.call.intent.hold
            ? { title: "On hold", detail: "Nothing is sent or played, until you resume" }
            : { title: `In a call with ${peer}` }
      }
      break
    case "Ending":
      return { title: "Hanging up…" }
    case "Ended":
      return { title: "The call has ended" }
  }
}

/** Why nothing comes from a peer whose call is up, as far as it has said. */
export const stillWords = (peer: string, media: PeerMedia | undefined): Words => {
  if (media?.hold === true) return { title: "On hold", detail: `${peer} has put the call on hold` }
  if (media?.microphone === false && !media.camera) return { title: `Nothing comes from ${peer}`, detail: "Their microphone and camera are off" }
  return { title: `Nothing comes from ${peer} just now` }
}

/** Why a call is over, and what to do about it. */
export const endWords = ({ by, failure, reason }: CallEnd, peer: string, wasUp: boolean): Words => {
  const mine = by === "local"
  switch (reason) {
    case "normal":
      if (mine) return { title: wasUp ? "You hung up" : "You cancelled the call" }
      return { title: wasUp ? `${peer} hung up` : `${peer} is not calling any more` }
    case "declined":
      return mine ? { title: "You declined the call" } : { title: `${peer} declined`, detail: "They do not want to talk just now." }
    case "busy":
      return mine ? { title: "You said that you are busy" } : { title: `${peer} is busy`, detail: "They are in another call. Try again later." }
    case "ring_timeout":
      return mine && !wasUp ? { title: "No answer", detail: `It rang for a while. ${peer} may be away from the page.` } : { title: "No answer" }
    case "connect_timeout":
      return { title: "No connection came about", detail: "A firewall may stand between you. Another network may help." }
    case "negotiation_timeout":
      return { title: `${peer} stopped responding`, detail: "A change to the call was never answered." }
    case "answered_elsewhere":
      return { title: "Answered elsewhere", detail: "Another of your devices took the call." }
    case "withdrawn":
      return { title: "Both of you called", detail: "The other call goes on." }
    case "replaced":
      return { title: "Another call took its place" }
    case "peer_restarted":
      return { title: `${peer}’s page was loaded anew`, detail: "It knows nothing of this call. It may call back in a moment." }
    case "ice_failed":
      return { title: "The connection was lost", detail: "No path between you was left. Try again, or from another network." }
    case "engine_error":
      return { title: "The browser could not go on", ...(failure === undefined ? {} : { detail: failure.message }) }
    case "signaling_failed":
      return { title: "The call could not be placed", detail: "The relay did not take it. It is tried anew when you call again." }
    case "engine_unsupported":
      return { title: "The two ends have no way in common", detail: "One of the pages may be of another version: reload both." }
    case "replaced_unknown":
    case "protocol_error":
      return { title: "The two ends did not understand each other", detail: "One of the pages may be of another version: reload both." }
    case "left":
      return { title: `${peer} left the room` }
    default:
      return { title: "The call has ended", detail: `The reason that was given: ${reason}` }
  }
}

/** What lies under an error, itself first. */
const tagsOf = (error: unknown): ReadonlyArray<string> => {
  if (typeof error !== "object" || error === null) return []
  const { _tag, cause, reason } = error as { readonly _tag?: string; readonly cause?: unknown; readonly reason?: { readonly _tag?: string } }
  return [_tag, reason?._tag, ...tagsOf(cause)].filter((tag) => tag !== undefined)
}

/** Is it only that the peer has not said in time that it has moved, too? Then the call moves when it does. */
export const isLateMove = (error: unknown): boolean =>
  error instanceof WebRtcError && error.operation === "switchEngine" && error.reason._tag === "Timeout"

/** Why a call did not move to an engine. `way`: how its media goes still. */
export const stayWords = (peer: string, way: string, to: string, error: unknown): string => {
  if (isLateMove(error)) return `${peer} does not answer: media goes ${way} until then.`
  const tags = tagsOf(error)
  const why = () => {
    if (tags.includes("SfuRefused")) return "The SFU refuses"
    if (error instanceof Error && error.message.includes("moves")) return "It is being moved already"
    // The other end could not, or no media came through.
    return to !== sfu || tags[0] === "InvalidState" ? "No connection came about there" : "The SFU cannot be reached"
  }
  return `${why()}: media still goes ${way}.`
}

/** `4:07`, or `1:02:09`. */
export const clockWords = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, "0")
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
