/** Puts the codecs that a call prefers first. For the driver. */
import type { MediaIntent } from "@enigma-rtc/core"

/**
 * A browser's codecs, the preferred ones first and all others behind them, in the browser's own order; none for no
 * preference, which is how a transceiver is told to do as it likes (W3C WebRTC section 5.4, "setCodecPreferences").
 */
export const codecOrder = <A extends Pick<RTCRtpCodec, "mimeType">>(
  codecs: ReadonlyArray<A>,
  { preferCodec = [] }: Pick<MediaIntent, "preferCodec">
): Array<A> => {
  const wishes = [preferCodec].flat().map((name) => name.toLowerCase())
  // "audio/" and "video/" are six letters both.
  const rank = ({ mimeType }: A) => wishes.indexOf(mimeType.slice(6).toLowerCase()) + 1 || wishes.length + 1
  return wishes.length > 0 ? codecs.toSorted((a, b) => rank(a) - rank(b)) : []
}
