import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync, writeSync } from "node:fs"
import { hostname } from "node:os"
import { dirname, join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { cacheFolder, discardEntry, distribution, storeEntry, sweep, workerIn, workerKey } from "../../mediasoup-worker/cache.ts"
import { ensureWorker, type WorkerPlan } from "../../mediasoup-worker/ensureWorker.ts"
import { withLock } from "../../mediasoup-worker/lock.ts"
import { checksumFile, examine, faultWhenRun } from "../../mediasoup-worker/workerFile.ts"
import { temporaryFolder, writeProgram, writeWorker } from "./fakes.ts"

const key = "3.27.1-x64-debian12-0123456789ab"

/** A machine with nothing on it, no network, and a build that works; and what was said and done. */
const machine = (changes: Partial<WorkerPlan> = {}, home = temporaryFolder()) => {
  const heard: Array<string> = []
  const plan: WorkerPlan = {
    worker: join(home, "node_modules/mediasoup/worker/out/Release/mediasoup-worker"),
    entry: join(home, "cache", key),
    key,
    say: (line) => heard.push(line),
    fetchPrebuilt: async () => "no network",
    build: async ({ buildFolder }) => {
      heard.push("built")
      return writeWorker(join(buildFolder, "mediasoup-worker"))
    },
    ...changes
  }
  return { heard, home, plan, cached: workerIn(plan.entry) }
}

/** The same cache, with a fresh node_modules. */
const clone = ({ plan }: ReturnType<typeof machine>, changes: Partial<WorkerPlan> = {}) => {
  const next = machine({ entry: plan.entry, ...changes })
  return next
}

describe("the order of steps", () => {
  it("builds on an empty machine, and leaves the worker in its place and in the cache, and nothing else", async () => {
    const { cached, heard, home, plan } = machine()
    expect(await ensureWorker(plan)).toBe("built")
    expect(heard).toEqual(["no prebuilt worker: no network", "built"])
    expect(examine(plan.worker, key, "required")).toBe("good")
    expect(examine(cached, key, "required")).toBe("good")
    expect(readdirSync(join(home, "cache"))).toEqual([key])
  })

  it("is silent when the worker is there", async () => {
    const first = machine()
    await ensureWorker(first.plan)
    const second = machine({}, first.home)
    expect(await ensureWorker(second.plan)).toBe("present")
    expect(second.heard).toEqual([])
  })

  it("takes the cache before anything slow", async () => {
    const first = machine()
    await ensureWorker(first.plan)
    const second = clone(first)
    expect(await ensureWorker(second.plan)).toBe("cache")
    expect(second.heard).toEqual([])
    expect(examine(second.plan.worker, key, "required")).toBe("good")
  })

  it("takes upstream's worker before it builds, and caches it", async () => {
    const { cached, heard, plan } = machine()
    const fetchPrebuilt = async () => void writeWorker(plan.worker)
    expect(await ensureWorker({ ...plan, fetchPrebuilt })).toBe("prebuilt")
    expect(heard).toEqual([])
    expect(examine(cached, key, "required")).toBe("good")
  })

  it("builds when upstream's worker does not run here", async () => {
    const { heard, plan } = machine()
    const fetchPrebuilt = async () => void writeProgram(plan.worker, "exit 1")
    expect(await ensureWorker({ ...plan, fetchPrebuilt })).toBe("built")
    expect(heard).toEqual(["no prebuilt worker: does not run here (it ends with 1, not 41)", "built"])
    expect(faultWhenRun(plan.worker)).toBeUndefined()
  })

  it("builds what was asked to be rebuilt, past the place, the cache and upstream", async () => {
    const first = machine()
    await ensureWorker(first.plan)
    const before = readFileSync(first.cached, "utf8")
    const build: WorkerPlan["build"] = async ({ buildFolder }) => writeWorker(join(buildFolder, "mediasoup-worker"), "second")
    expect(await ensureWorker({ ...first.plan, build, rebuild: true })).toBe("built")
    expect(readFileSync(first.cached, "utf8")).not.toBe(before)
    expect(examine(first.plan.worker, key, "required")).toBe("good")
  })

  it("keeps a worker of somebody else's that runs, and replaces one of other build files", async () => {
    const { heard, plan } = machine()
    mkdirSync(dirname(plan.worker), { recursive: true })
    writeWorker(plan.worker)
    expect(await ensureWorker(plan)).toBe("present")
    writeFileSync(checksumFile(plan.worker), "0000  3.27.1-x64-debian12-older\n")
    expect(await ensureWorker(plan)).toBe("built")
    expect(heard[0]).toBe(`the worker in node_modules is for 3.27.1-x64-debian12-older, not for ${key}; it is replaced`)
  })
})

describe("a broken cache", () => {
  it.each([
    ["a truncated worker", (cached: string) => truncateSync(cached, 5), "checksum differs"],
    ["a checksum of something else", (cached: string) => writeFileSync(checksumFile(cached), `${"0".repeat(64)}  ${key}\n`), "checksum differs"],
    ["a worker that no longer runs", (cached: string) => {
      const entry = dirname(cached)
      discardEntry(entry)
      storeEntry(writeProgram(join(temporaryFolder(), "worker"), "exit 127"), entry, key)
    }, "does not run here"]
  ])("with %s is thrown away with a word, and made anew", async (_, spoil, word) => {
    const first = machine()
    await ensureWorker(first.plan)
    spoil(first.cached)
    const second = clone(first)
    expect(await ensureWorker(second.plan)).toBe("built")
    expect(second.heard[0]).toMatch(new RegExp(`^the worker in the cache .*${word}.*; it is thrown away$`))
    expect(examine(second.cached, key, "required")).toBe("good")
    expect(examine(second.plan.worker, key, "required")).toBe("good")
  })

  it("that cannot be written is told, with what to do", async () => {
    const home = temporaryFolder()
    writeFileSync(join(home, "cache"), "a file")
    await expect(ensureWorker(machine({}, home).plan)).rejects.toThrow(/cannot be written \(E\w+\): set XDG_CACHE_HOME/)
  })
})

describe("a build that fails", () => {
  it("rejects, stores nothing, removes its folder, and keeps its log", async () => {
    const { home, plan } = machine({
      build: async ({ log }) => {
        writeSync(log, "it said this\n")
        throw new Error("the compiler is on strike")
      }
    })
    await expect(ensureWorker(plan)).rejects.toThrow("the compiler is on strike")
    expect(existsSync(plan.worker)).toBe(false)
    expect(readdirSync(join(home, "cache"))).toEqual([`${key}.log`])
    expect(readFileSync(join(home, "cache", `${key}.log`), "utf8")).toBe("it said this\n")
  })

  it("that was only asked for leaves the worker that was there", async () => {
    const { plan } = machine()
    await ensureWorker(plan)
    const build = () => Promise.reject(new Error("no compiler"))
    await expect(ensureWorker({ ...plan, build, rebuild: true })).rejects.toThrow("no compiler")
    expect(await ensureWorker(plan)).toBe("present")
  })

  it("is one whose worker does not run", async () => {
    const { plan } = machine({ build: async ({ buildFolder }) => writeProgram(join(buildFolder, "worker"), "exit 3") })
    await expect(ensureWorker(plan)).rejects.toThrow(/The worker that was built does not run here \(it ends with 3, not 41\)\.\nThe whole log: .*\.log/)
    expect(existsSync(plan.worker)).toBe(false)
  })
})

describe("installers at once", () => {
  it("build once: the others wait, say so, and take what was built", async () => {
    const home = temporaryFolder()
    const slow: WorkerPlan["build"] = async ({ buildFolder }) => {
      await sleep(100)
      return writeWorker(join(buildFolder, "mediasoup-worker"))
    }
    const all = Array.from({ length: 5 }, () => machine({ build: slow }, home))
    const sources = await Promise.all(all.map(({ plan }) => ensureWorker(plan)))
    expect(sources.toSorted()).toEqual(["built", "present", "present", "present", "present"])
    expect(all.flatMap(({ heard }) => heard).filter((line) => line.includes("waiting"))).toHaveLength(4)
  })

  it("do no harm without the lock: an entry is made in one step, and the first stays", () => {
    const entry = join(temporaryFolder(), "cache", key)
    storeEntry(writeWorker(join(temporaryFolder(), "worker"), "first"), entry, key)
    storeEntry(writeWorker(join(temporaryFolder(), "worker"), "second"), entry, key)
    expect(readFileSync(workerIn(entry), "utf8")).toContain("first")
    expect(readdirSync(dirname(entry))).toEqual([key])
    discardEntry(entry)
    discardEntry(entry)
    expect(readdirSync(dirname(entry))).toEqual([])
  })

  it("take over the lock of one that died here, and of one elsewhere whose heart has stopped", async () => {
    const file = join(temporaryFolder(), "lock")
    const onWait = () => expect.unreachable("nobody holds it")
    writeFileSync(file, `${hostname()} 4194304`)
    expect(await withLock(file, async () => "had it", { onWait })).toBe("had it")
    writeFileSync(file, "elsewhere 1")
    const old = new Date(Date.now() - 60_000)
    utimesSync(file, old, old)
    expect(await withLock(file, async () => statSync(file).mtimeMs > old.getTime(), { onWait })).toBe(true)
    expect(existsSync(file)).toBe(false)
  })

  it("wait for one that lives elsewhere, but not forever", async () => {
    const file = join(temporaryFolder(), "lock")
    writeFileSync(file, "elsewhere 1")
    const waited: Array<string> = []
    await expect(withLock(file, async () => "never", { onWait: (holder) => waited.push(holder), limit: 300 })).rejects.toThrow(
      "Another process (elsewhere 1) still holds"
    )
    expect(waited).toEqual(["elsewhere 1"])
    expect(existsSync(file)).toBe(true)
  })

  it("leave the lock when the work fails", async () => {
    const file = join(temporaryFolder(), "lock")
    const failing = withLock(file, async () => Promise.reject(new Error("no")), { onWait: () => undefined })
    await expect(failing).rejects.toThrow("no")
    expect(existsSync(file)).toBe(false)
  })
})

describe("the cache's key and place", () => {
  it("changes with the version and with every build file", () => {
    const native = temporaryFolder()
    mkdirSync(join(native, "compat"))
    writeFileSync(join(native, "CMakeLists.txt"), "a")
    writeFileSync(join(native, "compat/srtp.h"), "b")
    const before = workerKey("3.27.1", native)
    expect(before).toMatch(/^3\.27\.1-\w+-[\w.]+-[0-9a-f]{12}$/)
    expect(workerKey("3.27.1", native)).toBe(before)
    expect(workerKey("3.27.2", native)).not.toBe(before)
    writeFileSync(join(native, "compat/srtp.h"), "c")
    expect(workerKey("3.27.1", native)).not.toBe(before)
  })

  it("names the distribution", () => {
    expect(distribution(`PRETTY_NAME="Debian"\nVERSION_ID="12"\nID=debian\n`)).toBe("debian12")
    expect(distribution("ID=arch\n")).toBe("arch")
    expect(distribution("")).toBe(process.platform)
  })

  it("is XDG_CACHE_HOME when that is absolute, else ~/.cache", () => {
    expect(cacheFolder({ XDG_CACHE_HOME: "/caches" })).toBe("/caches/enigma-rtc/mediasoup-worker")
    for (const base of [undefined, "", "caches"]) expect(cacheFolder({ XDG_CACHE_HOME: base })).toMatch(/^\/.*\/\.cache\/enigma-rtc\/mediasoup-worker$/)
  })

  it("is swept of what killed processes left a day ago, and of nothing else", () => {
    const folder = temporaryFolder()
    for (const name of [key, `${key}.new-abc`, `${key}.broken-12`, "build-old", "build-new"]) mkdirSync(join(folder, name))
    sweep(folder)
    expect(readdirSync(folder)).toHaveLength(5)
    const now = Date.now()
    utimesSync(join(folder, "build-new"), now / 1_000 + 60, now / 1_000 + 60)
    sweep(folder, now + 24 * 60 * 60 * 1_000 + 1_000)
    expect(readdirSync(folder).toSorted()).toEqual([key, "build-new"].toSorted())
  })
})
