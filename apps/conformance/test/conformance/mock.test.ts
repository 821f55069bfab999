/** The mock, in real time, as an app's tests use it. */
import { mockUnderTest } from "@enigma-rtc/testing/conformance"
import { describeEngine } from "@enigma-rtc/testing/vitest"

describeEngine("mock", mockUnderTest())
