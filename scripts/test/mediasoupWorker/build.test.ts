import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { type BuildOptions, buildWorker, jobCount } from "../../mediasoup-worker/build.ts"
import { neededPackages } from "../../mediasoup-worker/packages.ts"
import { fetchPrebuilt } from "../../mediasoup-worker/prebuilt.ts"
import { showProgress } from "../../mediasoup-worker/progress.ts"
import { faultWhenRun } from "../../mediasoup-worker/workerFile.ts"
import { openLog, temporaryFolder, writePrograms } from "./fakes.ts"

const gigabyte = 1024 ** 3
const allPackages = neededPackages.map((name) => `echo '${name} installed'`)

/** A machine with these programs only. Builds on it, and resolves to what was said, shown and logged. */
const attempt = async (programs: Readonly<Record<string, ReadonlyArray<string>>>, changes: Partial<BuildOptions> = {}) => {
  const said: Array<string> = []
  const { log, logFile } = openLog()
  const buildFolder = mkdtempSync(join(temporaryFolder(), "build-"))
  const outcome = await buildWorker({
    buildFolder,
    log,
    logFile,
    native: "/native",
    mediasoupFolder: "/mediasoup",
    say: (line) => said.push(line),
    screen: { isTTY: false, now: () => 0, write: (text) => said.push(text) },
    isRoot: false,
    env: { ...writePrograms({ "dpkg-query": allPackages, ...programs }), JOBS: "3" },
    ...changes
  }).then((worker) => ({ worker, error: "" }), (error: Error) => ({ worker: "", error: error.message }))
  return { ...outcome, said, log: readFileSync(logFile, "utf8"), logFile, buildFolder }
}

const failing = (...lines: ReadonlyArray<string>) => [...lines.map((line) => `echo "${line}"`), "exit 1"]

describe("a build", () => {
  it("configures, compiles with so many jobs, and shows how far it is", async () => {
    const { buildFolder, error, log, said, worker } = await attempt({
      cmake: [`echo "configured in $TMPDIR"`],
      ninja: [`echo '[1/2] one'`, `printf '#!/bin/sh\\nexit 41\\n' > "$2/mediasoup-worker"`, `/bin/chmod +x "$2/mediasoup-worker"`, `echo '[2/2] two'`]
    })
    expect(error).toBe("")
    expect(faultWhenRun(worker)).toBeUndefined()
    expect(log.split("\n")).toEqual([
      `$ cmake -G Ninja -S /native -B ${buildFolder} -DMEDIASOUP_DIR=/mediasoup`,
      `configured in ${buildFolder}`,
      `$ ninja -C ${buildFolder} -j 3 mediasoup-worker`,
      "[1/2] one",
      "[2/2] two",
      ""
    ])
    expect(said).toEqual([
      "building it from its sources, 3 files at a time: 3 to 5 minutes with two processors, once",
      "   50 %  1 of 2, 0:00, about 0:00 left\n",
      "  100 %  2 of 2, 0:00\n"
    ])
  })

  it("that fails tells the compiler's first error and the log", async () => {
    const { error, logFile } = await attempt({
      cmake: [],
      ninja: failing("[1/2] one", "FAILED: a.o", "a.cpp:3:1: error: no such thing", "   3 | thing", "b.cpp: error: another")
    })
    expect(error).toBe(
      `Building mediasoup-worker failed: ninja ended with 1.\n  a.cpp:3:1: error: no such thing\n  3 | thing\n  b.cpp: error: another\nThe whole log: ${logFile}`
    )
  })

  it.each([
    ["memory", { cmake: [], ninja: failing("c++: fatal error: Killed signal terminated program cc1plus") }, "set JOBS=1"],
    ["disk", { cmake: [], ninja: failing("fatal error: error writing to a.s: No space left on device") }, "The disk is full"],
    ["compiler", { cmake: failing("CMake Error: No CMAKE_CXX_COMPILER could be found.") }, "libsrtp2-dev"],
    ["CMake", {}, "cmake is not installed.\nIt is built with what these Debian packages hold: g++, cmake,"]
  ])("without %s tells what helps", async (_, programs, advice) => {
    expect((await attempt(programs)).error).toContain(advice)
  })

  it("without its packages names exactly the missing ones to who is not root", async () => {
    const { error } = await attempt({ "dpkg-query": allPackages.filter((line) => !/cmake|libuv1/.test(line)) })
    expect(error).toBe(
      "The worker is built with packages that are not installed, and only root can install them. Run:\n  sudo apt-get install --no-install-recommends cmake libuv1-dev"
    )
  })

  it("counts a package that was removed, but left its settings, as missing", async () => {
    const { error } = await attempt({ "dpkg-query": [...allPackages.slice(1), "echo 'g++ config-files'"] })
    expect(error).toMatch(/recommends g\+\+$/)
  })

  it("without its packages installs the missing ones as root, and tells when the mirror fails", async () => {
    const query = allPackages.slice(1)
    const good = await attempt({ "dpkg-query": query, "apt-get": [`echo "apt: $*"`], cmake: [], ninja: [] }, { isRoot: true })
    expect(good.error).toBe("")
    expect(good.said[0]).toBe("installing g++")
    expect(good.log).toContain("install -y --no-install-recommends g++")
    const bad = await attempt({ "dpkg-query": query, "apt-get": ["exit 100"] }, { isRoot: true })
    expect(bad.error).toMatch(/^Installing packages failed: apt-get ended with 100\. Is there a network/)
  })

  it("ends with its signal, and its compiler with it", { timeout: 10_000 }, async () => {
    const controller = new AbortController()
    const start = performance.now()
    setTimeout(() => controller.abort(new Error("Interrupted by SIGINT.")), 200)
    const { error } = await attempt({ cmake: [], ninja: ["exec /bin/sleep 60"] }, { signal: controller.signal })
    expect(error).toBe("Interrupted by SIGINT.")
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})

describe("the number of compilers", () => {
  it("is that of processors, as far as memory goes, or JOBS", () => {
    expect(jobCount(undefined, 8, 64 * gigabyte)).toBe(8)
    expect(jobCount("", 8, 3.5 * gigabyte)).toBe(3)
    expect(jobCount(undefined, 8, 100)).toBe(1)
    expect(jobCount("5", 1, 100)).toBe(5)
    for (const jobs of ["0", "-1", "many", "2.5"]) expect(() => jobCount(jobs)).toThrow(`not "${jobs}"`)
  })
})

describe("the progress of a build", () => {
  const watch = (isTTY: boolean) => {
    let time = 0
    let text = ""
    const { end, onLine } = showProgress({ isTTY, now: () => time, write: (more) => void (text += more) })
    onLine("ninja: Entering directory")
    for (let done = 1; done <= 200; done++) {
      time += 1_000
      onLine(`[${done}/200] Building`)
    }
    end()
    return text
  }

  it("is a line for each tenth where nobody watches", () => {
    const lines = watch(false).trimEnd().split("\n")
    expect(lines).toHaveLength(10)
    expect(lines[4]).toBe("   50 %  100 of 200, 1:40, about 1:40 left")
    expect(lines[9]).toBe("  100 %  200 of 200, 3:20")
  })

  it("is a bar on a terminal, in one line", () => {
    const text = watch(true)
    expect(text.split("\n")).toHaveLength(2)
    expect(text.split("\r\x1b[K")).toHaveLength(201)
    expect(text).toContain(`  ${"█".repeat(12)}${"░".repeat(12)}  50 %  100 of 200, 1:40, about 1:40 left`)
  })
})

describe("a prebuilt worker", () => {
  /** A host of releases that does not answer, or answers with this status. */
  const host = async (status: number | undefined) => {
    const server = createServer((_, response) => {
      if (status !== undefined) response.writeHead(status).end()
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const close = () => {
      server.closeAllConnections()
      server.close()
    }
    onTestFinished(close)
    return { close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases` }
  }
  /** With a script that says what mediasoup's does, and ends as it does. */
  const from = (env: NodeJS.ProcessEnv, says = "", ends = 1) => {
    const mediasoupFolder = temporaryFolder()
    writeFileSync(join(mediasoupFolder, "npm-scripts.mjs"), `console.log(${JSON.stringify(says)}); process.exit(${ends})`)
    return fetchPrebuilt({ ...openLog(), env, mediasoupFolder, patience: 300 })
  }
  const variable = "MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL"

  it("is given up at once when its host is not there, or does not answer", { timeout: 10_000 }, async () => {
    const gone = await host(200)
    gone.close()
    expect(await from({ [variable]: gone.url })).toMatch(/^127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)$/)
    const start = performance.now()
    expect(await from({ [variable]: (await host(undefined)).url })).toContain("cannot be reached")
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it("is fetched by mediasoup's script when its host answers, whatever it says", { timeout: 10_000 }, async () => {
    const env = { [variable]: (await host(404)).url }
    const none = "no available mediasoup-worker prebuilt binary for current architecture"
    expect(await from(env, "fetched", 0)).toBeUndefined()
    expect(await from(env, `[INFO] downloadPrebuiltWorker() | ${none}`)).toBe(none)
    expect(await from(env, "something else")).toMatch(/node ended with 1$/)
  })

  it("is not looked for when MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD is set", async () => {
    expect(await from({ MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD: "1" })).toBe("MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD is set")
  })
})
