/** The demo as a person starts it: its own process, its own output, its own exit code. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { stripVTControlCharacters } from "node:util"
import { describe, expect, it } from "vitest"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** Runs the demo; `onLine` may stop it. */
const demo = (args: ReadonlyArray<string>, onLine: (line: string, stop: () => void) => void = () => {}) =>
  new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    const read = (chunk: Buffer) => {
      output += stripVTControlCharacters(chunk.toString())
      onLine(output, () => child.kill("SIGINT"))
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    child.on("close", (code) => resolve({ code, output }))
  })

describe("the demo", () => {
  it("with --exit places one call in which every claim holds, and exits with 0", async () => {
    const { code, output } = await demo(["--exit"])
    expect(output).not.toContain("✗")
    expect(output.match(/✓/g)).toHaveLength(8)
    expect(output).toContain("Idle → CreatingOffer → WaitingAnswer → Connected → Ending → Ended")
    expect(output).toContain("Idle → IncomingOffer → Connected → Ending → Ended")
    expect(output).toMatch(/host 127\.0\.0\.1:\d+\/udp ↔ host 127\.0\.0\.1:\d+\/udp/)
    expect(code).toBe(0)
  }, 30_000)

  it("without it stays in a second call until it is interrupted, and then hangs up", async () => {
    let stopped = false
    const { code, output } = await demo([], (so, stop) => {
      if (stopped || !/\d s in the call · sent microphone [1-9]/.test(so)) return
      stopped = true
      stop()
    })
    expect(output).toMatch(/received microphone \d+ camera \d+ packets/)
    expect(output.trimEnd().endsWith("Hung up.")).toBe(true)
    expect(code).toBe(0)
  }, 30_000)

  it("--help says what it does, and an unknown option is refused with that help", async () => {
    expect(await demo(["--help"])).toMatchObject({ code: 0, output: expect.stringContaining("npm run demo") })
    expect(await demo(["--nonsense"])).toMatchObject({ code: 2, output: expect.stringMatching(/--nonsense[^]*--exit/) })
  })
})
