/** Tells who has started the server where it is, and what it does without. For `main`. */
import { networkInterfaces } from "node:os"
import { styleText } from "node:util"
import type { DemoServer } from "./startServer.ts"

/** Where people find it: on this machine by the name for which browsers give a camera without https. */
export const addresses = (host: string, port: number): ReadonlyArray<string> => {
  const url = (name: string) => `http://${name.includes(":") ? `[${name}]` : name}:${port}/`
  if (host === "127.0.0.1" || host === "localhost") return [url("localhost")]
  if (host !== "0.0.0.0" && host !== "::") return [url(host)]
  const others = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ family, internal }) => !internal && family === "IPv4").map(({ address }) => url(address)))
  return [url("localhost"), ...others]
}

export const printServing = ({ broker, port, warnings }: DemoServer, { host }: { readonly host: string }): void => {
  const [first = "", ...others] = addresses(host, port)
  console.log(`  ${styleText("bold", "Calls of your own:")} ${styleText("cyan", first)}\n`)
  for (const other of others) console.log(`  ${other}`)
  if (others.length > 0) console.log("  Browsers give a camera on this machine only, or over https.\n")
  if (broker !== undefined) {
    console.log(`  Rooms are shared with every relay at ${broker.address}${broker.isConnected() ? "" : ", which does not answer yet"}.\n`)
  }
  for (const warning of warnings) console.warn(`  ${warning}\n`)
  console.log("  Ctrl+C ends it.")
}
