/** In which order a media section names its codecs: the first that both ends have is the one that they send. */
import type { RtpFormat } from "./media/RtpSource.ts"

/** Who has a say in the order, from the strongest down. */
export interface CodecWishes {
  /** Encoding names, such as `VP9`, in any case; an unknown one changes nothing. */
  readonly prefer: string | ReadonlyArray<string> | undefined
  /** What the slot's source can send, the best first: without a preference the call had better use one of these. */
  readonly formats: ReadonlyArray<RtpFormat>
  /**
   * When answering, the offered payload types: their order holds (RFC 3264 section 6.1), also among the source's
   * formats, for it carries the offerer's preference; a source that is heard in many formats has none to set against it.
   */
  readonly offered?: ReadonlyArray<number>
}

interface Codec {
  readonly mimeType: string
  readonly clockRate: number
  readonly payloadType?: number
}

export const isFormat = (format: RtpFormat, codec: Codec): boolean =>
  format.mimeType.toLowerCase() === codec.mimeType.toLowerCase() && format.clockRate === codec.clockRate

/** `opus` of `audio/opus`, without case. */
const encodingName = ({ mimeType }: Codec): string => (mimeType.split("/")[1] ?? "").toLowerCase()

/** Where a list names it; what it does not name comes after what it does. */
const placeIn = <A>(list: ReadonlyArray<A>, is: (one: A) => boolean): number => {
  const at = list.findIndex(is)
  return at === -1 ? list.length : at
}

/** All of the codecs: the preferred first, then the source's, then the others; in the offered order if there is one. */
export const codecOrder = <C extends Codec>(codecs: ReadonlyArray<C>, { formats, offered, prefer = [] }: CodecWishes): Array<C> => {
  const names = (typeof prefer === "string" ? [prefer] : prefer).map((name) => name.toLowerCase())
  const places = (codec: C) => [
    placeIn(names, (name) => name === encodingName(codec)),
    offered === undefined
      ? placeIn(formats, (format) => isFormat(format, codec))
      : Number(!formats.some((format) => isFormat(format, codec))),
    placeIn(offered ?? [], (payloadType) => payloadType === codec.payloadType)
  ]
  return codecs
    .map((codec) => ({ codec, places: places(codec) }))
    .toSorted((left, right) => {
      const differs = left.places.findIndex((place, at) => place !== right.places[at])
      return differs === -1 ? 0 : (left.places[differs] ?? 0) - (right.places[differs] ?? 0)
    })
    .map(({ codec }) => codec)
}
