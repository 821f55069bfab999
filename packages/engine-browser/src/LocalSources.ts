/** The local tracks that calls send, one a slot, and the calls that send them. For local media, and for the driver. */
import type { Slot, WebRtcError } from "@enigma-rtc/core"
import { acquireTracks, isTrack } from "./acquireTracks.ts"
import type { DeviceRequest, MediaRequest, ScreenRequest, SlotRequests } from "./MediaRequest.ts"

/** For engines: a call, as local media sees it. */
export interface SendingCall {
  /** Does it send this slot now, if there is something to send? */
  readonly sends: (slot: Slot) => boolean
  /** There are other tracks to send. Fulfilled when they are sent; what was sent before is then closed. */
  readonly changed: () => Promise<unknown>
  /** What it sent has ended by itself; `reason` is in words. */
  readonly ended: (slot: Slot, reason: string) => void
}

/** What local media sees. */
interface OpenSources {
  readonly track: (slot: Slot) => MediaStreamTrack | undefined
  readonly preview: (slot: Slot) => MediaStream
  readonly join: (call: SendingCall) => () => void
  readonly demand: () => void
  readonly open: (request: MediaRequest) => Promise<void>
  readonly use: (slot: Slot, request: DeviceRequest | ScreenRequest, signal?: AbortSignal) => Promise<void>
  readonly stop: (slot: Slot) => Promise<void>
  readonly close: () => Promise<void>
}

interface Source {
  readonly track: MediaStreamTrack
  readonly release: () => void
}

export const makeSources = ({ whenMuted }: Pick<MediaRequest, "whenMuted">): OpenSources => {
  const held = new Map<Slot, Source>()
  /** What to open a device again by. */
  const devices = new Map<Slot, SlotRequests>()
  const previews = new Map<Slot, MediaStream>()
  const calls = new Set<SendingCall>()
  let isClosed = false
  let turn: Promise<unknown> = Promise.resolve()

  /** One after another, for one may wait for its user. */
  const inTurn = <A>(run: () => Promise<A>): Promise<A> => {
    const done = turn.then(run)
    turn = done.catch(() => {})
    return done
  }
  const preview = (slot: Slot) => {
    const stream = previews.get(slot) ?? new MediaStream()
    previews.set(slot, stream)
    return stream
  }
  /** A call that cannot follow tells so by itself. */
  const tell = () => Promise.allSettled([...calls].map((call) => call.changed()))
  const put = async (slot: Slot, next?: Source) => {
    const last = held.get(slot)
    if (next === undefined) held.delete(slot)
    else held.set(slot, next)
    if (last !== undefined) preview(slot).removeTrack(last.track)
    if (next !== undefined) preview(slot).addTrack(next.track)
    await tell()
    last?.release()
  }
  const tellEnd = (slot: Slot, reason: string) => calls.forEach((call) => call.ended(slot, reason))
  const sourceOf = (slot: Slot, track: MediaStreamTrack, isOwn: boolean): Source => {
    const end = () => {
      // It has been replaced.
      if (held.get(slot)?.track !== track) return
      devices.delete(slot)
      void put(slot)
      tellEnd(slot, slot === "screen" ? "It is no longer shared." : "It is gone, or may no longer be used.")
    }
    track.addEventListener("ended", end)
    return {
      track,
      release: () => {
        track.removeEventListener("ended", end)
        if (isOwn) track.stop()
      }
    }
  }
  const acquire = async (operation: string, requests: SlotRequests, signal?: AbortSignal) => {
    const tracks = await acquireTracks(operation, requests)
    for (const [slot, track] of tracks) {
      const source = sourceOf(slot, track, !isTrack(requests[slot]))
      // Whoever asked is gone.
      if (isClosed || signal?.aborted === true) source.release()
      else await put(slot, source)
    }
  }
  const remember = (slot: Slot, request: DeviceRequest | ScreenRequest | undefined) => {
    if (slot === "screen" || request === undefined || isTrack(request)) devices.delete(slot)
    else devices.set(slot, { [slot]: request })
  }
  /** Frees a device that no call sends, and opens it when one does. */
  const settle = async (slot: Slot) => {
    const request = devices.get(slot)
    const isSent = [...calls].some((call) => call.sends(slot))
    if (request === undefined || isSent === held.has(slot)) return
    if (isSent) await acquire("openMedia", request).catch((error: WebRtcError) => tellEnd(slot, error.message))
    else if (calls.size > 0) await put(slot)
  }
  const demand = () => {
    if (whenMuted === "free") for (const slot of devices.keys()) void inTurn(() => settle(slot))
  }
    return {
    track: (slot) => held.get(slot)?.track,
    preview,
    join: (call) => {
      calls.add(call)
      demand()
      return () => {
        calls.delete(call)
        demand()
      }
    },
    demand,
    open: (request) => inTurn(async () => {
      await acquire("openMedia", request)
      remember("microphone", request.microphone)
      remember("camera", request.camera)
    }),
    use: (slot, request, signal) => inTurn(async () => {
      const isFreed = devices.has(slot) && !held.has(slot)
      // A device that is closed since nobody sends it is switched without being opened.
      if (!isFreed || isTrack(request)) {
        await acquire("use", { [slot]: request }, signal).catch(async (error: WebRtcError) => {
          if (!held.has(slot) || !("fault" in error.reason) || error.reason.fault !== "in-use") throw error
          // Many a phone has one camera at a time.
          await put(slot)
          await acquire("use", { [slot]: request }, signal)
        })
      }
      if (signal?.aborted !== true) remember(slot, request)
      if (isFreed) await settle(slot)
    }),
    stop: (slot) => inTurn(() => {
      devices.delete(slot)
      return put(slot)
    }),
    close: async () => {
      isClosed = true
      await Promise.all([...held.keys()].map((slot) => put(slot)))
      devices.clear()
    }
  }
}
