/** Inputs, commands and states in a few words, without their payloads. For the table and the diagram. */
import type { CallState } from "../call/CallState.ts"
import type { Replayed } from "./replay.ts"

/** One line of visible ASCII, whatever the text was: no terminal takes it for a command. */
export const plain = (text: string): string => text.replaceAll(/[^ -~]/g, "?")

const longest = 24

const short = (value: unknown): string | undefined => {
  switch (typeof value) {
    case "number":
    case "boolean":
      return String(value)
    case "string":
      // A session description is not for one line, and what has spaces is no name.
      if (!/^[!-~]+$/.test(value)) return undefined
      return value.length <= longest ? value : `${value.slice(0, longest - 3)}...`
    case "object": {
      if (value === null) return undefined
      if ("_tag" in value) return short(value._tag)
      return "reason" in value ? short(value.reason) : undefined
    }
    case "bigint":
    case "symbol":
    case "undefined":
    case "function":
      return undefined
  }
}

/** `TimerFired (timer ring, token 1)`. */
export const labelOf = (thing: { readonly _tag: string }): string => {
  const fields = Object.entries(thing).flatMap(([name, value]) => {
    const text = name === "_tag" ? undefined : short(value)
    return text === undefined ? [] : [`${name} ${text}`]
  })
  // An input from a foreign trace may have any number of fields.
  const shown = fields.join(", ").slice(0, 120)
  return plain(shown === "" ? thing._tag : `${thing._tag} (${shown})`)
}

/** `Connected/Up`: a state's name, and those of its parts. */
export const stateLabelOf = (state: CallState): string => {
  const parts = Object.values(state).flatMap((part: unknown) =>
    typeof part === "object" && part !== null && "_tag" in part ? [short(part) ?? "?"] : []
  )
  return plain([state._tag, ...parts].join("/"))
}

/** What the machine said, and why it did nothing. */
export const verdictLabelOf = ({ verdict }: Replayed): string =>
  plain(verdict._tag === "Moved" ? "moved" : `${verdict._tag.toLowerCase()}: ${verdict.why}`)
