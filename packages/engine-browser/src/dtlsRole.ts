/** Keeps the DTLS role of a call through all of its rounds. For the driver. */

/** Who begins the handshake (RFC 8842 section 5.1): `active` is the client. */
export type DtlsRole = "active" | "passive"

/** The role that an answer gives to this end. */
export const roleIn = (answer: string, isOwn: boolean): DtlsRole | undefined => {
  const [, role] = /^a=setup:(active|passive)/m.exec(answer) ?? []
  if (role === undefined) return undefined
  return (role === "active") === isOwn ? "active" : "passive"
}

/**
 * A description that says the role which there is. Asked anew with `actpass`, Firefox answers an ICE restart as the client,
 * which it may not be; the far end then refuses the answer.
 */
export const withRole = (sdp: string, role: DtlsRole | undefined): string =>
  role === undefined ? sdp : sdp.replace(/^a=setup:\w+/gm, `a=setup:${role}`)
