/** A served mock keeps the contract as the mock does: the way in between changes nothing. */
import { mockUnderTest } from "@enigma-rtc/testing/conformance"
import { describeEngine, describeInterop } from "@enigma-rtc/testing/vitest"
import { afterAll } from "vitest"
import { remoteEngine } from "../../src/remote/remoteEngine.ts"
import { serveEngine } from "../../src/remote/serveEngine.ts"
import { seed } from "../../src/seed.ts"
import { memoryTransports } from "./memoryTransports.ts"

const mock = mockUnderTest()
const { far, near } = memoryTransports()
const served = serveEngine(mock, far)
const { capabilities } = mock
const remote = remoteEngine(() => Promise.resolve(near), { capabilities })

afterAll(async () => {
  near.close()
  await served
})

describeEngine("mock, served from afar", remote)
describeInterop({ name: "mock, served from afar", engine: remote }, { name: "mock", engine: mock }, { seed })
