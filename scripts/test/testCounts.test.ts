import { describe, expect, it } from "vitest"
import { add, countReport, summary } from "../testCounts.ts"

const suite = (attributes: string) => `<testsuite name="a &lt;testsuite tests=&quot;9&quot;" ${attributes}><testcase/></testsuite>`

describe("the closing line of npm test", () => {
  it("adds up every suite of a report: failures and errors have failed, skipped is neither", () => {
    const xml = `<testsuites name="vitest tests" tests="12" failures="1">
${suite(`tests="10" failures="1" errors="2" skipped="3"`)}
${suite(`tests="2" failures="0" errors="0" skipped="0"`)}</testsuites>`
    expect(countReport(xml)).toEqual({ passed: 6, failed: 3, skipped: 3 })
    expect(summary(add(countReport(xml), countReport(xml)))).toBe("12 passed, 6 failed, 6 skipped")
  })

  it("takes an empty or truncated report for none", () => {
    for (const xml of ["", "<testsuites>", `<testsuites tests="3"></testsuites>`]) {
      expect(() => countReport(xml)).toThrow("no test suite")
    }
  })
})
