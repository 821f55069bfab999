/** Repairs the numbers of RTP header extensions in an offer that is about to be set. For the driver. */

/**
 * In a bundle a number stands for one extension (RFC 8285 section 6). After an offer that was taken back, Chromium goes on
 * with that one's numbers beside those of the answer that came instead, and then refuses its own offer. The first section
 * that has a number keeps it. An offer without this fault stays as it is.
 */
export const evenExtensions = (sdp: string): string => {
  const numbers = new Map<string, string>()
  const taken = new Set<string>()
  return sdp.replace(/^a=extmap:(\d+)(\S* )(\S+)/gm, (_, first: string, direction: string, uri: string) => {
    let number = numbers.get(uri) ?? first
    if (!numbers.has(uri)) for (let next = 1; taken.has(number);) number = String(next++)
    numbers.set(uri, number)
    taken.add(number)
    return `a=extmap:${number}${direction}${uri}`
  })
}
