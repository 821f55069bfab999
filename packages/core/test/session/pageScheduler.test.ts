import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"
import { afterEach, describe, expect, it, vi } from "vitest"
import { pageContext, withPageScheduler } from "../../src/session/pageScheduler.ts"

const ports = () => process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length
const schedulerOf = Effect.map(Effect.fiber, (fiber) => fiber.cache.scheduler)

describe("in Node", () => {
  it("Effect's own scheduler is left as it is, and nothing is opened that would keep the process alive", async () => {
    const [own, before] = [await Effect.runPromise(schedulerOf), ports()]
    expect(await Effect.runPromise(withPageScheduler(schedulerOf))).toBe(own)
    expect([pageContext().mapUnsafe.size, ports()]).toEqual([0, before])
  })
})

describe("in a page", () => {
  const { setImmediate } = globalThis
  const opened: Array<InstanceType<typeof MessageChannel>> = []
  afterEach(() => {
    vi.unstubAllGlobals()
    Object.assign(globalThis, { setImmediate })
    for (const { port1 } of opened.splice(0)) port1.close()
  })
  /** The module as a page has it. */
  const inPage = async () => {
    vi.resetModules()
    vi.stubGlobal("document", {})
    vi.stubGlobal("MessageChannel", class extends MessageChannel {
      constructor() {
        super()
        opened.push(this)
      }
    })
    Reflect.deleteProperty(globalThis, "setImmediate")
    return import("../../src/session/pageScheduler.ts")
  }
  it("no channel is made before it is asked for, and one for all", async () => {
    const page = await inPage()
    expect(opened).toHaveLength(0)
    expect(page.pageContext()).toBe(page.pageContext())
    expect(opened).toHaveLength(1)
  })
  it("tasks have their turns in order, and one that is called back has none", async () => {
    const page = await inPage()
    const scheduler = await Effect.runPromise(page.withPageScheduler(schedulerOf))
    if (!("setImmediate" in scheduler)) throw new Error("it is Effect's own kind")
    const { setImmediate: soon } = scheduler as Scheduler.MixedScheduler
    const done: Array<string> = []
    soon(() => done.push("one"))
    const callBack = soon(() => done.push("two"))
    const last = new Promise<void>((resolve) => soon(() => resolve(void done.push("three"))))
    callBack()
    expect(done).toEqual([])
    await last
    expect(done).toEqual(["one", "three"])
  })
  it("a scheduler of the app's own is kept", async () => {
    const page = await inPage()
    const own = new Scheduler.MixedScheduler("sync")
    const seen = page.withPageScheduler(schedulerOf).pipe(Effect.provideService(Scheduler.Scheduler, own))
    expect(await Effect.runPromise(seen)).toBe(own)
  })
})
