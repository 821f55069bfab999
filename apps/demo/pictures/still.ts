/** A picture of a call with the glass box open. */
import { isIn, type Scheme, type Stage } from "./stage.ts"

/** The camera's picture, 4 by 3, then fills its tile. */
const view = { width: 1280, height: 792, scale: 1.5 } as const
/** Until the sound is heard, and the camera's picture is sharp: bit rates begin low. */
const settleMs = 6_000

export const still = async ({ meet }: Stage, scheme: Scheme): Promise<Uint8Array> => {
  const [alice, bob] = await meet(scheme, view)
  await alice.page.getByRole("button", { name: "Call Bob" }).click()
  await bob.page.getByRole("button", { name: /^Accept/ }).click()
  await Promise.all([alice, bob].map((one) => isIn(one, "Connected")))
  await alice.page.waitForTimeout(settleMs)
  // How the call came about, rather than the last that was heard.
  await alice.page.getByRole("list", { name: "Inputs of the machine" }).evaluate((list) => list.scrollTo(0, 0))
  const { data } = await alice.devtools.send("Page.captureScreenshot", { format: "webp", quality: 92 })
  return Buffer.from(data, "base64")
}
