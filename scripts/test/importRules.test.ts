/** The lint's own rules, tried on a small copy of this repository with faults planted in it. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { root } from "../workspace.ts"

const copy = mkdtempSync(join(tmpdir(), "enigma-rtc-lint-"))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const plant = (file: string, text: string) => {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  writeFileSync(join(copy, file), text)
}

const rooms = "packages/core/src"
/** Where, what is imported there, and whether it may be. */
const imports: ReadonlyArray<readonly [where: string, what: string, may: boolean]> = [
  [`${rooms}/signaling`, "./limits.ts", true],
  [`${rooms}/signaling`, "../EnigmaRtcError.ts", true],
  [`${rooms}/signaling`, "effect/Result", true],
  [`${rooms}/signaling`, "effect/Effect", false],
  [`${rooms}/signaling`, "effect/Queue", false],
  [`${rooms}/signaling`, "effect", false],
  [`${rooms}/signaling`, "node:fs", false],
  [`${rooms}/signaling`, "../call/step.ts", false],
  [`${rooms}/signaling`, "../RtcConfig.ts", false],
  [`${rooms}/call`, "../signaling/codec.ts", true],
  [`${rooms}/call`, "effect/Data", true],
  [`${rooms}/call`, "effect/Clock", false],
  [`${rooms}/call`, "effect/Stream", false],
  [`${rooms}/call`, "../engine/RtcEngine.ts", false],
  [`${rooms}/call`, "../session/CallLine.ts", false],
  [`${rooms}/trace`, "../call/step.ts", true],
  [`${rooms}/trace`, "../signaling/limits.ts", true],
  [`${rooms}/trace`, "effect/Result", true],
  [`${rooms}/trace`, "effect/Effect", false],
  [`${rooms}/trace`, "node:fs", false],
  [`${rooms}/trace`, "../session/runMachine.ts", false],
  [`${rooms}/bin`, "node:fs", true],
  [`${rooms}/bin`, "../trace/replay.ts", true],
  [`${rooms}/bin`, "../session/CallLine.ts", false],
  [`${rooms}/bin`, "../call/step.ts", false],
  [`${rooms}/call`, "../trace/replay.ts", false],
  [`${rooms}/session`, "../trace/recordTrace.ts", false],
  [`${rooms}/engine`, "../call/MediaIntent.ts", true],
  [`${rooms}/engine`, "../RtcConfig.ts", true],
  [`${rooms}/engine`, "effect/Stream", true],
  [`${rooms}/engine`, "../session/CallSession.ts", false],
  [`${rooms}/engine`, "werift", false],
  [`${rooms}/session`, "../engine/RtcEngine.ts", true],
  [`${rooms}/session`, "../promise.ts", false],
  [`${rooms}/session`, "effect", false],
  [rooms, "./session/CallLine.ts", true],
  [rooms, "effect", false],
  [rooms, "@enigma-rtc/testing", false],
  ["packages/core/test", "@enigma-rtc/testing", false],
  ["packages/testing/src", "@enigma-rtc/core/call", true],
  ["packages/testing/src", "@enigma-rtc/core/src/call/step.ts", false],
  ["packages/testing/src", "@enigma-rtc/engine-werift", false],
  ["packages/testing/src", "../../core/src/index.ts", false],
  ["packages/testing/src", "../../core/dist/index.js", false],
  ["packages/testing/test", "../../core/src/index.ts", false],
  ["packages/testing/test", "../src/index.ts", true],
  ["packages/engine-werift/src", "@enigma-rtc/core", true],
  ["packages/engine-werift/src", "@enigma-rtc/engine-other", false],
  ["packages/engine-werift/src", "effect/Effect", true],
  ["packages/engine-werift/src", "effect", false],
  ["packages/engine-werift/src", "werift", false],
  ["packages/engine-werift/src/media", "werift/lib/common", false],
  ["packages/engine-werift/test", "werift", true],
  ["packages/engine-other/src", "@enigma-rtc/engine-werift", false],
  ["apps/demo/src", "@enigma-rtc/engine-werift", true],
  ["apps/demo/src", "@enigma-rtc/core/dist/index.js", false]
]
const planted = imports.map(([where, what, may], i) => ({ file: `${where}/planted${i}.ts`, what, may, where }))

for (const { file, what } of planted) {
  // Each of the ways to import, types too.
  plant(file, `import type { A } from "${what}"\nexport * from "${what}"\nexport const b = (a: A) => [a, import("${what}")]\n`)
}
plant("packages/engine-werift/src/werift.ts", `export { RTCPeerConnection } from "werift"\n`)
plant("packages/cycle/src/a.ts", `import { b } from "./b.ts"\nexport const a = (): unknown => b\n`)
plant("packages/cycle/src/b.ts", `import { a } from "./a.ts"\nexport const b = (): unknown => a\n`)
plant("packages/floats/src/a.ts", `const later = async () => 1\nexport const a = () => {\n  later()\n}\n`)
plant("tsconfig.json", `{ "compilerOptions": { "strict": true, "module": "nodenext", "lib": ["es2023"], "types": [] } }`)
cpSync(join(root, "oxlint.config.ts"), join(copy, "oxlint.config.ts"))
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))

const { stderr, stdout } = spawnSync(
  join(root, "node_modules/.bin/oxlint"),
  ["--type-aware", "--deny-warnings", "--format", "unix"],
  { cwd: copy, encoding: "utf8", timeout: 30_000, killSignal: "SIGKILL" }
)
/** How often a rule complained about a file. */
const complaints = (file: string, rule: string) =>
  stdout.split("\n").filter((line) => line.startsWith(`${file}:`) && line.includes(`(${rule})`)).length

describe("the import rules", () => {
  it("are read at all", () => {
    expect(stderr).toBe("")
    expect(stdout).toMatch(/\d+ problems/)
  })

  it.each(planted)("$where: $what, $may", ({ file, may }) => {
    expect(complaints(file, "no-restricted-imports")).toBe(may ? 0 : 3)
  })

  it("let werift into one file only", () => {
    expect(complaints("packages/engine-werift/src/werift.ts", "no-restricted-imports")).toBe(0)
  })
})

describe("the lint", () => {
  it("sees a circle of imports from both of its ends", () => {
    expect(complaints("packages/cycle/src/a.ts", "no-cycle")).toBe(1)
    expect(complaints("packages/cycle/src/b.ts", "no-cycle")).toBe(1)
  })

  it("sees a promise that nobody waits for", () => {
    expect(complaints("packages/floats/src/a.ts", "no-floating-promises")).toBe(1)
  })
})
