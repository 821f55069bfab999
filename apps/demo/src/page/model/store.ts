/** The page's one state: which room, who is there, which calls are on; and what its user can do about it. */
import type { CallEnd, LineCall } from "@enigma-rtc/core"
import { computed, effect, signal } from "@preact/signals"
import type { Note } from "../../relay/notes.ts"
import { nameKey } from "../../relay/protocol.ts"
import { readRoomLink, type RoomKey, roomLink } from "../../relay/roomLink.ts"
import type { ServerConfig } from "../../relay/ServerConfig.ts"
import { type ActiveCall, makeActiveCall, openingMedia } from "./ActiveCall.ts"
import { announce, announceWhile } from "./announce.ts"
import { sfu, waysOf } from "./engines.ts"
import { makeGlare } from "./glare.ts"
import { makeGroup } from "./group.ts"
import { lately, sayLately } from "./lately.ts"
import { askForDevices, camera, isUnasked, microphone, openIfAllowed, unshareScreen, wanted } from "./media.ts"
import { makePeerMedia } from "./peerMedia.ts"
import { openRoom, type Room } from "./Room.ts"
import { serverUrl } from "./serverUrl.ts"
import { keepCall, keepName, readCall, readName } from "./tab.ts"
import { endWords } from "./words.ts"

/** A call that is over, for as long as its user wants to read about it. */
export interface OverCall {
  readonly peer: string
  readonly end: CallEnd
  readonly upMs: number | undefined
}

const config = signal<ServerConfig | undefined>(undefined)
/** Why the page cannot even begin. */
export const trouble = signal<string | undefined>(undefined)
export const roomKey = signal<RoomKey | undefined>(undefined)
export const room = signal<Room | undefined>(undefined)
export const name = signal(readName())
export const calls = signal<ReadonlyArray<ActiveCall>>([])
export const over = signal<OverCall | undefined>(undefined)

export const ways = computed(() => (config.value === undefined ? [] : waysOf(config.value)))
export const link = computed(() => (roomKey.value === undefined ? "" : roomLink(location.origin, roomKey.value)))
export const peers = computed(() => room.value?.peers.value ?? [])
export const isBot = (peer: string): boolean => config.value?.bot != null && nameKey(config.value.bot) === nameKey(peer)
const isRinging = ({ isOutgoing, state }: ActiveCall): boolean =>
  !isOutgoing && state.value._tag === "IncomingOffer" && state.value.phase._tag === "Ringing"
export const ringing = computed(() => calls.value.find(isRinging))
/** The calls that are shown: all but those that ring here. */
export const shownCalls = computed(() => calls.value.filter((call) => !isRinging(call)))

export const group = makeGroup({
  people: computed(() => peers.value.map((peer) => peer.name).filter((peer) => !isBot(peer))),
  note: (note, peer) => void room.peek()?.note(note, peer),
  call: (peer) => void callInGroup(peer)
})
export const glare = makeGlare({
  note: async (note, peer) => room.peek()?.note(note, peer),
  call: (peer) => callPeer(peer),
  leave: (peer) => Promise.all(calls.peek().filter((call) => call.peer === peer).map((call) => call.hangup()))
})
export const peerMedia = makePeerMedia({
  calls,
  own: computed(() => ({
    microphone: wanted.microphone.value && microphone.value._tag === "Open",
    camera: wanted.camera.value && camera.value._tag === "Open"
  })),
  // A bot does not mind.
  note: async (note, peer) => isBot(peer) || (await room.peek()?.note(note, peer)) === true
})
/** Why a group that could go through the SFU does not, in words. */
export const groupTrouble = signal<string | undefined>(undefined)
const goPeerToPeer = (): void => {
  groupTrouble.value = "The SFU cannot be reached"
  announce("The SFU cannot be reached: the group goes from peer to peer.")
}
/** The others of a group are called through the SFU, where there is one. */
const callInGroup = async (peer: string): Promise<void> => {
  const isThere = ways.peek().length > 1 && (await room.peek()?.prepareSfu())
  if (isThere !== true && ways.peek().length > 1) goPeerToPeer()
  else groupTrouble.value = undefined
  // It may have been left meanwhile.
  if (group.isIn.peek()) await callPeer(peer, isThere === true ? sfu : undefined)
}
/** With the devices that the user allows. */
export const joinGroup = async (): Promise<void> => {
  groupTrouble.value = undefined
  // Who is called next need not wait for it.
  void room.peek()?.prepareSfu()
  if (isUnasked.peek()) await askForDevices()
  group.join()
  announce(group.members.peek().length === 0 ? "You are in the group. Whoever joins it is connected with you." : "You are in the group.")
  over.value = undefined
}
/** Without a call in it: who hangs up leaves it, too. */
export const leaveGroup = (): void => {
  group.leave()
  announce("You have left the group.")
  sayLately("You have left the group.")
}

/** How long after its page was loaded anew a peer's call is taken as the one that it was in. */
const resumeMs = 30_000
const cutOff = new Map<string, number>()

const onEnded = (call: ActiveCall): void => {
  calls.value = calls.peek().filter((other) => other !== call)
  const end = call.end.peek()
  if (end === undefined) return
  const at = call.upAtMs.peek()
  const words = endWords(end, call.peer, at !== undefined)
  announce([words.title, words.detail].filter(Boolean).join(". "))
  if (end.reason === "peer_restarted" && at !== undefined) cutOff.set(call.peer, performance.now())
  const isMine = end.by === "local" && (end.reason === "normal" || end.reason === "declined" || end.reason === "busy")
  // In a group the others go on; and who hung up knows it.
  if (calls.peek().length === 0) {
    if (!isMine && !group.isIn.peek()) over.value = { peer: call.peer, end, upMs: at === undefined ? undefined : performance.now() - at }
    // That the group was left says more.
    else if (lately.peek() === undefined) sayLately(isMine && at !== undefined ? `The call with ${call.peer} is over.` : `${words.title}.`)
    void unshareScreen()
  }
  // The other end has no SFU, or it went away as we called.
  const isLost = at === undefined && ["engine_error", "engine_unsupported", "connect_timeout"].includes(end.reason)
  if (isLost && call.isOutgoing && call.engine.peek() === sfu && group.takes(call.peer)) {
    goPeerToPeer()
    void callPeer(call.peer)
  }
}

const add = (line: LineCall, isOutgoing: boolean): ActiveCall => {
  const known = calls.peek().find(({ openedId, peer }) => openedId === line.id && peer === line.peer)
  if (known !== undefined) return known
  const call = makeActiveCall(line, isOutgoing, { calls, onEnded })
  calls.value = [...calls.peek(), call]
  over.value = lately.value = undefined
  return call
}

/** Was this peer in a call with us a moment ago, when its page was loaded anew? */
const isBack = (peer: string): boolean => {
  const lost = calls.peek().find((call) => call.peer === peer && call.upAtMs.peek() !== undefined)?.stateNow()
  const isLosing = lost !== undefined && (lost._tag === "Ending" || lost._tag === "Ended") && lost.reason === "peer_restarted"
  return isLosing || performance.now() - (cutOff.get(peer) ?? -resumeMs) < resumeMs
}

const onIncoming = (line: LineCall): void => {
  const resumes = isBack(line.peer)
  const call = add(line, false)
  if (group.takes(line.peer)) return void call.accept()
  if (resumes) {
    cutOff.delete(line.peer)
    announce(`${line.peer} is back: the call goes on.`)
    return void call.accept()
  }
  announceWhile(`${line.peer} is calling.`, () => isRinging(call))
}

/** Calls somebody, with the devices that the user allows: from peer to peer, unless an engine is named. */
export const callPeer = async (peer: string, engine?: string): Promise<void> => {
  const now = room.peek()
  if (now === undefined) return
  const rings = calls.peek().find((call) => call.peer === peer)
  if (rings !== undefined) return void (await (isRinging(rings) ? rings.accept() : undefined))
  if (isUnasked.peek()) await askForDevices()
  const line = await now.call(peer, { media: openingMedia(), ...(engine === undefined ? {} : { engine }) })
  if (line !== undefined) add(line, true)
}

export const acceptCall = async (call: ActiveCall): Promise<void> => {
  if (isUnasked.peek()) await askForDevices()
  await call.accept()
}

export const hangUpAll = async (): Promise<void> => {
  if (group.isIn.peek()) leaveGroup()
  await Promise.all(calls.peek().map((call) => (isRinging(call) ? call.decline() : call.hangup())))
}

export const setSending = (slot: "microphone" | "camera", on: boolean): void => {
  wanted[slot].value = on
  for (const call of shownCalls.peek()) void call.setMedia({ send: { [slot]: on ? "on" : "muted" } })
}

const onNote = (note: Note, peer: string): void => {
  switch (note.demo) {
    case "glare":
      return glare.onNote(note, peer)
    case "group":
      return group.onNote(note, peer)
    case "media":
      return peerMedia.onNote(note, peer)
  }
}

/** How long to ring: 45 s, unless the link says otherwise (`&ring=20`, in seconds), as for showing what happens then. */
const ringMs = (): number => {
  const seconds = Number(new URLSearchParams(location.hash.slice(1)).get("ring") ?? 45)
  return seconds >= 1 && seconds <= 600 ? Math.round(seconds * 1_000) : 45_000
}

/** Joins under a name; who was there under another one leaves first. */
export const join = async (as: string): Promise<void> => {
  const [key, server] = [roomKey.peek(), config.peek()]
  const before = room.peek()
  if (key === undefined || server === undefined) return
  name.value = as
  keepName(as)
  room.value = undefined
  await before?.close()
  room.value = openRoom({
    key,
    url: serverUrl(server.relay),
    sfuPath: server.sfu ?? undefined,
    name: as,
    config: { ringTimeoutMs: ringMs() },
    onIncoming,
    onNote
  })
}

const fetchJson = async <A>(path: string, init?: RequestInit): Promise<A> => {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`The server answered ${response.status} to ${path}.`)
  return (await response.json()) as A
}

/** Read before anything of now is written over it. */
const left = readCall()

/** What the tab was in when it was reloaded is taken up again. */
const resume = async (): Promise<void> => {
  await openIfAllowed()
  if (left === undefined || !(await room.peek()?.joined)) return
  if (left.group) return joinGroup()
  announce(`Back after a reload: calling ${left.peers.join(", ")} again.`)
  await Promise.all(left.peers.map((peer) => callPeer(peer)))
}

/** Finds out what the server has, and enters the link's room, or a new one. */
export const start = async (): Promise<void> => {
  trouble.value = undefined
  try {
    config.value = await fetchJson<ServerConfig>("/config")
    const linked = readRoomLink(location.hash)
    roomKey.value = linked ?? (await fetchJson<RoomKey>("/rooms", { method: "POST" }))
    if (linked === undefined) history.replaceState(null, "", new URL(link.value).hash)
  } catch (error) {
    trouble.value = error instanceof TypeError
      ? "The server does not answer. Is the demo still running?"
      : error instanceof Error ? error.message : String(error)
    return
  }
  await join(name.peek())
  await resume()
}

/** What a reload is to find again. */
effect(() => {
  const now = shownCalls.value.filter(({ state }) => state.value._tag !== "Ending" && state.value._tag !== "Ended").map(({ peer }) => peer)
  const isIn = group.isIn.value
  if (room.value !== undefined) keepCall(now.length === 0 && !isIn ? undefined : { peers: now, group: isIn })
})

/** Who has left the room, and from whom nothing comes, will not come back to the call. */
effect(() => {
  const here = new Set(peers.value.map((peer) => peer.name))
  if (room.value?.relay.value._tag !== "Connected") return
  for (const call of calls.value) {
    const state = call.state.value
    const isGone = !here.has(call.peer) && state._tag === "Connected" && state.media._tag === "Interrupted"
    if (isGone) void call.hangup("left")
  }
})
