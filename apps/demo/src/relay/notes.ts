/** What pages and bots of the demo say to each other beside calls, over the same relay. For the page, and for the bot. */

/** No call's business: who reads the channel takes notes out before a line sees them. */
export type Note =
  /**
   * Both ends are to call at the same moment. `ask` is answered with `ready`, which tells the one who asks how long a note
   * takes; then `go` is sent, and each end calls: the one at once, the other half a round trip later.
   */
  | { readonly demo: "glare"; readonly step: "ask" | "ready" | "go" }
  /** The sender has joined the group, or left it. Who is in it says so in `reply`. */
  | { readonly demo: "group"; readonly in: boolean; readonly reply: boolean }
  /** In a call with the sender: whether its microphone and its camera are on, and whether it has put the call on hold. */
  | { readonly demo: "media"; readonly microphone: boolean; readonly camera: boolean; readonly hold: boolean }

export const writeNote = (note: Note): string => JSON.stringify(note)

/** A note; nothing when the text is none, as every text of a call. */
export const readNote = (text: string): Note | undefined => {
  if (!text.startsWith("{\"demo\":") || text.length > 200) return undefined
  let fields: Readonly<Record<string, unknown>>
  try {
    fields = JSON.parse(text) as typeof fields
  } catch {
    return undefined
  }
  const { camera, demo, hold, in: isIn, microphone, reply, step } = fields
  if (demo === "glare" && (step === "ask" || step === "ready" || step === "go")) return { demo, step }
  if (demo === "group" && typeof isIn === "boolean") return { demo, in: isIn, reply: reply === true }
  if (demo === "media" && typeof microphone === "boolean" && typeof camera === "boolean" && typeof hold === "boolean") {
    return { demo, microphone, camera, hold }
  }
  return undefined
}
