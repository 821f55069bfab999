/** What lets a client into its room at the SFU: the room's token, and the secret by which it is known again. For the page and the server. */

/** Both are of letters, digits, `-` and `_`. */
const between = " "

export const writeSfuToken = (token: string, secret: string): string => `${token}${between}${secret}`

/** Whether they are good is the server's to say. */
export const readSfuToken = (text: string): { readonly token: string; readonly secret: string } => {
  const [token = "", secret = ""] = text.split(between)
  return { token, secret }
}
