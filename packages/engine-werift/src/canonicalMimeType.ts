/** Writes a codec's name as its registration does, for apps: in SDP each end writes it in the case that it likes. */

/** As in IANA's registry of media types. */
const registered = ["audio/opus", "audio/PCMU", "audio/PCMA", "video/VP8", "video/VP9", "video/H264"]

export const canonicalMimeType = (mimeType: string): string =>
  registered.find((name) => name.toLowerCase() === mimeType.toLowerCase()) ?? mimeType
