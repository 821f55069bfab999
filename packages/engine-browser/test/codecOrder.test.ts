/** Preferred codecs come first, and no other order changes. */
import { expect, it } from "vitest"
import { codecOrder } from "../src/codecOrder.ts"

const codec = (mimeType: string) => ({ mimeType, clockRate: 48_000 })
const names = (preferCodec?: string | ReadonlyArray<string>) =>
  codecOrder(["video/VP8", "video/rtx", "video/VP9", "video/H264"].map(codec), preferCodec === undefined ? {} : { preferCodec })
    .map(({ mimeType }) => mimeType.slice(6))

it("puts what is preferred first, without regard to case", () => {
  expect(names("h264")).toEqual(["H264", "VP8", "rtx", "VP9"])
  expect(names(["vp9", "VP8"])).toEqual(["VP9", "VP8", "rtx", "H264"])
})

it("leaves the order as it is for what there is not, and leaves it to the browser without a preference", () => {
  expect(names(["opus", "VP"])).toEqual(["VP8", "rtx", "VP9", "H264"])
  expect(names()).toEqual([])
  expect(names([])).toEqual([])
})
