/** A Node process that is asked to do things, for a stack without a browser. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import type { Host } from "./Host.ts"

/** What the process is sent, and what it answers with. */
export interface Asked {
  readonly name: string
  readonly given: unknown
}
export interface Answered {
  readonly answer?: unknown
  readonly failed?: string
}

const end = async (child: ChildProcess | undefined) => {
  if (child === undefined || child.exitCode !== null) return
  const gone = once(child, "exit")
  child.kill("SIGKILL")
  await gone
}

export const openProcess = (title: string, entry: string): Host => {
  let child: ChildProcess | undefined
  const ask = <A>(name: string, given: unknown) =>
    new Promise<A>((resolve, reject) => {
      const asked = child ??= fork(entry)
      const died = (code: number | null) => reject(new Error(`The process of ${title} ended with ${code}.`))
      asked.once("exit", died)
      asked.once("message", ({ answer, failed }: Answered) => {
        asked.off("exit", died)
        // The process answers with what it was asked for.
        if (failed === undefined) resolve(answer as A)
        else reject(new Error(failed))
      })
      asked.send({ name, given } satisfies Asked)
    })
  const renew = async () => {
    await end(child)
    child = undefined
  }
  return { title, ask, renew, close: renew }
}

/** In the process: answers with what it has under the names that it is asked for. */
export const answer = (has: Readonly<Record<string, (given: never) => Promise<unknown>>>): void => {
  process.on("message", ({ given, name }: Asked) => {
    const reply = (answered: Answered) => process.send?.(answered)
    // Who asks knows what is asked with each name.
    const asked = has[name]?.(given as never) ?? Promise.reject(new Error(`There is no ${name}.`))
    asked.then((done) => reply({ answer: done }), (error: unknown) => reply({ failed: String(error) }))
  })
}
