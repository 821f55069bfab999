/** How lines, calls and media sections may be named on the wire. For the codec, candidates and sessions. */

/** 1 to 64 visible ASCII characters: what is compared as bytes must have one way to be written. */
export const isId = (value: unknown): value is string => typeof value === "string" && /^[!-~]{1,64}$/.test(value)

/** What `isId` expects, in words. */
export const idExpected = "1 to 64 visible ASCII characters"
