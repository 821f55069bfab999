import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Result from "effect/Result"
import { afterAll, describe, expect, it } from "vitest"
import { decodeTrace, encodeTrace, replay, toMermaid, toTable } from "../../src/trace/index.ts"
import { wholeCall } from "./stories.ts"

const cli = join(import.meta.dirname, "../../dist/bin/replay.js")
const folder = mkdtempSync(join(tmpdir(), "enigma-rtc-replay-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const text = encodeTrace(wholeCall)
const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const good = file("good.jsonl", text)
const otherwise = file("otherwise.jsonl", text.replace(/"state":"WaitingAnswer"/, "\"state\":\"Connected\""))

const run = (args: ReadonlyArray<string>, input = "") => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", input, timeout: 20_000 })
  return { status, stderr, stdout }
}

describe("enigma-rtc-replay", () => {
  const whole = replay(wholeCall)
  it("prints the table and the diagram of a file", () => {
    expect(run([good])).toEqual({ status: 0, stderr: "", stdout: `${toTable(whole)}\n${toMermaid(whole)}` })
  })
  it("reads standard input, and prints one of the two if asked to", () => {
    expect(run(["-", "--table"], text)).toEqual({ status: 0, stderr: "", stdout: toTable(whole) })
    expect(run(["--mermaid", "-"], text)).toEqual({ status: 0, stderr: "", stdout: toMermaid(whole) })
  })
  it("prints JSON that is a trace, with the commands", () => {
    const { status, stdout } = run([good, "--json"])
    expect(status).toBe(0)
    expect(Result.getOrThrow(decodeTrace(stdout))).toEqual(wholeCall)
    expect(JSON.parse(stdout.split("\n")[2] ?? "")).toMatchObject({ commands: [{ _tag: "OpenPeer" }, { _tag: "CreateOffer" }] })
  })
  it("prints the shortest story with the same end", () => {
    const { status, stdout } = run([good, "--json", "--shrink"])
    expect(status).toBe(0)
    expect(Result.getOrThrow(decodeTrace(stdout)).entries.map(({ input }) => input._tag)).toEqual([
      "UserCalled", "EngineOffered", "PeerHungUp", "EngineClosed"
    ])
  })
  it("says where the machine decides otherwise, with exit code 2, and shrinks to that", () => {
    const { status, stderr, stdout } = run([otherwise, "--shrink", "--table"])
    expect(status).toBe(2)
    expect(stderr).toBe(`${otherwise}: line 4: this machine decides otherwise: recorded Moved in Connected, now Moved in WaitingAnswer\n`)
    expect(stdout.split("\n").slice(1, -1).map((line) => line.split(/ +/)[1])).toEqual(["UserCalled", "EngineOffered"])
  })
  it("helps", () => {
    const { status, stdout } = run(["--help"])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Usage: enigma-rtc-replay FILE/)
  })
  it.each([
    ["a file that is not there", [join(folder, "none")], /none: it cannot be read \(ENOENT\)/],
    ["a folder", [folder], /it cannot be read \(EISDIR\)/],
    ["a file that is no trace", [cli], /replay\.js: line 1, the line: expected JSON/],
    ["a damaged line", [file("damaged.jsonl", text.replace("\"verdict\":\"Moved\"", "\"verdict\":\"Perhaps\""))], /line 2, verdict: expected Moved, Ignored or Rejected/],
    ["a file without an end", ["/dev/zero"], /expected at most \d+ bytes/],
    ["no file", [], /expected one file/],
    ["two files", [good, good], /expected one file/],
    ["two kinds of output", [good, "--json", "--table"], /expected one of --table, --mermaid and --json/],
    ["an unknown option", [good, "--colour"], /--colour/]
  ])("refuses %s in one line, with exit code 1", (_, args, message) => {
    const { status, stderr, stdout } = run(args)
    expect([status, stdout]).toEqual([1, ""])
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split("\n")).toHaveLength(1)
  })
})
