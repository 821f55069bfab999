/** Two engines that know nothing of each other agree on which section is whose. */
import { describe, expect, it } from "vitest"
import { markScreen, readSections } from "../../src/index.ts"

const sdp = (...sections: ReadonlyArray<string>) => ["v=0", "s=-", ...sections, ""].join("\r\n")
const section = (kind: string, mid: string, ...more: ReadonlyArray<string>) => [`m=${kind} 9 X 0`, `a=mid:${mid}`, ...more].join("\r\n")
const slotsIn = (text: string) => readSections(text).map(({ slot }) => slot)

describe("the sections of a description", () => {
  it("are the microphone's, the camera's, the screen's and the data's, in the order in which nothing is said of them", () => {
    const text = sdp(section("audio", "0"), section("video", "1"), section("video", "2"), section("application", "d"))
    expect(slotsIn(text)).toEqual(["microphone", "camera", "screen", undefined])
  })

  it("beyond the slots are nobody's", () => {
    const text = sdp(section("audio", "0"), section("audio", "1"), section("video", "2"), section("video", "3"), section("video", "4"))
    expect(slotsIn(text)).toEqual(["microphone", undefined, "camera", "screen", undefined])
  })

  it("are the screen's where they say so, in any order, with and without a camera", () => {
    const marked = markScreen(sdp(section("video", "s"), section("video", "c"), section("audio", "a")), ["s"])
    expect(slotsIn(marked)).toEqual(["screen", "camera", "microphone"])
    expect(slotsIn(markScreen(sdp(section("video", "0")), ["0"]))).toEqual(["screen"])
  })

  it("have the direction that is written, sendrecv without one, and none when refused", () => {
    const text = sdp(section("audio", "0", "a=recvonly"), section("video", "1"), "m=video 0 X 0\r\na=mid:2\r\na=sendrecv", "m=video 0 X 0\r\na=mid:3\r\na=sendonly\r\na=bundle-only")
    expect(readSections(text).map(({ direction }) => direction)).toEqual(["recvonly", "sendrecv", "inactive", "sendonly"])
  })

  it("are marked once, where they are, with the line ending that is there", () => {
    const text = sdp(section("video", "1", "a=recvonly"), section("video", "10"))
    const marked = markScreen(markScreen(text, ["1"]), ["1"])
    expect(marked).toBe(text.replace("a=mid:1\r\n", "a=mid:1\r\na=content:slides\r\n"))
    expect(markScreen("v=0\nm=video 9 X 0\na=mid:1\n", ["1"])).toBe("v=0\nm=video 9 X 0\na=mid:1\na=content:slides\n")
    for (const nobodys of [[], [""], ["9"]]) expect(markScreen(text, nobodys)).toBe(text)
  })
})
