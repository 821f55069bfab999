/** What an app may configure of a call: the crate's fields, and the time limits. Every field has a default. */
import * as Result from "effect/Result"
import type { MediaIntent, Sending } from "./call/MediaIntent.ts"
import { WebRtcError } from "./EnigmaRtcError.ts"

/** A STUN or TURN server (W3C WebRTC section 4.2.2). */
export interface IceServer {
  /** URLs of RFC 7064 (`stun:`, `stuns:`) or RFC 7065 (`turn:`, `turns:`). */
  readonly urls: ReadonlyArray<string>
  readonly username?: string
  readonly credential?: string
}

/** A whole configuration, as engines get it. */
export interface RtcConfig {
  /** Empty by default: no server is contacted that the app has not named. */
  readonly iceServers: ReadonlyArray<IceServer>
  /** Asked for the servers when a connection is opened, and again for each ICE restart: TURN credentials run out. */
  readonly askIceServers?: () => unknown
  /** The codecs to put first, best first, by their SDP names without case: `opus`, or `["PCMU", "VP9"]`. */
  readonly preferCodec?: string | ReadonlyArray<string>
  /** Offer, and take, the microphone's section. Default `true`. */
  readonly enableAudio: boolean
  /** Offer, and take, the camera's section. Default `true`. */
  readonly enableVideo: boolean
  /** Offer a section for data channels; an offered one is always taken. Default `false`. */
  readonly enableData: boolean
  /** How long to ring, on both ends. Default 60 s. This and the other limits: whole milliseconds from 1 to 2^31 - 1. */
  readonly ringTimeoutMs: number
  /** How long media may take to come up after the answer. Default 30 s. */
  readonly connectTimeoutMs: number
  /** How long media may stay interrupted. Default 30 s. */
  readonly reconnectTimeoutMs: number
  /** How long an offer in a call may wait for its answer. Default 60 s. */
  readonly negotiationTimeoutMs: number
  /** How long a caller leaves interrupted media to ICE before it restarts ICE; a callee waits 3 s more. Default 2 s. */
  readonly disconnectedGraceMs: number
  /** How long one operation of an engine may take. Default 10 s. */
  readonly operationTimeoutMs: number
}

/** ICE servers as an app writes them: as URLs or as objects. */
export type IceServersInput = ReadonlyArray<
  string | { readonly urls: string | ReadonlyArray<string>; readonly username?: string; readonly credential?: string }
>

/** What an app writes: any part of a configuration. */
export interface RtcConfigInput extends Partial<Omit<RtcConfig, "iceServers" | "askIceServers">> {
  /**
   * The servers, or what gives them: that is asked when a connection is opened, and again for each ICE restart, since TURN
   * credentials run out. It may take half of `operationTimeoutMs`. A call that cannot have any ends; a restart goes on
   * with those that it had.
   */
  readonly iceServers?: IceServersInput | (() => IceServersInput | Promise<IceServersInput>)
}

const defaults: RtcConfig = {
  iceServers: [],
  enableAudio: true,
  enableVideo: true,
  enableData: false,
  ringTimeoutMs: 60_000,
  connectTimeoutMs: 30_000,
  reconnectTimeoutMs: 30_000,
  negotiationTimeoutMs: 60_000,
  disconnectedGraceMs: 2_000,
  operationTimeoutMs: 10_000
}

const timeLimits = [
  "ringTimeoutMs",
  "connectTimeoutMs",
  "reconnectTimeoutMs",
  "negotiationTimeoutMs",
  "disconnectedGraceMs",
  "operationTimeoutMs"
] as const

const kinds = ["enableAudio", "enableVideo", "enableData"] as const
const fields = [...Object.keys(defaults), "preferCodec"]

/** setTimeout's largest delay; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1

const isText = (value: unknown): value is string => typeof value === "string"

/** The error of a configuration, of a call or of a line, that has a field that nothing could be done with. */
export const invalidConfig = (field: string, expected: string): WebRtcError =>
  new WebRtcError({ engine: "core", operation: "configure", reason: { _tag: "InvalidConfig", field, expected } })

/** A server as engines take it, or what was expected instead. */
const readServer = (server: unknown): IceServer | string => {
  const { urls, username, credential } = (typeof server === "string" ? { urls: server } : server ?? {}) as {
    readonly [field: string]: unknown
  }
  const list: ReadonlyArray<unknown> = Array.isArray(urls) ? urls : [urls]
  const isUrl = (url: unknown): url is string =>
    isText(url) && /^(stuns?|turns?):[^\s/?]+(\?transport=(udp|tcp))?$/i.test(url)
  if (list.length === 0 || !list.every(isUrl)) {
    return "a stun:, stuns:, turn: or turns: URL (RFC 7064, RFC 7065), or an object with urls"
  }
  if (list.some((url) => /^turn/i.test(url)) && !(isText(username) && isText(credential))) {
    return "a username and a credential for a TURN server"
  }
  return {
    urls: list,
    ...(isText(username) ? { username } : {}),
    ...(isText(credential) ? { credential } : {})
  }
}

/** Servers as engines take them, or the field that no engine could use. */
export const readIceServers = (servers: unknown): Result.Result<ReadonlyArray<IceServer>, WebRtcError> => {
  if (!Array.isArray(servers)) return Result.fail(invalidConfig("iceServers", "a list, or a function that gives one"))
  const iceServers: Array<IceServer> = []
  for (const [i, server] of servers.entries()) {
    const read = readServer(server)
    if (typeof read === "string") return Result.fail(invalidConfig(`iceServers[${i}]`, read))
    iceServers.push(read)
  }
  return Result.succeed(iceServers)
}

/**
 * Fills in the defaults. What no engine could use is a `WebRtcError` with reason `InvalidConfig`, and so is a field that
 * there is not, such as a misspelt one; `undefined` counts as left out.
 */
export const makeConfig = (input: RtcConfigInput = {}): Result.Result<RtcConfig, WebRtcError> => {
  const refuse = (field: string, expected: string) => Result.fail(invalidConfig(field, expected))
  // Configurations come from files and forms too: nothing of their types is taken for granted.
  if (typeof input !== "object" || input === null || Array.isArray(input)) return refuse("config", "an object")
  const { iceServers: servers = [], ...rest } = input
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const unknown = Object.keys(given).find((field) => !fields.includes(field))
  if (unknown !== undefined) return refuse(unknown, `one of the fields ${fields.join(", ")}`)
  const asks = typeof servers === "function"
  const read = readIceServers(asks ? [] : servers)
  if (Result.isFailure(read)) return Result.fail(read.failure)
  const config: RtcConfig = { ...defaults, ...given, iceServers: read.success, ...(asks ? { askIceServers: servers } : {}) }
  for (const field of kinds) {
    if (typeof config[field] !== "boolean") return refuse(field, "true or false")
  }
  if (!kinds.some((field) => config[field])) {
    return refuse("enableAudio", "at least one of enableAudio, enableVideo and enableData to be true")
  }
  for (const field of timeLimits) {
    const ms = config[field]
    if (!(Number.isInteger(ms) && ms >= 1 && ms <= longestMs)) {
      return refuse(field, `whole milliseconds from 1 to ${longestMs}`)
    }
  }
  const { preferCodec } = config
  if (preferCodec === undefined) return Result.succeed(config)
  const codecs = [preferCodec].flat()
  if (!codecs.every((name) => isText(name) && name !== "")) {
    return refuse("preferCodec", "the name of a codec, or a list of such names")
  }
  // A copy of the list: the app may go on with its own.
  return Result.succeed({ ...config, preferCodec: isText(preferCodec) ? preferCodec : codecs })
}

/** The media that a call wants before its user has said anything else. */
export const initialIntent = (config: RtcConfig): MediaIntent => {
  const sending = (enabled: boolean): Sending => (enabled ? "on" : "off")
  return {
    hold: false,
    data: config.enableData,
    ...(config.preferCodec === undefined ? {} : { preferCodec: config.preferCodec }),
    send: { microphone: sending(config.enableAudio), camera: sending(config.enableVideo), screen: "off" },
    receive: { microphone: config.enableAudio, camera: config.enableVideo, screen: false }
  }
}
