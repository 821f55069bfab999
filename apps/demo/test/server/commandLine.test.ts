/** What the command line means, and what is wrong with it in words. */
import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../src/commandLine.ts"
import { addresses } from "../../src/server/printServing.ts"

describe("the command line", () => {
  it("without options serves on this machine, with a bot and an SFU", () => {
    expect(readCommandLine([])).toEqual({ exit: false, port: undefined, host: "127.0.0.1", bot: true, sfu: true })
  })

  it("takes a port, a host, and what to do without", () => {
    expect(readCommandLine(["--port", "8080", "--host=0.0.0.0", "--no-bot", "--no-sfu", "--exit"]))
      .toEqual({ exit: true, port: 8080, host: "0.0.0.0", bot: false, sfu: false })
    expect(readCommandLine(["--port", "0", "--help"])).toBe("help")
  })

  it.each([["--port", "65536"], ["--port", "x"], ["--port", "-1"], ["--port="], ["--port"], ["--host="], ["--nonsense"], ["room"]])(
    "refuses %s %s in words",
    (...args) => {
      expect(readCommandLine(args.filter((arg) => arg !== undefined))).toEqual({ wrong: expect.stringMatching(/\w/) })
    }
  )
})

describe("the address", () => {
  it("is by a name for which browsers give a camera, wherever there is one", () => {
    expect(addresses("127.0.0.1", 3000)).toEqual(["http://localhost:3000/"])
    expect(addresses("0.0.0.0", 3000)[0]).toBe("http://localhost:3000/")
    expect(addresses("::1", 3000)).toEqual(["http://[::1]:3000/"])
  })
})
