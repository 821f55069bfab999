/** Which port to listen on, and what to say when it is taken. For the command line and the server. */
import { createServer } from "node:net"

/** Where the demo is when nobody says otherwise, and how many ports after it are tried. */
export const firstPort = 3_000
const tried = 20

/** The system's own code when the port cannot be had, such as `EADDRINUSE`; nothing when it can. */
export const whyNot = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once("error", ({ code = "unknown" }: NodeJS.ErrnoException) => resolve(code))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })

/** The first free port from `from` on. */
export const nextFree = async (host: string, from: number): Promise<number | undefined> => {
  for (let port = from; port < Math.min(from + tried, 65_536); port++) {
    if (await whyNot(host, port) === undefined) return port
  }
  return undefined
}

/** Why this host and port cannot be listened on, as a person may read it. */
export const portWords = async (host: string, port: number, code: string): Promise<string> => {
  switch (code) {
    case "EADDRINUSE": {
      const free = await nextFree(host, port + 1)
      return `Port ${port} is taken by another program.${free === undefined ? "" : ` Port ${free} is free: --port ${free}`}`
    }
    case "EACCES":
      return `Port ${port} is the system's: choose one from 1024 on, such as --port ${firstPort}`
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `This machine has no address ${host}: --host 127.0.0.1 is for this machine only, --host 0.0.0.0 for all networks.`
    default:
      return `Cannot listen on ${host}, port ${port}: ${code}`
  }
}
