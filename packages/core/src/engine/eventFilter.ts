/** Passes on a stack's events: each once, candidates never before their description. For `fromDriver`. */
import type { DriverEvent } from "./Driver.ts"
import type { EngineEvent, LinkState } from "./EngineEvent.ts"

export interface EventFilter {
  readonly take: (event: Told) => void
  /** A description is being made: its candidates wait. */
  readonly holdCandidates: () => void
  /** The description is handed out; candidates that do not name an ICE generation belong to this one. */
  readonly releaseCandidates: (ufrag: string) => void
  /** There will be no such description; an earlier one's candidates go on. */
  readonly dropCandidates: () => void
}

/** What is told on; the rest is for `fromDriver` itself. */
type Told = Exclude<DriverEvent, { readonly _tag: "RemoteDescriptionSet" }>
type Candidate = Extract<DriverEvent, { readonly _tag: "LocalCandidate" }>

export const eventFilter = (tell: (event: EngineEvent) => void): EventFilter => {
  let link: LinkState | undefined
  let wasUp = false
  let failed = false
  let ufrag = ""
  // Before the first description there is nothing that a candidate could belong to.
  let held: Array<Candidate> | undefined = []
  const candidates = new Set<string>()
  const tracks = new Set<string>()

  const generationOf = ({ candidate, ufrag: own }: Candidate) =>
    own ?? / ufrag (\S+)/.exec(candidate.candidate)?.[1] ?? ufrag
  const tellCandidate = (event: Candidate) => {
    const { candidate } = event
    const generation = generationOf(event)
    const key = JSON.stringify([generation, candidate.sdpMid, candidate.sdpMLineIndex, candidate.candidate])
    if (candidates.has(key)) return
    candidates.add(key)
    tell({ _tag: "LocalCandidate", candidate, ufrag: generation })
  }

  return {
    take: (event) => {
      switch (event._tag) {
        case "LocalCandidate":
          if (held === undefined) tellCandidate(event)
          else held.push(event)
          return
        case "Link":
          // Firefox goes connected → connecting → connected in some renegotiations: that is no interruption.
          if (event.state === link || (event.state === "connecting" && wasUp)) return
          link = event.state
          wasUp ||= event.state === "up"
          tell(event)
          return
        case "RemoteTrack":
          if (tracks.has(event.track.id)) return
          tracks.add(event.track.id)
          tell(event)
          return
        case "RemoteTrackEnded":
          if (tracks.delete(event.track.id)) tell(event)
          return
        case "Failed":
          if (failed) return
          failed = true
          tell(event)
          return
        case "NegotiationNeeded":
        case "LocalSourceEnded":
        case "DataChannelOpened":
          tell(event)
      }
    },
    holdCandidates: () => {
      held ??= []
    },
    releaseCandidates: (generation) => {
      ufrag = generation
      const waiting = held ?? []
      held = undefined
      for (const candidate of waiting) tellCandidate(candidate)
    },
    dropCandidates: () => {
      const waiting = held ?? []
      held = ufrag === "" ? [] : undefined
      if (held === undefined) {
        for (const candidate of waiting) if (generationOf(candidate) === ufrag) tellCandidate(candidate)
      }
    }
  }
}
