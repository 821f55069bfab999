/** A group whose members are pages and processes, and what carries their signaling: the stage of its tests. */
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { startBrowser } from "../../conformance/src/browsers/startBrowser.ts"
import type { TextTransport } from "../../conformance/src/remote/TextTransport.ts"
import { until } from "./calls.ts"
import type { CallReport, FromMember, ToMember } from "./Member.ts"
import { overProcess } from "./overProcess.ts"

/** Somebody in the group. */
export interface Member {
  readonly name: string
  /** Its calls, as it has told last. */
  readonly calls: () => ReadonlyArray<CallReport>
  /** Has it join, and waits until it has. */
  readonly join: Effect.Effect<void>
  /** Of a process. */
  readonly pid: number | undefined
}

type Place = "chromium" | "firefox" | "node"

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

const startProcess = (name: string, url: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => fork(file("memberProcess.ts"), [name, url], { execArgv: [] })),
      (child) => Effect.sync(() => void child.kill("SIGKILL"))
    ),
    (child) => ({ transport: overProcess(child), pid: child.pid })
  )

const startPage = (name: string, url: string, browser: "chromium" | "firefox") => {
  const hash = `#${new URLSearchParams({ name, url })}`
  const started = Effect.acquireRelease(
    Effect.promise(() => startBrowser(browser, { script: file("memberPage.ts"), hash })),
    ({ close }) => Effect.promise(close)
  )
  return Effect.map(started, ({ transport }) => ({ transport, pid: undefined }))
}

/** A group around a server: gives how a member is started, which joins when it is told to. */
export const openGroup = (url: string): ((name: string, place: Place) => Effect.Effect<Member, never, Scope.Scope>) => {
  const transports = new Map<string, TextTransport>()
  const tell = (to: string, frame: ToMember) => transports.get(to)?.send(JSON.stringify(frame))
  return (name, place) =>
    Effect.gen(function*() {
      const { pid, transport } = yield* place === "node" ? startProcess(name, url) : startPage(name, url, place)
      let told: ReadonlyArray<CallReport> | undefined
      transports.set(name, transport)
      transport.listen((text) => {
        // Both ends are of one build.
        const frame = JSON.parse(text) as FromMember
        if (frame._tag === "Report") told = frame.calls
        else tell(frame.to, { _tag: "Text", peer: name, text: frame.text })
      }, () => void transports.delete(name))
      return {
        name,
        pid,
        calls: () => told ?? [],
        join: Effect.andThen(
          Effect.sync(() => tell(name, { _tag: "Join" })),
          until(`${name} has joined`, Effect.sync(() => told !== undefined), 20_000)
        )
      }
    })
}
