import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { decodeSignaling, encodeSignaling } from "@enigma-rtc/core/signaling"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { root } from "../workspace.ts"

const read = (file: string) => readFileSync(join(root, file), "utf8")
const page = read("docs/signaling.md")
const examples = [...page.matchAll(/```json\n([^]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"))

describe("the messages in docs/signaling.md", () => {
  it("are there, one of each type", () => {
    const types = examples.map((text) => (JSON.parse(text) as { readonly type: string }).type)
    expect(new Set(types)).toEqual(new Set(["offer", "answer", "ice_candidate", "hangup", "ack"]))
  })
  it.each(examples.map((text) => ({ name: text.slice(0, 60), text })))("$name… is read, and written as it is", ({ text }) => {
    const message = Result.getOrThrow(decodeSignaling(text))
    expect(Result.getOrThrow(encodeSignaling(message))).toBe(text)
  })
})

describe("the rules in docs/signaling.md", () => {
  const rules = [...page.matchAll(/^- \*\*(SIG-\d+)\*\*/gm)].map(([, rule = ""]) => rule)
  const tests = globSync("packages/*/test/**/*.test.ts", { cwd: root }).map(read).join("\n")
  const titles = [...tests.matchAll(/(?:describe|it)[\w.]*(?:\([^()]*\))?\(\s*(["`'])([^]*?)\1/g)].map(([, , title = ""]) => title)
  const cited = new Set(titles.flatMap((title) => title.match(/SIG-\d+/g) ?? []))

  it("are numbered without a gap", () => {
    expect(rules.length).toBeGreaterThan(20)
    expect(rules).toEqual(rules.map((_, i) => `SIG-${i + 1}`))
  })
  it.each(rules)("%s is cited by the test that proves it", (rule) => {
    expect([...cited]).toContain(rule)
  })
  it("are the ones that planted faults break", () => {
    const broken = [...read("packages/testing/src/explore/plantedCallFaults.ts").matchAll(/rule: "(SIG-\d+)"/g)].map(([, rule = ""]) => rule)
    for (const rule of broken) expect(rules).toContain(rule)
  })
})
