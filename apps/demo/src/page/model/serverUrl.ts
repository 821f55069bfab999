/** Where a socket of this page's server is. */
export const serverUrl = (path: string): string => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`
