/** One room at one relay: who is in it, here and elsewhere, and who gets what. For `Relay`. */
import { nameKey, type Peer, type RefusalCode } from "../../relay/protocol.ts"
import type { Broker } from "../broker/Broker.ts"
import { Elsewhere } from "./Elsewhere.ts"
import { type Link, refuse, say } from "./Link.ts"
import type { RelaySettings } from "./RelaySettings.ts"
import { type Member, readRelayNote, type RelayNote } from "./relayNote.ts"

/** A peer whose connection is, or a moment ago was, at this relay. */
interface Local {
  readonly member: Member
  /** A guest, such as the bot, does not keep a room open. */
  readonly guest: boolean
  /** None while it is away. */
  link: Link | undefined
  grace?: ReturnType<typeof setTimeout>
  /** Who it was last told is here. */
  told: string
}

export interface RoomWorld {
  readonly relay: string
  readonly subject: string
  readonly settings: RelaySettings
  readonly broker?: Broker
  /** Nobody but guests is here any more. */
  readonly onEmpty: () => void
}

export class Room {
  readonly #world: RoomWorld
  readonly #locals = new Map<string, Local>()
  readonly #elsewhere = new Elsewhere()
  readonly #unsubscribe: (() => void) | undefined
  readonly #announcer: ReturnType<typeof setInterval> | undefined
  #telling: ReturnType<typeof setTimeout> | undefined
  /** Fulfilled when others have had the time to say who is here. */
  readonly settled: Promise<void> | undefined

  constructor(world: RoomWorld) {
    this.#world = world
    const { broker, settings } = world
    if (broker === undefined) return
    this.#unsubscribe = broker.subscribe(world.subject, (text) => this.#hear(text))
    this.#announcer = setInterval(() => this.#announceAndForget(), settings.announceMs)
    if (!broker.isConnected()) return
    this.settled = new Promise((resolve) => void setTimeout(resolve, settings.settleMs))
    this.#publish({ type: "who", relay: world.relay })
  }

  get size(): number {
    return this.#locals.size
  }

  /** Nobody is here who would keep it open. */
  get isEmpty(): boolean {
    return [...this.#locals.values()].every(({ guest }) => guest)
  }

  /** Everybody but one, each once, in the order in which they took their names. */
  others(id: string): ReadonlyArray<Peer> {
    const here = [...this.#locals.values()].map(({ member }) => member)
    const seen = new Set([id, ...here.map((member) => member.id)])
    const there = this.#elsewhere.members.filter((member) => !seen.has(member.id))
    return [...here.filter((member) => member.id !== id), ...there]
      .toSorted((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
      .map(({ id, name }) => ({ id, name }))
  }

  /** Lets a peer in, or says why not. Who is here already takes its place over. */
  join({ id, name }: Peer, link: Link, guest: boolean): RefusalCode | undefined {
    const others = this.others(id)
    if (others.some((other) => nameKey(other.name) === nameKey(name))) return "name-taken"
    if (others.length >= this.#world.settings.peersPerRoom) return "full"
    const before = this.#locals.get(id)
    const known = [before?.member, ...this.#elsewhere.members].filter((member) => member?.id === id)
    const nowMs = Date.now()
    const sameName = known.find((member) => member?.name === name)
    const turn = Math.max(nowMs, ...known.map((member) => (member?.turn ?? 0) + 1))
    clearTimeout(before?.grace)
    this.#locals.set(id, { member: { id, name, since: sameName?.since ?? nowMs, turn }, guest, link, told: JSON.stringify(others) })
    refuse(before?.link, "replaced")
    if (sameName === undefined) this.#changed()
    else this.#announce()
    return undefined
  }

  /** A connection has closed: its peer stays for a while, and may come back. */
  lost(id: string, link: Link): void {
    const local = this.#locals.get(id)
    if (local?.link !== link) return
    local.link = undefined
    local.grace = setTimeout(() => this.#remove(id), local.guest ? 0 : this.#world.settings.graceMs)
  }

  leave(id: string, link: Link): void {
    if (this.#locals.get(id)?.link === link) this.#remove(id)
  }

  /** Hands a text to whoever has the name, at this relay or another; tells where to. */
  relay(id: string, link: Link, to: string, text: string): "here" | "elsewhere" | "nowhere" {
    const local = this.#locals.get(id)
    // Its name is another's by now.
    if (local?.link !== link) return "nowhere"
    const from = local.member.name
    if (this.#deliver(from, to, text)) return "here"
    if (!this.#elsewhere.members.some(({ name }) => nameKey(name) === nameKey(to))) return "nowhere"
    this.#publish({ type: "text", relay: this.#world.relay, from, to, text })
    return "elsewhere"
  }

  /** The broker is there again. */
  brokerReturned(): void {
    this.#elsewhere.excuse(Date.now())
    this.#publish({ type: "who", relay: this.#world.relay })
    this.#announce()
  }

  /** Nobody is in it any more. */
  close(code: RefusalCode): void {
    clearTimeout(this.#telling)
    clearInterval(this.#announcer)
    for (const { grace, link } of this.#locals.values()) {
      clearTimeout(grace)
      refuse(link, code)
    }
    this.#locals.clear()
    if (this.#world.broker !== undefined) this.#announce()
    this.#unsubscribe?.()
  }

  #deliver(from: string, to: string, text: string): boolean {
    const key = nameKey(to)
    for (const { link, member } of this.#locals.values()) {
      if (nameKey(member.name) !== key) continue
      say(link, { type: "text", from, text })
      return true
    }
    return false
  }

  #remove(id: string): void {
    clearTimeout(this.#locals.get(id)?.grace)
    if (!this.#locals.delete(id)) return
    if (this.isEmpty) this.#world.onEmpty()
    else this.#changed()
  }

  /** Tells everybody here at once, and the other relays. */
  #changed(): void {
    this.#announce()
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      for (const [id, local] of this.#locals) {
        const peers = this.others(id)
        const told = JSON.stringify(peers)
        if (told !== local.told && say(local.link, { type: "present", peers })) local.told = told
      }
    }, this.#world.settings.presenceMs)
  }

  #publish(note: RelayNote): void {
    this.#world.broker?.publish(this.#world.subject, JSON.stringify(note))
  }

  #announce(): void {
    const members = [...this.#locals.values()].map(({ member }) => member)
    this.#publish({ type: "members", relay: this.#world.relay, members })
  }

  #announceAndForget(): void {
    const { broker, settings } = this.#world
    const nowMs = Date.now()
    // While the broker is away nobody can be heard.
    if (broker?.isConnected() !== true) this.#elsewhere.excuse(nowMs)
    this.#announce()
    if (this.#elsewhere.forget(nowMs - settings.goneMs)) this.#changed()
  }

  #hear(text: string): void {
    const note = readRelayNote(text)
    if (note === undefined || note.relay === this.#world.relay) return
    switch (note.type) {
      case "who":
        return this.#announce()
      case "text":
        return void this.#deliver(note.from, note.to, note.text)
      case "members":
        return this.#hearMembers(note.relay, note.members)
    }
  }

  #hearMembers(relay: string, members: ReadonlyArray<Member>): void {
    const names = () => this.#elsewhere.members.map(({ id, name }) => `${id} ${name}`).toSorted().join("\n")
    const before = names()
    this.#elsewhere.hears(relay, members, Date.now())
    let hasYielded = false
    for (const theirs of members) {
      for (const [id, { link, member: ours }] of this.#locals) {
        const code = yields(ours, this.#world.relay, theirs, relay)
        if (code === undefined) continue
        refuse(link, code)
        clearTimeout(this.#locals.get(id)?.grace)
        this.#locals.delete(id)
        hasYielded = true
      }
    }
    // Before its first peer is in, a room is empty too.
    if (hasYielded && this.isEmpty) this.#world.onEmpty()
    else if (hasYielded || before !== names()) this.#changed()
  }
}

/** Must ours give way to theirs? Both relays come to the same verdict. */
const yields = (ours: Member, relay: string, theirs: Member, theirRelay: string): RefusalCode | undefined => {
  if (ours.id === theirs.id) {
    const isLater = theirs.turn === ours.turn ? theirRelay > relay : theirs.turn > ours.turn
    return isLater ? "replaced" : undefined
  }
  if (nameKey(ours.name) !== nameKey(theirs.name)) return undefined
  const isEarlier = theirs.since === ours.since ? theirs.id < ours.id : theirs.since < ours.since
  return isEarlier ? "name-taken" : undefined
}
