/** Errors and bytes as JSON has them, and back. For both sides of a served engine. */
import { WebRtcError } from "@enigma-rtc/core"
import type { WireData, WireError } from "./Frame.ts"

const toWireCause = (cause: unknown) =>
  cause instanceof Error ? { name: cause.name, message: cause.message } : { name: "Error", message: typeof cause === "string" ? cause : JSON.stringify(cause) ?? "" }

export const toWireError = ({ cause, engine, operation, reason }: WebRtcError): WireError => ({
  engine,
  operation,
  reason,
  ...(cause === undefined ? {} : { cause: toWireCause(cause) })
})

export const fromWireError = ({ cause, ...rest }: WireError): WebRtcError =>
  new WebRtcError({ ...rest, ...(cause === undefined ? {} : { cause: Object.assign(new Error(cause.message), { name: cause.name }) }) })

/** `String.fromCharCode` takes so many arguments everywhere. */
const chunk = 8_192

export const toWireData = (data: string | Uint8Array): WireData => {
  if (typeof data === "string") return data
  let binary = ""
  for (let at = 0; at < data.length; at += chunk) binary += String.fromCharCode(...data.subarray(at, at + chunk))
  return { bytes: btoa(binary) }
}

export const fromWireData = (data: WireData): string | Uint8Array =>
  typeof data === "string" ? data : Uint8Array.from(atob(data.bytes), (character) => character.charCodeAt(0))
