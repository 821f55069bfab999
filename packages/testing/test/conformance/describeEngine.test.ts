/** What vitest makes of an engine: looked at from outside, since some of it must be red. */
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"

const home = fileURLToPath(new URL("../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "enigma-rtc-describe-"))
afterAll(() => rmSync(folder, { recursive: true }))

interface Report {
  readonly testResults: ReadonlyArray<{ readonly assertionResults: ReadonlyArray<{ readonly title: string; readonly status: string }> }>
}

/** Runs the fixture's tests of these clauses; gives the exit code, and each test's status by its title. */
const run = (gaps: string, pattern: string) =>
  new Promise<{ readonly code: number; readonly tests: ReadonlyMap<string, string> }>((resolve) => {
    const file = join(folder, `${gaps || "none"}.json`)
    const args = ["node_modules/vitest/vitest.mjs", "run", "--root", "test/conformance/fixtures", "--config", "vitest.config.ts", "--reporter=json", `--outputFile=${file}`, "-t", pattern]
    execFile(process.execPath, args, { cwd: home, env: { ...process.env, GAPS: gaps } }, (error) => {
      // The report is vitest's own.
      const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Report
      const tests = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status, title }) => [title, status] as const))
      resolve({ code: typeof error?.code === "number" ? error.code : 0, tests: new Map(tests) })
    })
  })

const says = "ENG-207 must: an answer says who begins DTLS: active or passive (RFC 8842 section 5.3)"

describe("describeEngine", () => {
  it("turns red for a clause that is broken", async () => {
    const { code, tests } = await run("", "ENG-207|ENG-201")
    expect(code).toBe(1)
    expect(tests.get(says)).toBe("failed")
    expect(tests.get("ENG-201 should: an offer leaves it to the answer who begins DTLS (RFC 9429 section 5.2.1)")).toBe("passed")
  }, 30_000)

  it("stays green for one that is a known gap, and says why in its title", async () => {
    const { code, tests } = await run("ENG-207", "ENG-207")
    expect(code).toBe(0)
    expect(tests.get(`${says} [known gap: a reason]`)).toBe("passed")
  }, 30_000)

  it("turns red for a known gap that is kept", async () => {
    const { code, tests } = await run("ENG-201", "ENG-201")
    expect(code).toBe(1)
    expect([...tests].find(([title]) => title.startsWith("ENG-201"))?.[1]).toBe("failed")
  }, 30_000)

  it("turns red for a known gap that no clause has", async () => {
    const { code, tests } = await run("ENG-1", "knownGaps")
    expect(code).toBe(1)
    expect(tests.get("knownGaps names clauses that there are")).toBe("failed")
  }, 30_000)

  it("skips what the engine lacks, and says so", async () => {
    const { tests } = await run("", "ENG-800")
    expect([...tests].find(([title]) => title.startsWith("ENG-800"))).toEqual([expect.stringMatching(/\[skipped: without iceRestart\]$/), "skipped"])
  }, 30_000)
})
