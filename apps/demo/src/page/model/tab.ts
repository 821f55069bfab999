/** What this tab remembers of itself over a reload: its name, its secret, its device, and the call that it was in. */
import { makeSecret } from "../../relay/RelayClient.ts"

const kept = new Map<string, string>()

/** A browser may refuse storage: then a reload is a new beginning. */
const read = (key: string): string | undefined => {
  try {
    return sessionStorage.getItem(key) ?? undefined
  } catch {
    return kept.get(key)
  }
}
const write = (key: string, value: string | undefined): void => {
  try {
    if (value === undefined) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, value)
  } catch {
    if (value === undefined) kept.delete(key)
    else kept.set(key, value)
  }
}
const readOrMake = (key: string, make: () => string): string => {
  const value = read(key) ?? make()
  write(key, value)
  return value
}

const guestName = (): string => `Guest ${100 + Math.floor(Math.random() * 900)}`

/** By which the relay knows this tab again. */
export const secret = readOrMake("secret", makeSecret)
/** By which a peer's line knows this tab again: the same device, started anew. */
export const device = readOrMake("device", () => `page-${makeSecret().slice(0, 8)}`)

export const readName = (): string => readOrMake("name", guestName)
export const keepName = (name: string): void => write("name", name)

/** Whom this tab was in a call with when it was reloaded, and whether as a group, in which one may be alone. */
export interface LeftCall {
  readonly peers: ReadonlyArray<string>
  readonly group: boolean
}
export const keepCall = (call: LeftCall | undefined): void => write("call", call && JSON.stringify(call))
export const readCall = (): LeftCall | undefined => {
  try {
    const { group, peers } = JSON.parse(read("call") ?? "{}") as Partial<LeftCall>
    return Array.isArray(peers) && (peers.length > 0 || group === true) ? { peers, group: group === true } : undefined
  } catch {
    return undefined
  }
}
