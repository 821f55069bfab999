/** Adds up JUnit reports. For the closing line of `npm test`. */

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const noTests: TestCounts = { passed: 0, failed: 0, skipped: 0 }

export const add = (a: TestCounts, b: TestCounts): TestCounts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped
})

/** The counts of one report. A report without a single suite is no report: it throws. */
export const countReport = (xml: string): TestCounts => {
  const suites = [...xml.matchAll(/<testsuite\s([^>]*)>/g)].map(([, attributes = ""]) => {
    const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0)
    const failed = count("failures") + count("errors")
    return { passed: count("tests") - failed - count("skipped"), failed, skipped: count("skipped") }
  })
  if (suites.length === 0) throw new Error("no test suite in the report")
  return suites.reduce(add)
}

export const summary = ({ failed, passed, skipped }: TestCounts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`
