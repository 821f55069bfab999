/** The SFU behind the demo's server: who is let in, as whom, and where its media arrives. */
import { SfuEngine, SfuRoom } from "@enigma-rtc/engine-sfu/node"
import { webSocketSignaling } from "@enigma-rtc/sfu-server/client"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { makeSecret } from "../../src/relay/RelayClient.ts"
import { sfu, sfuCapabilities } from "../../src/sfu/lateSfu.ts"
import { writeSfuToken } from "../../src/sfu/sfuToken.ts"
import { mediaAddresses } from "../../src/server/sfu/mediaAddresses.ts"
import { openSfu } from "../../src/server/sfu/openSfu.ts"
import { relaySettings } from "../../src/server/relay/RelaySettings.ts"
import { makeRoom, peerId } from "../../src/server/relay/roomToken.ts"
import { rawClient } from "../rawClient.ts"
import { serve } from "../serve.ts"
import { until } from "../until.ts"

describe("the SFU", () => {
  it("lets in who has the room's token, under the id that it has at the relay, and nobody else", async () => {
    const { base } = await serve({ sfu: openSfu("127.0.0.1") })
    const url = `${base.replace("http", "ws")}/sfu`
    const { room, token } = makeRoom()
    const secret = makeSecret()
    const refusal = { _tag: "SfuRefused", refusal: { code: "unauthorised" } }
    await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
      const signaling = yield* webSocketSignaling(url)
      const join = (text?: string) => signaling.request("join", { room, ...(text === undefined ? {} : { token: text }) })
      for (const wrong of [undefined, "", token, writeSfuToken(token, "short"), writeSfuToken(makeRoom().token, secret), secret]) {
        expect(yield* Effect.flip(join(wrong))).toMatchObject(refusal)
      }
      expect(yield* join(writeSfuToken(token, secret))).toMatchObject({ peer: peerId(room, secret), peers: [] })
    })))
    await expect(rawClient(url, { origin: "https://evil.example" })).rejects.toThrow("403")
  })

  it("gives nobody all of its connections, and those that have closed to others", async () => {
    const { base } = await serve({ sfu: openSfu("127.0.0.1") })
    const url = `${base.replace("http", "ws")}/sfu`
    const [first] = await Promise.all(Array.from({ length: relaySettings.connectionsPerAddress }, () => rawClient(url)))
    await expect(rawClient(url)).rejects.toThrow("503")
    first?.socket.terminate()
    await until(() => rawClient(url).catch(() => undefined), (client) => client !== undefined)
  })

  it("has an engine that is what it is said to be before it is there", async () => {
    const { base } = await serve({ sfu: openSfu("127.0.0.1") })
    const { room, token } = makeRoom()
    await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
      const signaling = yield* webSocketSignaling(`${base.replace("http", "ws")}/sfu`)
      const joined = yield* SfuRoom.join({ room, signaling, token: writeSfuToken(token, makeSecret()) })
      expect(yield* SfuEngine.make({ room: joined })).toMatchObject({ name: sfu, capabilities: sfuCapabilities })
    })))
  })

  it("takes media where those arrive who reach the page", () => {
    expect(mediaAddresses("192.0.2.7")).toEqual(["192.0.2.7"])
    for (const host of ["localhost", "127.0.0.1", "0.0.0.0", "::"]) {
      const all = mediaAddresses(host)
      expect(all.at(-1)).toBe("127.0.0.1")
      expect(all.slice(0, -1).filter((address) => address.startsWith("127."))).toEqual([])
    }
  })
})
