/** A WebRTC stack as plain data: as strict as W3C WebRTC section 4.4, without time. For the search of two machines. */

/** Something that was asked of the stack and is not done yet. */
export type Asked =
  | { readonly kind: "createOffer"; readonly operation: number; readonly iceRestart: boolean }
  | { readonly kind: "createAnswer"; readonly operation: number; readonly sdp: string }
  | { readonly kind: "applyAnswer"; readonly operation: number; readonly sdp: string }
  | { readonly kind: "rollBack"; readonly operation: number }
  | { readonly kind: "addCandidate"; readonly candidate: string }

/** What one operation gives. */
export type Done =
  | { readonly _tag: "Offered" | "Answered"; readonly operation: number; readonly sdp: string }
  | { readonly _tag: "Applied" | "RolledBack"; readonly operation: number }
  | { readonly _tag: "Added" }
  /** A browser would have refused it: the machine is wrong. */
  | { readonly _tag: "Wrong"; readonly what: string }

/** One connection. */
export interface ModelEngine {
  /** Tells this connection's descriptions from all others. */
  readonly session: number
  /** What the intent says now, and what our last offer brought in: an answer brings in nothing new. */
  hold: boolean
  brought: boolean
  hasOffer: boolean
  version: number
  /** The ICE generation, and what a rollback brings back. */
  generation: number
  local: string
  remote: string
  before: readonly [local: string, generation: number]
  readonly asked: Array<Asked>
  /** ICE user name fragments whose one candidate is still to be told. */
  readonly found: Array<string>
  /** Candidates that came before the first description. */
  readonly held: Array<string>
  link: "new" | "up" | "cut" | "interrupted"
  /** It finds no candidates. */
  readonly isQuiet: boolean
}

export const modelEngine = (session: number, hold: boolean, isQuiet = false): ModelEngine => ({
  isQuiet,
  session,
  hold,
  brought: hold,
  hasOffer: false,
  version: 0,
  generation: 0,
  local: "",
  remote: "",
  before: ["", 0],
  asked: [],
  found: [],
  held: [],
  link: "new"
})

const ufragIn = (sdp: string): string => /ufrag:(\S+)/.exec(sdp)?.[1] ?? ""
export const originIn = (sdp: string): string => /o=- (\d+ \d+)/.exec(sdp)?.[1] ?? ""

/** A description as short as the machine can read. `answers` names the offer that it answers. */
const describe = (engine: ModelEngine, hold: boolean, answers = ""): string =>
  `v=0\no=- ${engine.session} ${engine.version}\na=answers:${answers}\na=hold:${hold}\nm=audio 9\na=ice-ufrag:${engine.session}g${engine.generation}`

const restart = (engine: ModelEngine) => {
  engine.generation++
  if (!engine.isQuiet) engine.found.push(`${engine.session}g${engine.generation}`)
}
const described = (engine: ModelEngine): Done | undefined => {
  const wrong = engine.held.splice(0).find((ufrag) => ufrag !== ufragIn(engine.remote))
  return wrong === undefined ? undefined : { _tag: "Wrong", what: "a candidate of other ICE credentials" }
}
const wrongState = (what: string): Done => ({ _tag: "Wrong", what: `${what} in the wrong signaling state` })

/** Does the next thing that was asked for. */
export const doNext = (engine: ModelEngine): Done => {
  const next = engine.asked.shift()
  if (next === undefined) return { _tag: "Wrong", what: "nothing was asked for" }
  switch (next.kind) {
    case "createOffer":
      if (engine.hasOffer) return wrongState("createOffer")
      engine.before = [engine.local, engine.generation]
      engine.version++
      if (next.iceRestart || engine.local === "") restart(engine)
      engine.local = describe(engine, engine.hold)
      engine.hasOffer = true
      return { _tag: "Offered", operation: next.operation, sdp: engine.local }
    case "createAnswer":
      if (engine.hasOffer) return wrongState("createAnswer")
      if (engine.local === "" || ufragIn(next.sdp) !== ufragIn(engine.remote)) restart(engine)
      engine.version++
      engine.remote = next.sdp
      engine.local = describe(engine, engine.brought, originIn(next.sdp))
      return described(engine) ?? { _tag: "Answered", operation: next.operation, sdp: engine.local }
    case "applyAnswer":
      if (!engine.hasOffer) return wrongState("applyAnswer")
      if (!next.sdp.includes(`answers:${originIn(engine.local)}\n`)) return { _tag: "Wrong", what: "an answer to another offer" }
      engine.hasOffer = false
      engine.brought = engine.local.includes("hold:true")
      engine.remote = next.sdp
      return described(engine) ?? { _tag: "Applied", operation: next.operation }
    case "rollBack": {
      if (!engine.hasOffer) return wrongState("rollback")
      engine.hasOffer = false
      const [local, generation] = engine.before
      // Its version and its credentials are not used again; a candidate of theirs may still be on its way to the app.
      engine.local = local
      engine.generation = generation
      return { _tag: "RolledBack", operation: next.operation }
    }
    case "addCandidate":
      if (engine.remote === "") engine.held.push(next.candidate)
      else if (next.candidate !== ufragIn(engine.remote)) return { _tag: "Wrong", what: "a candidate of other ICE credentials" }
      return { _tag: "Added" }
  }
}
